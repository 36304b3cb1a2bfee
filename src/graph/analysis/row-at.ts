import type { GraphView } from '../query/graph-view.ts';

/** The innermost node of a file that holds an offset; undefined for a file that is not in the graph. */
export function rowAt(view: GraphView, path: string, offset: number): number | undefined {
  const { start, end } = view.columns.nodes;
  let found = view.rowOfFile(path);
  for (let next = found; next !== undefined;) {
    found = next;
    next = view.membersOf(found).find((row) => (start[row] ?? 0) <= offset && offset < (end[row] ?? 0));
  }
  return found;
}
