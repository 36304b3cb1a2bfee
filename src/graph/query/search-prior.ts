import type { GraphColumns, NodeKind } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';

export interface PriorGraph {
  readonly columns: GraphColumns;
  /** PageRank by node. */
  readonly importance: Float64Array;
  isExported(row: number): boolean;
  kindOf(row: number): NodeKind;
}

const BOOSTS = { exported: 1.1, test: 0.6 } as const;

/** For each doubling of a node's importance over the mean; what is used most is not all that is asked for. */
const IMPORTANCE_STEP = 0.05;
const MAX_IMPORTANCE = 1.6;

/**
 * By node: a factor for how likely it is meant, whatever the words, from how much leans on it, its place and whether
 * others can see it.
 */
export function priorsOf(graph: PriorGraph): Float32Array {
  const factorOf = createFactor(graph);
  return Float32Array.from(graph.columns.nodes.file, (_file, row) => factorOf(row));
}

/** The factors after some rows have changed. */
export function patchPriors(priors: Float32Array, graph: PriorGraph, changedRows: readonly number[]): Float32Array {
  const factorOf = createFactor(graph);
  const patched = new Float32Array(graph.columns.nodes.count);
  patched.set(priors);
  for (const row of changedRows) patched[row] = factorOf(row);
  return patched;
}

function createFactor(graph: PriorGraph): (row: number) => number {
  const { importance, columns } = graph;
  const isTestFile = columns.files.map((file) => isTestPath(file.path));
  return (row) => {
    const doublings = Math.log2(1 + (importance[row] ?? 0) * importance.length);
    let factor = Math.min(MAX_IMPORTANCE, 1 + IMPORTANCE_STEP * doublings);
    if (graph.isExported(row)) factor *= BOOSTS.exported;
    if (graph.kindOf(row) === 'test' || isTestFile[columns.nodes.file[row] ?? -1] === true) factor *= BOOSTS.test;
    return factor;
  };
}
