import { describe, expect, test } from 'vitest';
import { EDGE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { degreeOf, forwardAdjacency, kindMask, neighboursOf, reverseAdjacency } from '../../../src/graph/query/csr.ts';
import { randomGraph } from '../../support/graph-columns.ts';

const SEEDS = [1, 2, 3, 4, 5];

function naiveNeighbours(
  columns: GraphColumns,
  end: 'source' | 'target',
  question: { node: number; kinds: readonly string[] },
): number[] {
  const { edges } = columns;
  const found: number[] = [];
  for (let row = 0; row < edges.count; row += 1) {
    const isKind = question.kinds.includes(EDGE_KINDS[edges.kind[row] ?? 0] ?? '');
    if (edges[end][row] !== question.node || !isKind) continue;
    found.push(edges[end === 'source' ? 'target' : 'source'][row] ?? -1);
  }
  return found;
}

describe('adjacency', () => {
  test.each(SEEDS)(
    'has the neighbours of every node in both directions, by kind, in the order of edges (seed %i)',
    (seed) => {
      const columns = randomGraph(seed, 60, 400);
      const forward = forwardAdjacency(columns.nodes.count, columns.edges);
      const reverse = reverseAdjacency(columns.nodes.count, columns.edges);
      for (const kinds of [EDGE_KINDS, ['calls'], ['imports', 'references', 'decorates']] as const) {
        const mask = kindMask(kinds);
        for (let node = 0; node < columns.nodes.count; node += 1) {
          const out = naiveNeighbours(columns, 'source', { node, kinds });
          expect(neighboursOf(forward, node, mask)).toEqual(out);
          expect(degreeOf(forward, node, mask)).toBe(out.length);
          expect(neighboursOf(reverse, node, mask)).toEqual(naiveNeighbours(columns, 'target', { node, kinds }));
        }
      }
    },
  );

  test('is empty for a graph without edges', () => {
    const columns = randomGraph(9, 5, 0);
    const forward = forwardAdjacency(columns.nodes.count, columns.edges);
    expect(neighboursOf(forward, 0, kindMask(['calls']))).toEqual([]);
  });
});
