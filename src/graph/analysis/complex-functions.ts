import type { FileMetrics, FunctionMetrics } from '../metrics/file-metrics.ts';
import type { GraphView } from '../query/graph-view.ts';
import { rowAt } from './row-at.ts';

export interface ComplexFunction extends FunctionMetrics {
  /** The innermost symbol that it is, or is in. */
  readonly row: number;
  /** With what it is in. */
  readonly name: string;
  readonly kind: string;
}

/** SonarSource's rule S3776 warns above this. */
export const MAX_COGNITIVE = 15;
/** McCabe (1976): "a reasonable, but not magical, upper limit". */
export const MAX_CYCLOMATIC = 10;

/** Functions above one of the limits, those that are hardest to understand first. */
export function findComplexFunctions(view: GraphView, files: ReadonlyMap<string, FileMetrics>): ComplexFunction[] {
  const found: ComplexFunction[] = [];
  for (const [path, { functions }] of files) {
    for (const metrics of functions) {
      if (metrics.cognitive <= MAX_COGNITIVE && metrics.cyclomatic <= MAX_CYCLOMATIC) continue;
      const row = rowAt(view, path, metrics.start);
      if (row !== undefined) found.push({ ...metrics, row, ...labelOf(view, row, metrics) });
    }
  }
  return found.toSorted(
    (a, b) => b.cognitive - a.cognitive || b.cyclomatic - a.cyclomatic || b.lines - a.lines || a.row - b.row,
  );
}

/** A function inside of another is no symbol of the graph: it goes by both names. */
function labelOf(view: GraphView, row: number, { name }: FunctionMetrics): { name: string; kind: string } {
  const kind = view.kindOf(row);
  if (kind === 'file') return { name, kind: 'function' };
  const outer = view.qualifiedNameOf(row);
  if (kind === 'test' || kind === 'route' || view.nameOf(row) === name) return { name: outer, kind };
  return { name: `${outer}.${name}`, kind: 'function' };
}
