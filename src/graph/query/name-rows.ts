import type { GraphNodes } from '../graph-schema.ts';
import type { RowChanges } from './row-changes.ts';

/** Rows by name, in their order; without empty rows. */
export function groupByName({ id, name }: Pick<GraphNodes, 'id' | 'name'>): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const [row, each] of name.entries()) if (id[row] !== '') addName(rows, each, row);
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
