import { firstRows } from './first-rows.ts';
import type { GraphView } from './graph-view.ts';

/** Text is completed by a person who sees a few of them. */
const MAX_PROPOSALS = 100;
const ID_PREFIX = /^[0-9a-f]{1,16}$/;

/** The best of them, and how many there are. */
export interface Proposed {
  readonly values: readonly string[];
  readonly total: number;
}

/** Ids of symbols whose name, or id, begins with the text; those that are likely meant first. */
export function proposedSymbols(view: GraphView, text: string): Proposed {
  const { id, name } = view.columns.nodes;
  const lower = text.toLowerCase();
  const isId = ID_PREFIX.test(text);
  const rows: number[] = [];
  for (let row = 0; row < view.nodeCount; row += 1) {
    if (!view.isThere(row) || view.kindOf(row) === 'file') continue;
    const isNamed = (name[row] ?? '').slice(0, lower.length).toLowerCase() === lower;
    if (isNamed || (isId && (id[row] ?? '').startsWith(text))) rows.push(row);
  }
  const best = firstRows(rows, view.priors, MAX_PROPOSALS);
  return { values: best.map((row) => id[row] ?? ''), total: rows.length };
}

/** Paths that begin with the text, and after them those that hold it. */
export function proposedFiles(view: GraphView, text: string): Proposed {
  const lower = text.toLowerCase();
  const beginning: string[] = [];
  const holding: string[] = [];
  for (let row = 0; row < view.nodeCount; row += 1) {
    if (!view.isThere(row) || view.kindOf(row) !== 'file') continue;
    const path = view.pathOf(row);
    const at = path.toLowerCase().indexOf(lower);
    if (at >= 0) (at === 0 ? beginning : holding).push(path);
  }
  const paths = [...beginning.toSorted(), ...holding.toSorted()];
  return { values: paths.slice(0, MAX_PROPOSALS), total: paths.length };
}
