/** Rows by the row that holds them: those of `row` stand at `offsets[row] … offsets[row + 1] - 1`. */
export interface MemberIndex {
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}

export function memberIndexOf(container: Int32Array): MemberIndex {
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
  return { offsets, rows };
}
