import { KIND } from './flat-kinds.ts';
import { COLUMN, KIND_ERASED, KIND_LIST, KIND_SPLICED, ROW_SHIFT, slotChild, SLOTS_MASK } from './flat-rows.ts';

/** NodeFlags.Reparsed. */
const REPARSED = 1 << 3;
/** Of a cast, in both of its kinds. */
const CAST_TYPE_SLOT = 1;

/**
 * In scripts the native compiler adds nodes that it makes of JSDoc: types, casts, declarations. Takes them out again, by
 * rows: the links that lead to them, and the bits that say they are there.
 */
export function eraseReparsed(rows: Int32Array, count: number): void {
  for (let node = 1; node < count; node += 1) {
    const kind = rows[node << ROW_SHIFT] ?? 0;
    if (kind === KIND_ERASED || kind === KIND_SPLICED || kind === KIND.JSDoc) continue;
    if (kind !== KIND_LIST) eraseChildren(rows, node);
  }
}

/** The children of a node go by its bits; what follows them are its comments. */
function eraseChildren(rows: Int32Array, node: number): void {
  const row = node << ROW_SHIFT;
  const data = rows[row + COLUMN.data] ?? 0;
  const isRoot = node === 1;
  let bits = isRoot ? 0 : data & SLOTS_MASK;
  const bitless = isRoot ? 0 : bitlessChild(rows, node, bits);
  let cleared = 0;
  let last = 0;
  for (let child = rows[row + COLUMN.first] ?? 0; child !== 0;) {
    const next = rows[(child << ROW_SHIFT) + COLUMN.next] ?? 0;
    const bit = child === bitless ? 0 : bits & -bits;
    bits &= ~bit;
    const kept = keptOf(rows, child, node);
    if (kept === 0) {
      cleared |= bit;
    } else {
      link(rows, { holder: node, last, kept });
      last = kept;
    }
    child = next;
  }
  link(rows, { holder: node, last, kept: 0 });
  if (cleared !== 0) rows[row + COLUMN.data] = data & ~cleared;
}

/** The whole signature that `@type` gives a function stands before its body, without a bit. */
function bitlessChild(rows: Int32Array, node: number, bits: number): number {
  let unclaimed = 0;
  for (let left = bits; left !== 0; left &= left - 1) unclaimed -= 1;
  let last = 0;
  for (let child = rows[(node << ROW_SHIFT) + COLUMN.first] ?? 0; child !== 0;) {
    const row = child << ROW_SHIFT;
    if (rows[row] !== KIND.JSDoc) unclaimed += 1;
    if (((rows[row + COLUMN.flags] ?? 0) & REPARSED) !== 0) last = child;
    child = rows[row + COLUMN.next] ?? 0;
  }
  return unclaimed > 0 ? last : 0;
}

/** What stands in the place of a child: itself, what is inside of it, or 0 for nothing. */
function keptOf(rows: Int32Array, child: number, parent: number): number {
  const row = child << ROW_SHIFT;
  if (rows[row] === KIND_LIST) return keptList(rows, child, parent);
  if (((rows[row + COLUMN.flags] ?? 0) & REPARSED) !== 0) {
    rows[row] = KIND_ERASED;
    return 0;
  }
  if (!isReparsedCast(rows, child)) return child;
  const inner = rows[row + COLUMN.first] ?? 0;
  const type = slotChild(rows, child, CAST_TYPE_SLOT);
  rows[row] = KIND_SPLICED;
  rows[type << ROW_SHIFT] = KIND_ERASED;
  rows[(inner << ROW_SHIFT) + COLUMN.parent] = parent;
  return keptOf(rows, inner, parent);
}

function keptList(rows: Int32Array, list: number, parent: number): number {
  let size = 0;
  let last = 0;
  let wasEmpty = true;
  for (let item = rows[(list << ROW_SHIFT) + COLUMN.first] ?? 0; item !== 0;) {
    wasEmpty = false;
    const next = rows[(item << ROW_SHIFT) + COLUMN.next] ?? 0;
    const kept = keptOf(rows, item, parent);
    if (kept !== 0) {
      link(rows, { holder: list, last, kept });
      last = kept;
      size += 1;
    }
    item = next;
  }
  if (size === 0 && !wasEmpty && parent !== 1) {
    rows[list << ROW_SHIFT] = KIND_ERASED;
    return 0;
  }
  link(rows, { holder: list, last, kept: 0 });
  rows[(list << ROW_SHIFT) + COLUMN.data] = size;
  return list;
}

/** Makes `kept` the one after `last`, or the first. */
function link(
  rows: Int32Array,
  { holder, last, kept }: { readonly holder: number; readonly last: number; readonly kept: number },
): void {
  const at = last === 0 ? (holder << ROW_SHIFT) + COLUMN.first : (last << ROW_SHIFT) + COLUMN.next;
  rows[at] = kept;
}

function isReparsedCast(rows: Int32Array, node: number): boolean {
  const kind = rows[node << ROW_SHIFT];
  if (kind !== KIND.AsExpression && kind !== KIND.SatisfiesExpression) return false;
  const type = slotChild(rows, node, CAST_TYPE_SLOT);
  return ((rows[(type << ROW_SHIFT) + COLUMN.flags] ?? 0) & REPARSED) !== 0;
}
