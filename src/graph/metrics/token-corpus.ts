import { NAME_SHAPE } from './token-stream.ts';
import type { TokenStream } from './token-stream.ts';

export interface CorpusFile {
  readonly path: string;
  readonly stream: TokenStream;
}

/** The tokens of all files in a row, with a number between two files that stands nowhere else. */
export class TokenCorpus {
  /** Shapes as small numbers from 0 to `upper`. */
  readonly shapes: Int32Array;
  readonly upper: number;
  readonly texts: Int32Array;
  readonly pieceEnds: Int32Array;
  readonly files: readonly CorpusFile[];
  readonly #offsets: Int32Array;
  readonly #nameShape: number;

  constructor(files: readonly CorpusFile[]) {
    const lengths = files.map(({ stream }) => stream.shape.length + 1);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    this.files = files;
    this.shapes = new Int32Array(total);
    this.texts = new Int32Array(total);
    this.pieceEnds = new Int32Array(total);
    this.#offsets = new Int32Array(files.length + 1);
    const kinds = new Map<number, number>();
    for (const [index, { stream }] of files.entries()) this.#append(index, stream, kinds);
    for (let index = 0; index < files.length; index += 1) {
      this.shapes[(this.#offsets[index + 1] ?? 0) - 1] = kinds.size + index;
    }
    this.upper = kinds.size + files.length;
    this.#nameShape = kinds.get(NAME_SHAPE) ?? -1;
  }

  #append(index: number, stream: TokenStream, kinds: Map<number, number>): void {
    const offset = this.#offsets[index] ?? 0;
    for (const [at, shape] of stream.shape.entries()) {
      const kind = kinds.get(shape) ?? kinds.size;
      kinds.set(shape, kind);
      this.shapes[offset + at] = kind;
      this.texts[offset + at] = stream.text[at] ?? 0;
      const end = stream.pieceEnd[at] ?? 0;
      this.pieceEnds[offset + at] = end === 0 ? 0 : offset + end;
    }
    this.#offsets[index + 1] = offset + stream.shape.length + 1;
  }

  isName(position: number): boolean {
    return this.shapes[position] === this.#nameShape;
  }

  fileAt(position: number): number {
    let low = 0;
    let high = this.files.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#offsets[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low;
  }

  offsetOf(file: number): number {
    return this.#offsets[file] ?? 0;
  }

  /** Where a run of tokens stands. */
  placeOf(position: number, length: number): ClonePlace {
    const index = this.fileAt(position);
    const { path = '', stream } = this.files[index] ?? {};
    const at = position - this.offsetOf(index);
    const line = stream?.line[at] ?? 0;
    return { path, start: stream?.start[at] ?? 0, line, lastLine: stream?.line[at + length - 1] ?? line };
  }
}

export interface ClonePlace {
  readonly path: string;
  /** Offset of the first character. */
  readonly start: number;
  /** 1-based. */
  readonly line: number;
  readonly lastLine: number;
}
