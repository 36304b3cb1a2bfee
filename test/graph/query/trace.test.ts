import { describe, expect, test } from 'vitest';
import { EDGE_KINDS, PROVENANCES } from '../../../src/graph/graph-schema.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { traceCallees, traceCallers, traceImpact, tracePath, traceReferences } from '../../../src/graph/query/trace.ts';
import type { TraceHit } from '../../../src/graph/query/reach.ts';
import { GraphColumnsBuilder, randomGraph } from '../../support/graph-columns.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';

const CALLS = ['calls', 'constructs', 'renders'];
const DEPENDENCIES = [
  ...CALLS,
  'references',
  'type-uses',
  'extends',
  'implements',
  'overrides',
  'tests',
  'decorates',
  'writes',
  'value-alias',
  'passes',
  'routes',
];

interface Pair {
  readonly from: number;
  readonly to: number;
}

function pairs(columns: GraphColumns, kinds: readonly string[]): Pair[] {
  const all = Array.from({ length: columns.edges.count }, (_, row) => row);
  const wanted = all.filter((row) => kinds.includes(EDGE_KINDS[columns.edges.kind[row] ?? 0] ?? ''));
  return wanted.map((row) => ({ from: columns.edges.source[row] ?? -1, to: columns.edges.target[row] ?? -1 }));
}

/** Distances by going over all edges again and again: slow, and plainly right. */
function naiveDistances(steps: readonly Pair[], seeds: readonly number[]): Map<number, number> {
  const distances = new Map(seeds.map((seed) => [seed, 0]));
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to } of steps) {
      const next = (distances.get(from) ?? Infinity) + 1;
      if (next >= (distances.get(to) ?? Infinity)) continue;
      distances.set(to, next);
      changed = true;
    }
  }
  return distances;
}

function expected(steps: readonly Pair[], seeds: readonly number[], depth: number): [number, number][] {
  const found = [...naiveDistances(steps, seeds)].filter(([, distance]) => distance > 0 && distance <= depth);
  return found.toSorted((a, b) => a[0] - b[0]);
}

function distancesOf(hits: readonly { row: number; distance: number }[]): [number, number][] {
  return hits.map(({ row, distance }): [number, number] => [row, distance]).toSorted((a, b) => a[0] - b[0]);
}

const turned = (steps: readonly Pair[]): Pair[] => steps.map(({ from, to }) => ({ from: to, to: from }));

describe('tracing random graphs of functions, cycles included', () => {
  test.each([11, 12, 13, 14])('reaches what brute force reaches, at the same distances (seed %i)', (seed) => {
    const columns = randomGraph(seed, 60, 140);
    const view = viewOf(columns);
    const calls = pairs(columns, CALLS);
    const uses = pairs(columns, DEPENDENCIES);
    for (let row = 6; row < columns.nodes.count; row += 1) {
      for (const depth of [1, 3, 20]) {
        expect(distancesOf(traceCallers(view, row, { depth }).hits)).toEqual(expected(turned(calls), [row], depth));
        expect(distancesOf(traceCallees(view, row, { depth }).hits)).toEqual(expected(calls, [row], depth));
        expect(distancesOf(traceImpact(view, row, { depth }).hits)).toEqual(expected(turned(uses), [row], depth));
      }
    }
  });

  test.each([21, 22, 23])('finds a shortest path exactly when there is one, and its steps join (seed %i)', (seed) => {
    const columns = randomGraph(seed, 40, 60);
    const view = viewOf(columns);
    const uses = pairs(columns, DEPENDENCIES);
    for (let from = 4; from < columns.nodes.count; from += 1) {
      const distances = naiveDistances(uses, [from]);
      for (let to = 4; to < columns.nodes.count; to += 1) {
        if (from === to) continue;
        const { hits } = tracePath(view, { from, to });
        expect(hits.length).toBe(distances.get(to) ?? 0);
        expect(hits.map((hit) => hit.from)).toEqual(
          [from, ...hits.slice(0, -1).map((hit) => hit.row)].slice(0, hits.length),
        );
        for (const hit of hits) {
          expect([columns.edges.source[hit.edge], columns.edges.target[hit.edge]]).toEqual([hit.from, hit.row]);
        }
      }
    }
  });

  test('lists every edge that mentions a symbol as a reference, duplicates included', () => {
    const columns = randomGraph(31, 30, 300);
    const view = viewOf(columns);
    const mentions = pairs(columns, EDGE_KINDS.slice(1));
    for (let row = 3; row < columns.nodes.count; row += 1) {
      const { hits } = traceReferences(view, row);
      expect(hits.length).toBe(mentions.filter(({ to }) => to === row).length);
      expect(new Set(hits.map((hit) => hit.edge)).size).toBe(hits.length);
    }
  });
});

test('callers through another name are callers, certain when the name is a constant', () => {
  const graph = new GraphColumnsBuilder();
  const file = graph.file('src/a.ts');
  const target = graph.node(file, 'function', 'target');
  const constant = graph.node(file, 'variable', { name: 'constant', signature: 'const constant = target' });
  const field = graph.node(file, 'property', 'field');
  const [direct, byConstant, byField] = ['direct', 'byConstant', 'byField'].map((name) =>
    graph.node(file, 'function', name),
  );
  graph.edge(constant, target, 'value-alias');
  graph.edge(field, constant, 'value-alias');
  graph.edge(direct ?? 0, target, 'calls');
  graph.edge(byConstant ?? 0, constant, 'calls');
  graph.edge(byField ?? 0, field, 'calls');
  const view = viewOf(graph.build());
  const certainty = (hits: readonly TraceHit[], row: number | undefined): string | undefined =>
    PROVENANCES[hits.find((hit) => hit.row === row)?.weakness ?? -1];
  const callers = traceCallers(view, target, { depth: 1 }).hits;
  expect([direct, byConstant, byField].map((row) => certainty(callers, row))).toEqual(['typed', 'typed', 'dispatch']);
  expect(certainty(traceCallees(view, byConstant ?? 0, { depth: 1 }).hits, target)).toBe('typed');
  expect(certainty(traceCallees(view, byField ?? 0, { depth: 1 }).hits, target)).toBe('dispatch');
});

describe('tracing the sample', () => {
  const { columns, rows } = sampleGraph();
  const view = viewOf(columns);
  const named = (hits: readonly { row: number; weakness: number; distance: number }[]): string[] =>
    hits.map((hit) => `${view.qualifiedNameOf(hit.row)} ${hit.distance} ${PROVENANCES[hit.weakness]}`);

  test('a method is possibly called where the interface method that it implements is called', () => {
    expect(named(traceCallers(view, rows.fileSave, { depth: 2 }).hits)).toEqual([
      'checkout 1 dispatch',
      'main 2 dispatch',
    ]);
    expect(named(traceCallers(view, rows.save, { depth: 2 }).hits)).toEqual(['checkout 1 typed', 'main 2 typed']);
  });

  test('exact callers come before possible ones of the same distance', () => {
    const graph = new GraphColumnsBuilder();
    const file = graph.file('a.ts');
    const base = graph.node(graph.node(file, 'class', 'Base'), 'method', 'run');
    const own = graph.node(graph.node(file, 'class', 'Own'), 'method', 'run');
    const possible = graph.node(file, 'function', 'possible');
    const both = graph.node(file, 'function', 'both');
    const exact = graph.node(file, 'function', 'exact');
    graph.edge(own, base, 'overrides');
    for (const caller of [possible, both]) graph.edge(caller, base, 'calls');
    for (const caller of [exact, both]) graph.edge(caller, own, 'calls');
    const { hits } = traceCallers(viewOf(graph.build()), own, { depth: 1 });
    expect(hits.map((hit) => [hit.row, PROVENANCES[hit.weakness]])).toEqual([
      [both, 'typed'],
      [exact, 'typed'],
      [possible, 'dispatch'],
    ]);
  });

  test('a call of an interface method possibly reaches its implementations', () => {
    expect(named(traceCallees(view, rows.checkout, { depth: 1 }).hits)).toEqual([
      'Store.save 1 typed',
      'format 1 typed',
      'FileStore.save 1 dispatch',
      'MemoryStore.save 1 dispatch',
    ]);
  });

  test('who constructs a class calls its constructor, and what that calls', () => {
    expect(named(traceCallers(view, rows.fileStoreNew, { depth: 1 }).hits)).toEqual(['main 1 typed']);
    const callees = traceCallees(view, rows.main, { depth: 2 }).hits;
    expect(callees.find((hit) => hit.row === rows.fileFormat)?.distance).toBe(2);
  });

  test('impact of an interface method reaches implementations and callers; imports do not spread it', () => {
    const reached = traceImpact(view, rows.save, { depth: 5 }).hits.map((hit) => hit.row);
    expect(new Set(reached)).toEqual(new Set([rows.checkout, rows.fileSave, rows.memorySave, rows.main]));
  });

  test('impact of a file goes on to the files that import it', () => {
    expect(traceImpact(view, rows.storeFile, { depth: 5 }).hits.map((hit) => hit.row)).toContain(rows.shopFile);
  });

  test('a path may start and end at members, and names its relations', () => {
    const { hits } = tracePath(view, { from: rows.shopFile, to: rows.memoryFile });
    expect(hits.map((hit) => `${view.qualifiedNameOf(hit.row)} ${view.edgeKindOf(hit.edge)}`)).toEqual([
      'MemoryStore.save calls',
    ]);
    expect(tracePath(view, { from: rows.store, to: rows.main }).hits).toEqual([]);
  });

  test('a path between files may be an import', () => {
    const { hits } = tracePath(view, { from: rows.shopFile, to: rows.storeFile });
    expect(hits).toHaveLength(1);
  });

  test('puts tests behind the code of the same distance', () => {
    const graph = new GraphColumnsBuilder();
    const inTest = graph.node(graph.file('__tests__/a.spec.ts'), 'function', 'render');
    const file = graph.file('src/a.ts');
    const [used, near, far] = ['used', 'near', 'far'].map((name) => graph.node(file, 'function', name));
    for (const from of [inTest, near]) graph.edge(from ?? 0, used ?? 0, 'calls');
    graph.edge(far ?? 0, near ?? 0, 'calls');
    const { hits } = traceImpact(viewOf(graph.build()), used ?? 0, { depth: 2 });
    expect(hits.map(({ row }) => row)).toEqual([near, inTest, far]);
  });
});
