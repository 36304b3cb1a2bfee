import { COLUMN, KIND_LIST, ROW_SHIFT } from '../flat/flat-rows.ts';

/** What of a node goes into its row. */
export interface RowPlace {
  readonly kind: number;
  readonly pos: number;
  readonly end: number;
}

const FIRST_ROWS = 4096;

/** Writes the rows of a flat tree in the order of a walk: a node is opened, its children are written, it is closed. */
export class RowWriter {
  #rows = new Int32Array(FIRST_ROWS << ROW_SHIFT);
  /** Row 0 stands for no node. */
  #count = 1;
  readonly #texts: string[] = [''];
  /** The open nodes and lists, outermost first, and the last child of each. */
  readonly #open: number[] = [];
  readonly #last: number[] = [];
  /** The place for children that the next node or list takes; -1 for none. */
  #slot = -1;

  get count(): number {
    return this.#count;
  }

  open({ kind, pos, end }: RowPlace): number {
    const node = this.#count;
    this.#count += 1;
    if (this.#count << ROW_SHIFT > this.#rows.length) this.#grow();
    const rows = this.#rows;
    const row = node << ROW_SHIFT;
    rows[row + COLUMN.kind] = kind;
    rows[row + COLUMN.pos] = pos;
    rows[row + COLUMN.end] = end;
    this.#attach(node, row);
    this.#open.push(node);
    this.#last.push(0);
    return node;
  }

  close(): void {
    this.#open.pop();
    this.#last.pop();
  }

  leaf(place: RowPlace, text?: string): void {
    const node = this.open(place);
    if (text !== undefined) {
      this.#rows[(node << ROW_SHIFT) + COLUMN.data] = this.#texts.length;
      this.#texts.push(text);
    }
    this.close();
  }

  /** The next child stands in this place of the node that is open. */
  at(slot: number): this {
    this.#slot = slot;
    return this;
  }

  openList(pos: number, end: number): void {
    this.open({ kind: KIND_LIST, pos, end });
  }

  /** Bits of the open node's data besides those for its children. */
  mark(bits: number): void {
    const row = (this.#open.at(-1) ?? 0) << ROW_SHIFT;
    this.#rows[row + COLUMN.data] = (this.#rows[row + COLUMN.data] ?? 0) | bits;
  }

  flag(flags: number): void {
    this.#rows[((this.#open.at(-1) ?? 0) << ROW_SHIFT) + COLUMN.flags] = flags;
  }

  /** The rows so far, and the text of a leaf. */
  finish(): { readonly rows: Int32Array; readonly count: number; readonly value: (node: number) => string } {
    const rows = this.#rows.subarray(0, this.#count << ROW_SHIFT);
    const texts = this.#texts;
    return { rows, count: this.#count, value: (node) => texts[rows[(node << ROW_SHIFT) + COLUMN.data] ?? 0] ?? '' };
  }

  #attach(node: number, row: number): void {
    const rows = this.#rows;
    const slot = this.#slot;
    this.#slot = -1;
    const depth = this.#open.length - 1;
    if (depth < 0) return;
    const holder = this.#open[depth] ?? 0;
    const holderRow = holder << ROW_SHIFT;
    const isInList = rows[holderRow + COLUMN.kind] === KIND_LIST;
    rows[row + COLUMN.parent] = isInList ? (rows[holderRow + COLUMN.parent] ?? 0) : holder;
    const last = this.#last[depth] ?? 0;
    if (last === 0) rows[holderRow + COLUMN.first] = node;
    else rows[(last << ROW_SHIFT) + COLUMN.next] = node;
    this.#last[depth] = node;
    if (isInList) rows[holderRow + COLUMN.data] = (rows[holderRow + COLUMN.data] ?? 0) + 1;
    else if (slot >= 0) rows[holderRow + COLUMN.data] = (rows[holderRow + COLUMN.data] ?? 0) | (1 << slot);
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
  }
}
