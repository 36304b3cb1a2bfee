import { describe, expect, test } from 'vitest';
import { kindMask, neighboursOf } from '../../../src/graph/query/csr.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { tracePaths } from '../../../src/graph/query/trace-paths.ts';
import type { FoundPaths } from '../../../src/graph/query/trace-paths.ts';
import { answerTrace } from '../../../src/graph/query/trace-answer.ts';
import { GraphColumnsBuilder, randomGraph } from '../../support/graph-columns.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';

const USES = kindMask([
  ...(['calls', 'constructs', 'renders', 'references', 'type-uses', 'extends', 'implements', 'overrides'] as const),
  ...(['tests', 'decorates', 'writes', 'passes', 'routes'] as const),
]);

/** All simple paths by trying everything: slow, and plainly right. */
function everyPath(view: GraphView, from: number, { to, depth }: { to: number; depth: number }): string[] {
  const found: string[] = [];
  const extend = (path: readonly number[]): void => {
    for (const next of new Set(neighboursOf(view.forward, path.at(-1) ?? 0, USES))) {
      if (path.includes(next)) continue;
      if (next === to) found.push([...path.slice(1), next].join(' '));
      else if (path.length < depth) extend([...path, next]);
    }
  };
  extend([from]);
  return found.toSorted((a, b) => a.localeCompare(b));
}

function rowsOf({ paths }: FoundPaths): string[] {
  return paths.map((path) => path.map(({ row }) => row).join(' '));
}

describe('all paths between two symbols', () => {
  test.each([41, 42, 43])('are those that brute force finds, shortest first (seed %i)', (seed) => {
    const view = viewOf(randomGraph(seed, 24, 46));
    let compared = 0;
    for (let from = 2; from < view.nodeCount; from += 1) {
      for (let to = 2; to < view.nodeCount; to += 1) {
        const found = tracePaths(view, { from, to }, { depth: 6 });
        if (from === to || found.isCut) continue;
        compared += found.paths.length;
        expect(rowsOf(found).toSorted((a, b) => a.localeCompare(b))).toEqual(everyPath(view, from, { to, depth: 6 }));
        const lengths = found.paths.map((path) => path.length);
        expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  test('begin at the symbol or in it, and each step goes on from the one before', () => {
    const view = viewOf(randomGraph(44, 30, 90));
    for (const path of tracePaths(view, { from: 5, to: 9 }, { depth: 7 }).paths) {
      expect(path.map(({ from }) => from)).toEqual([5, ...path.slice(0, -1).map(({ row }) => row)]);
      expect(path.map(({ distance }) => distance)).toEqual(path.map((_, at) => at + 1));
    }
  });

  test('are cut off at a number, and the answer says so', () => {
    const graph = new GraphColumnsBuilder();
    const file = graph.file('a.ts');
    const [start, end] = [graph.node(file, 'function', 'start'), graph.node(file, 'function', 'end')];
    for (let at = 0; at < 60; at += 1) {
      const middle = graph.node(file, 'function', `middle${at}`);
      graph.edge(start, middle, 'calls');
      graph.edge(middle, end, 'calls');
    }
    const view = viewOf(graph.build());
    const input = { symbol: 'start', direction: 'paths', to: 'end', limit: 200 } as const;
    const { body, isTruncated } = answerTrace(view, input);
    expect(isTruncated).toBe(true);
    expect(new Set(body.hits.map(({ way }) => way)).size).toBe(50);
    expect(body.note).toContain('50 simple paths of at most 4 steps, shortest first; cut off');
  });

  test('are bounded in work where there are more than anyone could count', () => {
    const graph = new GraphColumnsBuilder();
    const file = graph.file('a.ts');
    const all = Array.from({ length: 60 }, (_, at) => graph.node(file, 'function', `f${at}`));
    const end = graph.node(file, 'function', 'end');
    for (const from of all) for (const to of all) if (from !== to) graph.edge(from, to, 'calls');
    graph.edge(all.at(-1) ?? 0, end, 'calls');
    const found = tracePaths(viewOf(graph.build()), { from: all[0] ?? 0, to: end }, { depth: 20 });
    expect(found.isCut).toBe(true);
    expect(found.paths[0]).toHaveLength(2);
  });

  test('that are longer than was allowed are no absence of paths', () => {
    const graph = new GraphColumnsBuilder();
    const file = graph.file('a.ts');
    const [a, b, c] = ['a', 'b', 'c'].map((name) => graph.node(file, 'function', name));
    graph.edge(a ?? 0, b ?? 0, 'calls');
    graph.edge(b ?? 0, c ?? 0, 'calls');
    const input = { symbol: 'a', direction: 'paths', to: 'c', depth: 1, limit: 50 } as const;
    expect(answerTrace(viewOf(graph.build()), input).body.note).toBe('no path of 1 steps: the shortest has 2');
  });
});

describe('how likely a call goes to an implementation', () => {
  const { columns, rows } = sampleGraph();
  const view = viewOf(columns);

  test('is its weight among all: 1 where the class is constructed, a tenth where nothing does', () => {
    expect(view.dispatch.shareOf(rows.save, rows.fileSave)).toBeCloseTo(1 / 1.1);
    expect(view.dispatch.shareOf(rows.save, rows.memorySave)).toBeCloseTo(0.1 / 1.1);
  });

  test('counts a base that has a body, and classes that are constructed as bases of others', () => {
    const graph = new GraphColumnsBuilder();
    const file = graph.file('a.ts');
    const [base, middle, leaf] = ['Base', 'Middle', 'Leaf'].map((name) => graph.node(file, 'class', name));
    const [ofBase, ofMiddle] = [base, middle].map((row) => graph.node(row ?? 0, 'method', 'run'));
    const main = graph.node(file, 'function', 'main');
    graph.edge(middle ?? 0, base ?? 0, 'extends');
    graph.edge(leaf ?? 0, middle ?? 0, 'extends');
    graph.edge(ofMiddle ?? 0, ofBase ?? 0, 'overrides');
    graph.edge(main, leaf ?? 0, 'constructs');
    expect(viewOf(graph.build()).dispatch.shareOf(ofBase ?? 0, ofMiddle ?? 0)).toBe(0.5);
  });

  test('can be asked for, and what is left out is said to be there', () => {
    const ask = (minConfidence: number) =>
      answerTrace(view, { symbol: 'MemoryStore.save', direction: 'callers', minConfidence, limit: 50 }).body;
    expect(ask(0.05).hits.map(({ name, confidence }) => [name, confidence])).toEqual([['checkout', 0.09]]);
    expect(ask(0.5).hits).toEqual([]);
    expect(ask(0.5).note).toBe('nothing of confidence 0.5: 1 hits are less likely');
  });
});
