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
  const { importance } = graph;
  const isTestFile = graph.columns.files.map((file) => isTestPath(file.path));
  return Float32Array.from(graph.columns.nodes.file, (file, row) => {
    const doublings = Math.log2(1 + (importance[row] ?? 0) * importance.length);
    let factor = Math.min(MAX_IMPORTANCE, 1 + IMPORTANCE_STEP * doublings);
    if (graph.isExported(row)) factor *= BOOSTS.exported;
    if (graph.kindOf(row) === 'test' || isTestFile[file] === true) factor *= BOOSTS.test;
    return factor;
  });
}
