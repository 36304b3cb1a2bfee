import { Buffer } from 'node:buffer';
import { AppError } from '../../../core/errors.ts';
import { eraseReparsed } from './flat-reparse.ts';
import { COLUMN, KIND_LIST, ROW_SHIFT } from './flat-rows.ts';
import { FlatTree } from './flat-tree.ts';

/** Layout of the table, as `typescript/dist/api/node/protocol.js` of the pinned version has it. */
const PROTOCOL_VERSION = 5;
const HEADER = { version: 0, stringOffsets: 24, strings: 28, extendedData: 32, nodes: 40 } as const;
const RECORD_BYTES = 28;
/** In the data of a source file: text, name, path. */
const PATH_OFFSET = 8;
const INDEX_MASK = 0x00_ff_ff_ff;
/** NodeFlags.JavaScriptFile. */
const JAVASCRIPT_FILE = 1 << 16;
/** What a decoder puts in the place of half a surrogate pair. */
const REPLACEMENT = '\uFFFD';

/** Rows to begin with: most files have fewer nodes. */
const USUAL_NODES = 8192;

/**
 * The trees of files as the native compiler's API hands them out; the bytes that they are read from are not part of the
 * API's types. What the compiler made of JSDoc types in a script is gone, so that both compilers have the same tree.
 */
export class NativeTrees {
  /** Written over for each tree: memory that is new has to be had from the system, page by page. */
  #rows = new Int32Array(USUAL_NODES << ROW_SHIFT);

  /** The tree is good until the next one is asked for. */
  treeOf(source: object): FlatTree {
    const view = viewOf(source);
    const nodes = view.getUint32(HEADER.nodes, true);
    const count = (view.byteLength - nodes) / RECORD_BYTES;
    const rows = this.#roomFor(count);
    fillRows(rows, { view, nodes, count });
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

  #roomFor(count: number): Int32Array {
    if (this.#rows.length < count << ROW_SHIFT) this.#rows = new Int32Array(count << (ROW_SHIFT + 1));
    return this.#rows;
  }
}

/** Texts of nodes, decoded when they are asked for. */
class NativeTexts {
  readonly #view: DataView;
  readonly #rows: Int32Array;
  readonly #bytes: Buffer;
  readonly #stringOffsets: number;
  readonly #strings: number;
  readonly #extendedData: number;
  /** By number: most names stand in a file more than once. */
  readonly #known: string[] = [];

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
    return (this.#known[index] ??= this.#decoded(index));
  }

  #decoded(index: number): string {
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

/** The numbers of a record seldom lie where a typed array could read them in place. */
function fillRows(
  rows: Int32Array,
  { view, nodes, count }: { readonly view: DataView; readonly nodes: number; readonly count: number },
): void {
  rows.fill(0, 0, 1 << ROW_SHIFT);
  for (let node = 1, from = nodes + RECORD_BYTES; node < count; node += 1, from += RECORD_BYTES) {
    const to = node << ROW_SHIFT;
    const kind = view.getInt32(from, true);
    const above = view.getInt32(from + 16, true);
    const aboveRow = above << ROW_SHIFT;
    rows[to + COLUMN.kind] = kind === -1 ? KIND_LIST : kind;
    rows[to + COLUMN.pos] = view.getInt32(from + 4, true);
    rows[to + COLUMN.end] = view.getInt32(from + 8, true);
    rows[to + COLUMN.next] = view.getInt32(from + 12, true);
    rows[to + COLUMN.parent] = rows[aboveRow] === KIND_LIST ? (rows[aboveRow + COLUMN.parent] ?? 0) : above;
    rows[to + COLUMN.data] = view.getInt32(from + 20, true);
    rows[to + COLUMN.flags] = view.getInt32(from + 24, true);
    rows[to + COLUMN.first] = 0;
    if (above === node - 1) rows[aboveRow + COLUMN.first] = node;
  }
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
