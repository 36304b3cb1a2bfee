import { Buffer } from 'node:buffer';
import { AppError } from '../../../core/errors.ts';
import { eraseReparsed } from './flat-reparse.ts';
import { COLUMN, KIND_LIST, ROW_SHIFT } from './flat-rows.ts';
import { FlatTree } from './flat-tree.ts';

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
 * The tree of a file as the native compiler's API hands it out; the bytes that it is read from are not part of the API's
 * types. What the compiler made of JSDoc types in a script is gone, so that both compilers have the same tree.
 */
export function nativeTree(source: object): FlatTree {
  const view = viewOf(source);
  const records = recordsOf(view, view.getUint32(HEADER.nodes, true));
  const count = records.length / RECORD_INTS;
  const rows = rowsOf(records, count);
  const texts = new NativeTexts(view, rows);
  const isScript = ((rows[(1 << ROW_SHIFT) + COLUMN.flags] ?? 0) & JAVASCRIPT_FILE) !== 0;
  if (isScript) eraseReparsed(rows, count);
  return new FlatTree({
    rows,
    count,
    isScript,
    text: texts.of(1),
    path: () => texts.path(),
    value: (node) => texts.of(node),
  });
}

/** Texts of nodes, decoded when they are asked for. */
class NativeTexts {
  readonly #view: DataView;
  readonly #rows: Int32Array;
  readonly #bytes: Buffer;
  readonly #stringOffsets: number;
  readonly #strings: number;
  readonly #extendedData: number;

  constructor(view: DataView, rows: Int32Array) {
    this.#view = view;
    this.#rows = rows;
    this.#bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    this.#stringOffsets = view.getUint32(HEADER.stringOffsets, true);
    this.#strings = view.getUint32(HEADER.strings, true);
    this.#extendedData = view.getUint32(HEADER.extendedData, true);
  }

  of(node: number): string {
    return this.#string(this.#textIndex(node));
  }

  path(): string {
    return this.#string(this.#view.getUint32(this.#extendedData + (this.#data(1) & INDEX_MASK) + PATH_OFFSET, true));
  }

  #data(node: number): number {
    return this.#rows[(node << ROW_SHIFT) + COLUMN.data] ?? 0;
  }

  #textIndex(node: number): number {
    const data = this.#data(node);
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
