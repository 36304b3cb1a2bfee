import type { GraphNodes } from '../graph-schema.ts';

/** Rows by the row that holds them: those of `row` stand at `offsets[row] … offsets[row + 1] - 1`. */
export interface MemberIndex {
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}

/** Members in the order of the source, which rows are in only until edits are followed. */
export function memberIndexOf({ container, start }: Pick<GraphNodes, 'container' | 'start'>): MemberIndex {
  const count = container.length;
  const offsets = new Int32Array(count + 1);
  for (const parent of container) if (parent >= 0) offsets[parent + 1] = (offsets[parent + 1] ?? 0) + 1;
  for (let row = 0; row < count; row += 1) offsets[row + 1] = (offsets[row + 1] ?? 0) + (offsets[row] ?? 0);
  const next = offsets.slice(0, count);
  const rows = new Int32Array(offsets[count] ?? 0);
  for (const [row, parent] of container.entries()) {
    if (parent < 0) continue;
    const at = next[parent] ?? 0;
    next[parent] = at + 1;
    rows[at] = row;
  }
  for (let row = 0; row < count; row += 1) {
    const members = rows.subarray(offsets[row], offsets[row + 1]);
    if (!isOrdered(members, start)) members.sort((one, two) => (start[one] ?? 0) - (start[two] ?? 0) || one - two);
  }
  return { offsets, rows };
}

function isOrdered(rows: Int32Array, start: Int32Array): boolean {
  for (let at = 1; at < rows.length; at += 1) {
    if ((start[rows[at - 1] ?? 0] ?? 0) > (start[rows[at] ?? 0] ?? 0)) return false;
  }
  return true;
}
