import { neighboursOf } from './csr.ts';
import { MODULES } from './edge-groups.ts';
import type { GraphView } from './graph-view.ts';

/** Files that import a file, or something of it; none for one that is not indexed. */
export function importersOfFile(view: GraphView, path: string): string[] {
  const row = view.rowOfFile(path);
  if (row === undefined) return [];
  const users = view
    .withDescendants(row)
    .flatMap((named) => neighboursOf(view.reverse, named, MODULES).map((user) => view.pathOf(user)));
  return [...new Set(users)].filter((user) => user !== path);
}
