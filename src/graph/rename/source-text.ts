import { maskOf, TEXT_PARTS } from './code-mask.ts';
import { isIdentifierPart } from './name-rules.ts';

/** One source text with its lines as the compiler counts them. */
export class SourceText {
  readonly text: string;
  readonly #starts: readonly number[];
  #mask: Uint8Array | undefined;

  constructor(text: string) {
    this.text = text;
    this.#starts = [0, ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map((end) => end.index + end[0].length)];
  }

  /** Offset of a place, both counted from 1; -1 for one that does not exist. */
  offsetOf(line: number, column: number): number {
    const start = this.#starts[line - 1];
    return start === undefined ? -1 : start + column - 1;
  }

  placeOf(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }

  lineText(line: number): string {
    const start = this.#starts[line - 1] ?? 0;
    return this.text.slice(start, this.#starts[line] ?? this.text.length).replace(/[\r\n\u2028\u2029]+$/, '');
  }

  /** A value of TEXT_PARTS. */
  partAt(offset: number): number {
    this.#mask ??= maskOf(this.text);
    return this.#mask[offset] ?? TEXT_PARTS.code;
  }

  isWordAt(offset: number, word: string): boolean {
    return (
      offset >= 0 &&
      this.text.startsWith(word, offset) &&
      !isIdentifierPart(this.text[offset - 1]) &&
      !isIdentifierPart(this.text[offset + word.length]) &&
      // `#name` is another name than `name`.
      (word.startsWith('#') || this.text[offset - 1] !== '#')
    );
  }

  /** Offsets at which a word stands by itself. */
  *wordsLike(word: string): Generator<number> {
    for (let at = this.text.indexOf(word); at >= 0; at = this.text.indexOf(word, at + word.length)) {
      if (this.isWordAt(at, word)) yield at;
    }
  }

  /** The character of code before an offset that is no space; empty at the begin. */
  codeBefore(offset: number): string {
    for (let at = offset - 1; at >= 0; at -= 1) {
      if (this.partAt(at) !== TEXT_PARTS.comment && /\S/.test(this.text[at] ?? '')) return this.text[at] ?? '';
    }
    return '';
  }

  codeAfter(offset: number): string {
    for (let at = offset; at < this.text.length; at += 1) {
      if (this.partAt(at) !== TEXT_PARTS.comment && /\S/.test(this.text[at] ?? '')) return this.text[at] ?? '';
    }
    return '';
  }

  /** Offset of the bracket that is open at an offset; -1 at the top. */
  openBracketAt(offset: number): number {
    let closed = 0;
    for (let at = offset - 1; at >= 0; at -= 1) {
      if (this.partAt(at) !== TEXT_PARTS.code) continue;
      const char = this.text[at] ?? '';
      if (')]}'.includes(char)) closed += 1;
      if ('([{'.includes(char)) closed -= 1;
      if (closed < 0) return at;
    }
    return -1;
  }
}
