import { describe, expect, test } from 'vitest';
import { EDGE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { pageRank } from '../../../src/graph/query/page-rank.ts';
import { GraphColumnsBuilder, randomGraph } from '../../support/graph-columns.ts';
import { viewOf } from '../../support/sample-graph.ts';

const SHARES = { calls: 1, 'type-uses': 0.5 } as const;

const SHARE_OF: ReadonlyMap<string, number> = new Map(Object.entries(SHARES));

/** The definition over a dense matrix, round after round until nothing changes. */
function denseRank(columns: GraphColumns, start: readonly number[]): number[] {
  const matrix = chancesOf(columns, start);
  let ranks = [...start];
  for (let round = 0; round < 300; round += 1) {
    const next = start.map(() => 0);
    for (const [from, chances] of matrix.entries()) {
      for (const [to, chance] of chances.entries()) next[to] = (next[to] ?? 0) + (ranks[from] ?? 0) * chance;
    }
    ranks = next;
  }
  return ranks;
}

/** By node, the chance to be at each of the others after one step. */
function chancesOf({ nodes, edges }: GraphColumns, start: readonly number[]): number[][] {
  const shares = Array.from({ length: nodes.count }, () => start.map(() => 0));
  for (let edge = 0; edge < edges.count; edge += 1) {
    const [from, to] = [edges.source[edge] ?? 0, edges.target[edge] ?? 0];
    const line = shares[from] ?? [];
    if (from !== to) line[to] = (line[to] ?? 0) + (SHARE_OF.get(EDGE_KINDS[edges.kind[edge] ?? 0] ?? '') ?? 0);
  }
  return shares.map((line) => {
    const out = line.reduce((sum, share) => sum + share, 0);
    return line.map((share, to) => (out === 0 ? (start[to] ?? 0) : (0.85 * share) / out + 0.15 * (start[to] ?? 0)));
  });
}

describe('PageRank', () => {
  test.each([1, 2, 3])('is what its definition gives, personalised or not (seed %i)', (seed) => {
    const columns = randomGraph(seed, 40, 160);
    const flows = [{ adjacency: viewOf(columns).forward, shares: SHARES }];
    const even = Array.from({ length: 40 }, () => 1 / 40);
    const personal = even.map((_, row) => (row === seed ? 0.75 : row === 30 ? 0.25 : 0));
    for (const start of [even, personal]) {
      const ranks = pageRank(
        flows,
        Float64Array.from(start, (weight) => weight * 8),
      );
      const expected = denseRank(columns, start);
      expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(1, 9);
      // It ends when the order no longer changes, not when nothing does.
      for (const [row, rank] of ranks.entries()) expect(Math.abs(rank - (expected[row] ?? 0))).toBeLessThan(0.004);
    }
  });

  test('is zero everywhere without a start, and stays where nothing leads on', () => {
    const columns = randomGraph(4, 10, 0);
    const flows = [{ adjacency: viewOf(columns).forward, shares: SHARES }];
    expect([...pageRank(flows, new Float64Array(10))]).toEqual(Array.from({ length: 10 }, () => 0));
    const alone = pageRank(
      flows,
      Float64Array.from({ length: 10 }, (_, row) => (row === 3 ? 1 : 0)),
    );
    expect(alone[3]).toBe(1);
  });
});

describe('importance', () => {
  const graph = new GraphColumnsBuilder();
  const file = graph.file('src/a.ts');
  const popular = graph.node(file, 'function', 'popular');
  const usedByPopular = graph.node(file, 'function', 'usedByPopular');
  const usedBySelf = graph.node(file, 'function', 'usedBySelf');
  const inTests = graph.node(file, 'function', 'inTests');
  for (let user = 0; user < 9; user += 1) graph.edge(graph.node(file, 'function', `user${user}`), popular, 'calls');
  graph.edge(popular, usedByPopular, 'calls');
  graph.edge(usedBySelf, usedBySelf, 'calls');
  const testFile = graph.file('test/a.test.ts');
  for (let user = 0; user < 20; user += 1) {
    graph.edge(graph.node(testFile, 'function', `check${user}`), inTests, 'calls');
  }
  const { importance } = viewOf(graph.build());
  const of = (row: number): number => importance[row] ?? 0;

  test('flows to what important symbols use, and not from tests or from oneself', () => {
    expect(of(popular)).toBeGreaterThan(3 * of(usedBySelf));
    expect(of(usedByPopular)).toBeGreaterThan(3 * of(usedBySelf));
    expect(of(inTests)).toBeCloseTo(of(usedBySelf), 12);
  });
});
