import type { RowChanges } from './row-changes.ts';

/** Rows by name, in their order. */
export function groupByName(names: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const [row, name] of names.entries()) addName(rows, name, row);
  return rows;
}

/** The same after some rows have got another name, or none. */
export function moveNames(rows: Map<string, number[]>, names: readonly string[], changes: RowChanges): void {
  for (const [row, former] of changes.formerNames) {
    if (names[row] === former) continue;
    const left = (rows.get(former) ?? []).filter((other) => other !== row);
    if (left.length === 0) rows.delete(former);
    else rows.set(former, left);
  }
  for (const row of changes.changedRows) {
    if (changes.formerNames.get(row) !== names[row]) addName(rows, names[row] ?? '', row);
  }
}

function addName(rows: Map<string, number[]>, name: string, row: number): void {
  const group = rows.get(name);
  if (group === undefined) rows.set(name, [row]);
  else group.push(row);
}
