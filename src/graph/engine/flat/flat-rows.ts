/** Rows of a {@link FlatTree}: eight numbers a node. */
export const ROW_SHIFT = 3;
export const COLUMN = { kind: 0, pos: 1, end: 2, next: 3, parent: 4, data: 5, flags: 6, first: 7 } as const;

/** In the place of a KIND. All are below {@link KINDS}. */
export const KIND_LIST = 511;
/** A node that is not in the source, and all that is inside. */
export const KIND_ERASED = 510;
/** A node that is not in the source, but what is inside is. */
export const KIND_SPLICED = 509;
export const KINDS = 512;

/** The bits of a node's data that stand for its places for children. */
export const SLOTS_MASK = 0xff;

/** The low bits of a node's data say which of its places for children are taken; the children follow in that order. */
export function slotChild(rows: Int32Array, node: number, slot: number): number {
  const row = node << ROW_SHIFT;
  const taken = (rows[row + COLUMN.data] ?? 0) & SLOTS_MASK;
  if ((taken & (1 << slot)) === 0) return 0;
  let child = rows[row + COLUMN.first] ?? 0;
  for (let before = taken & ((1 << slot) - 1); before !== 0; before &= before - 1) {
    child = rows[(child << ROW_SHIFT) + COLUMN.next] ?? 0;
  }
  return child;
}
