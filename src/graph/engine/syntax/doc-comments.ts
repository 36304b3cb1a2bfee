import { KIND } from '../flat/flat-kinds.ts';
import { KINDS } from '../flat/flat-rows.ts';
import type { RowPlace, RowWriter } from './row-writer.ts';

/** A comment as the parser lists them. */
export interface SourceComment {
  readonly start: number;
  readonly end: number;
}

/** Kinds of nodes that the compiler keeps the doc comment before them at. */
const HOSTS = new Uint8Array(KINDS);
for (const kind of [
  KIND.BinaryExpression,
  KIND.ClassDeclaration,
  KIND.ClassExpression,
  KIND.Constructor,
  KIND.EnumDeclaration,
  KIND.EnumMember,
  KIND.ExportAssignment,
  KIND.ExpressionStatement,
  KIND.FunctionDeclaration,
  KIND.GetAccessor,
  KIND.InterfaceDeclaration,
  KIND.MethodDeclaration,
  KIND.MethodSignature,
  KIND.ModuleDeclaration,
  KIND.PropertyAccessExpression,
  KIND.PropertyAssignment,
  KIND.PropertyDeclaration,
  KIND.PropertySignature,
  KIND.ReturnStatement,
  KIND.SetAccessor,
  KIND.ShorthandPropertyAssignment,
  KIND.TypeAliasDeclaration,
  KIND.VariableStatement,
]) {
  HOSTS[kind] = 1;
}
/** Of these also one that follows the token before on its line. */
const INLINE_HOST = 2;
for (const kind of [
  KIND.ArrowFunction,
  KIND.FunctionExpression,
  KIND.Parameter,
  KIND.ParenthesizedExpression,
  KIND.VariableDeclaration,
]) {
  HOSTS[kind] = INLINE_HOST;
}

const DOC_START = /^\/\*\*(?!\/)/;
/** The sign of a tag follows a blank and is followed by none; between backticks it is text. */
const FIRST_TAG = /`[^`\n]*`|(?<=^|\s)@(?=\S)/gm;
const LINK = /\{@(link|linkcode|linkplain)\s+([\p{ID_Start}$_][\p{ID_Continue}$.#]*)?([^}]*)\}/gu;

/** The doc comments of one file, written into the rows of what they stand before. */
export class DocComments {
  readonly #text: string;
  readonly #comments: readonly SourceComment[];

  constructor(text: string, comments: readonly SourceComment[]) {
    this.#text = text;
    this.#comments = comments;
  }

  /** Writes the comment of the node that is open, after its children. */
  write({ kind, pos, end }: RowPlace, writer: RowWriter): void {
    const host = HOSTS[kind] ?? 0;
    if (host === 0 || this.#comments.length === 0) return;
    const doc = this.#before(pos, host === INLINE_HOST);
    if (doc === undefined) return;
    const source = this.#text.slice(doc.start, doc.end);
    if (kind === KIND.ParenthesizedExpression && /@(?:type|satisfies)\b/.test(source)) return;
    writer.open({ kind: KIND.JSDoc, pos: doc.start, end: Math.min(doc.end, end) });
    writer.at(0).openList(doc.start, doc.end);
    writer.leaf({ kind: KIND.JSDocText, pos: doc.start, end: doc.end }, descriptionOf(source));
    writer.close();
    writer.close();
  }

  /** The last doc comment between the token before a place and the place. */
  #before(place: number, takesInline: boolean): SourceComment | undefined {
    let index = this.#lastBefore(place);
    let from = place;
    const run: SourceComment[] = [];
    for (let each = this.#comments[index]; each !== undefined; each = this.#comments[index]) {
      if (!isBlank(this.#text, each.end, from)) break;
      run.unshift(each);
      from = each.start;
      index -= 1;
    }
    if (run.length === 0) return undefined;
    const begin = this.#tokenBefore(from);
    // The compiler takes what stands on the line of the token before for a remark on that.
    let isOpen = takesInline || begin === 0;
    let after = begin;
    let found: SourceComment | undefined;
    for (const each of run) {
      isOpen ||= this.#text.slice(after, each.start).includes('\n');
      if (isOpen && DOC_START.test(this.#text.slice(each.start, each.start + 4))) found = each;
      after = each.end;
    }
    return found;
  }

  /** Where the token before a place ends. */
  #tokenBefore(place: number): number {
    let at = place;
    while (at > 0 && this.#text.charCodeAt(at - 1) <= 32) at -= 1;
    return at;
  }

  #lastBefore(place: number): number {
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#comments[middle]?.end ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) > 32) return false;
  return true;
}

/** What a comment says before its first tag, without the stars. */
function descriptionOf(source: string): string {
  const inner = source.slice(3, -2).replaceAll(/(?<=\n)[ \t]*\*/g, '');
  const text = inner.includes('@') ? inner.slice(0, firstTag(inner)) : inner;
  return text.includes('{@') ? writtenLinks(text) : text;
}

function firstTag(text: string): number | undefined {
  for (const { 0: sign, index } of text.matchAll(FIRST_TAG)) if (sign === '@') return index;
  return undefined;
}

/** The compiler writes links anew, with a blank behind the name. */
function writtenLinks(text: string): string {
  let written = '';
  let from = 0;
  for (const link of text.matchAll(LINK)) {
    const [all, keyword = '', name, rest = ''] = link;
    const space = name !== undefined && (rest === '' || rest.startsWith('://')) ? '' : ' ';
    written += `${text.slice(from, link.index)}{@${keyword} ${name ?? ''}${space}${rest}}`;
    from = link.index + all.length;
  }
  return written + text.slice(from);
}
