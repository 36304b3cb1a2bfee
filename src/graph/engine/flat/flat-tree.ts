import { Buffer } from 'node:buffer';
import { skipTrivia } from 'typescript/unstable/ast/scanner';
import { KIND } from './flat-kinds.ts';
import { AppError } from '../../../core/errors.ts';
import { eraseReparsed } from './flat-reparse.ts';
import { COLUMN, KIND_LIST, ROW_SHIFT, slotChild } from './flat-rows.ts';

/** Layout of the table, as `typescript/dist/api/node/protocol.js` of the pinned version has it. */
const PROTOCOL_VERSION = 5;
const HEADER = { version: 0, stringOffsets: 24, strings: 28, extendedData: 32, nodes: 40 } as const;
const RECORD_INTS = 7;
/** In the data of a source file: text, name, path. */
const PATH_OFFSET = 8;
const INDEX_MASK = 0x00_ff_ff_ff;
/** NodeFlags.JavaScriptFile. */
const JAVASCRIPT_FILE = 1 << 16;
/** What a decoder puts in the place of half a surrogate pair. */
const REPLACEMENT = '\uFFFD';

/**
 * The syntax tree of one file as the native compiler sends it: a table of numbers, a row a node, in the order of a walk.
 * A node is the number of its row; 0 is none. Lists of nodes have rows of their own, but are nobody's parent. What the
 * compiler made of JSDoc types in a script is gone, so that both compilers have the same tree.
 */
export class FlatTree {
  readonly rows: Int32Array;
  readonly count: number;
  readonly text: string;
  /** Whether it is a JavaScript file. */
  readonly isScript: boolean;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  readonly #stringOffsets: number;
  readonly #strings: number;
  readonly #extendedData: number;

  /** `source` is a file as the API hands it out; the bytes that it is read from are not part of its types. */
  constructor(source: object) {
    const view = viewOf(source);
    this.#view = view;
    this.#bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    this.#stringOffsets = view.getUint32(HEADER.stringOffsets, true);
    this.#strings = view.getUint32(HEADER.strings, true);
    this.#extendedData = view.getUint32(HEADER.extendedData, true);
    const records = recordsOf(view, view.getUint32(HEADER.nodes, true));
    this.count = records.length / RECORD_INTS;
    this.rows = rowsOf(records, this.count);
    this.text = this.#string(this.#textIndex(1));
    this.isScript = (this.flags(1) & JAVASCRIPT_FILE) !== 0;
    if (this.isScript) eraseReparsed(this.rows, this.count);
  }

  kind(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.kind] ?? 0;
  }

  pos(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.pos] ?? 0;
  }

  end(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.end] ?? 0;
  }

  /** Next child of the same parent, or next element of the same list. */
  next(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.next] ?? 0;
  }

  parent(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.parent] ?? 0;
  }

  first(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.first] ?? 0;
  }

  data(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.data] ?? 0;
  }

  flags(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.flags] ?? 0;
  }

  /** The child in one of the places that nodes of this kind have for children; lists are children too. */
  child(node: number, slot: number): number {
    return slot < 0 ? 0 : slotChild(this.rows, node, slot);
  }

  /** Number of elements of a list; 0 for a list that is not there. */
  size(list: number): number {
    return list === 0 ? 0 : this.data(list);
  }

  /** Where the node's first token begins, after comments and blanks. A node that the parser only assumed has none. */
  start(node: number): number {
    const pos = this.pos(node);
    if (pos === this.end(node) && this.kind(node) !== KIND.EndOfFile) return pos;
    return startAfterTrivia(this.text, pos);
  }

  /** The source text of a node. */
  source(node: number): string {
    return this.text.slice(this.start(node), this.end(node));
  }

  /** Text of a name or of a literal, without quotes and escapes; it does not keep the text of the file alive. */
  value(node: number): string {
    return this.#string(this.#textIndex(node));
  }

  /** The file, as the compiler names it. */
  path(): string {
    return this.#string(this.#view.getUint32(this.#extendedData + (this.data(1) & INDEX_MASK) + PATH_OFFSET, true));
  }

  #textIndex(node: number): number {
    const data = this.data(node);
    const isExtended = data < 0;
    return isExtended ? this.#view.getUint32(this.#extendedData + (data & INDEX_MASK), true) : data & INDEX_MASK;
  }

  #string(index: number): string {
    const start = this.#strings + this.#view.getUint32(this.#stringOffsets + index * 4, true);
    const end = this.#strings + this.#view.getUint32(this.#stringOffsets + (index + 1) * 4, true);
    const text = this.#bytes.toString('utf8', start, end);
    return text.includes(REPLACEMENT) ? withLoneSurrogates(this.#bytes.subarray(start, end)) : text;
  }
}

function viewOf(source: object): DataView {
  const view: unknown = Reflect.get(source, 'view');
  if (view instanceof DataView && view.getUint32(HEADER.version, true) >>> 24 === PROTOCOL_VERSION) return view;
  throw new AppError('unsupported', 'The TypeScript 7 compiler sends syntax trees of an unknown form.', {
    hint: 'Reinstall with `npm ci`, or index with the engine ts-morph.',
  });
}

/** The numbers of the table, which seldom begin where a machine can read them in place. All machines here are little-endian. */
function recordsOf(view: DataView, offset: number): Int32Array {
  const start = view.byteOffset + offset;
  if (start % 4 === 0) return new Int32Array(view.buffer, start, (view.byteLength - offset) / 4);
  return new Int32Array(view.buffer.slice(start, view.byteOffset + view.byteLength));
}

function rowsOf(records: Int32Array, count: number): Int32Array {
  const rows = new Int32Array(count << ROW_SHIFT);
  for (let node = 1, from = RECORD_INTS; node < count; node += 1, from += RECORD_INTS) {
    const to = node << ROW_SHIFT;
    const kind = records[from] ?? 0;
    const above = records[from + 4] ?? 0;
    const aboveRow = above << ROW_SHIFT;
    rows[to + COLUMN.kind] = kind === -1 ? KIND_LIST : kind;
    rows[to + COLUMN.pos] = records[from + 1] ?? 0;
    rows[to + COLUMN.end] = records[from + 2] ?? 0;
    rows[to + COLUMN.next] = records[from + 3] ?? 0;
    rows[to + COLUMN.parent] = rows[aboveRow] === KIND_LIST ? (rows[aboveRow + COLUMN.parent] ?? 0) : above;
    rows[to + COLUMN.data] = records[from + 5] ?? 0;
    rows[to + COLUMN.flags] = records[from + 6] ?? 0;
    if (above === node - 1) rows[aboveRow + COLUMN.first] = node;
  }
  return rows;
}

/** Most nodes begin at once or after one blank; only the others need all the rules. */
function startAfterTrivia(text: string, pos: number): number {
  const first = text.charCodeAt(pos);
  if (isPlain(first)) return pos;
  return (first === 32 || first === 10) && isPlain(text.charCodeAt(pos + 1)) ? pos + 1 : skipTrivia(text, pos);
}

/** Letters, `_` and `$`, quotes, brackets, dots: nothing that trivia could begin with. */
function isPlain(code: number): boolean {
  return (code >= 64 && code < 124) || code === 40 || code === 39 || code === 34 || code === 36 || code === 46;
}

/** The compiler writes half a surrogate pair as if it were a character, which no decoder takes. */
function withLoneSurrogates(bytes: Buffer): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = bytes.subarray(at + 1, at + 3);
    if (second < 0xa0) continue;
    parts.push(
      bytes.toString('utf8', from, at),
      String.fromCodePoint(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)),
    );
    from = at + 3;
  }
  parts.push(bytes.toString('utf8', from));
  return parts.join('');
}
