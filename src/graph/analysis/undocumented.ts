import type { GraphView } from '../query/graph-view.ts';
import { isTestPath } from '../test-path.ts';
import { findHubs } from './hubs.ts';
import type { Hub } from './hubs.ts';

/** Whoever reads so many files meets it, and has to look inside to know what it is for. */
export const MIN_FILES_THAT_USE = 10;
const KINDS: ReadonlySet<string> = new Set(['function', 'component', 'class', 'interface', 'type', 'method']);

/** What many files use and no comment describes, most used first. */
export function findUndocumented(view: GraphView): Hub[] {
  return findHubs(view).filter(
    ({ row, files }) =>
      files >= MIN_FILES_THAT_USE &&
      KINDS.has(view.kindOf(row)) &&
      (view.columns.nodes.doc[row] ?? '') === '' &&
      view.isExported(row) &&
      !isTestPath(view.pathOf(row)),
  );
}
