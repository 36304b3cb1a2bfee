import { describe, expect, test } from 'vitest';
import { searchInputSchema, traceInputSchema } from '../../../src/graph/graph-answers.ts';
import { isEmptyPatch } from '../../../src/graph/graph-patch.ts';
import { denseColumns } from '../../../src/graph/query/dense-columns.ts';
import { outlineOf } from '../../../src/graph/query/file-outline.ts';
import { graphFindings } from '../../../src/graph/query/graph-findings.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { patchBetween } from '../../../src/graph/query/patch-between.ts';
import { answerSearch } from '../../../src/graph/query/search-answer.ts';
import { answerTrace } from '../../../src/graph/query/trace-answer.ts';
import { wholeViewOf } from '../../../src/graph/query/whole-view.ts';
import { seededRandom } from '../../support/graph-columns.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { contentOf } from './live-folder.ts';
import { RandomWorkspace } from './random-workspace.ts';

/** All that may be asked by row or by name. */
function tablesOf(view: GraphView) {
  const rows = Array.from({ length: view.nodeCount }, (_, row) => row).filter((row) => view.isThere(row));
  const ids = (list: readonly number[]): string[] => list.map((row) => view.columns.nodes.id[row] ?? '');
  const paths = view.columns.files.map(({ path }) => path).filter((path) => path !== '');
  return {
    names: [...view.rowsByName].map(([name, named]) => [name, ids(named).toSorted()] as const).toSorted(byFirst),
    byId: rows.map((row) => view.rowOfId(view.columns.nodes.id[row] ?? '') === row),
    members: rows.map((row) => [view.columns.nodes.id[row] ?? '', ids(view.membersOf(row))] as const).toSorted(byFirst),
    files: paths.map((path) => [path, ids([view.rowOfFile(path) ?? -1])] as const).toSorted(byFirst),
    outlines: paths
      .map((path) => [path, outlineOf(view, path).symbols.map(({ id, depth }) => `${depth} ${id}`)] as const)
      .toSorted(byFirst),
    exported: ids(rows.filter((row) => view.isExported(row))).toSorted(),
  };
}

function byFirst([one]: readonly [string, unknown], [two]: readonly [string, unknown]): number {
  return one < two ? -1 : 1;
}

/** What tools answer; the order of hits may differ, as the weights of what leans on what do. */
function answersOf(view: GraphView) {
  const ids = view.columns.nodes.id.filter((id) => id !== '').toSorted();
  const trace = (symbol: string, direction: 'callers' | 'callees' | 'references' | 'impact'): string[] => {
    const { hits } = answerTrace(view, traceInputSchema.parse({ symbol, direction, limit: 200 })).body;
    return hits.map((hit) => JSON.stringify(hit)).toSorted();
  };
  const search = (input: object): string[] => {
    const { hits, total, note } = answerSearch(view, searchInputSchema.parse({ limit: 100, ...input })).body;
    return [...hits.map(({ id }) => id).toSorted(), `${total} ${note}`];
  };
  const whole = wholeViewOf(view);
  const queries = ['order', 'write order', 'Shop', 'shop', 'ledger', 'pric', 'index', 'baskit', 'cart price'];
  return {
    traces: ids.map((id) => [trace(id, 'callers'), trace(id, 'callees'), trace(id, 'references'), trace(id, 'impact')]),
    hits: queries.map((query) => search({ query })),
    all: (['file', 'class', 'method'] as const).map((kind) => search({ query: '*', kind })),
    inFolder: search({ query: '*', path: 'lib/' }),
    findings: (['dead_code', 'unused_exports', 'hubs'] as const).map((report) => {
      const { items } = graphFindings(whole, { report });
      return items.map(({ row = -1, isCertain }) => `${whole.columns.nodes.id[row]} ${isCertain}`).toSorted();
    }),
    // Where a way round begins depends on the rows.
    cycles: graphFindings(whole, { report: 'cycles' }).items.length,
  };
}

describe('a view that patches are applied to', () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed))('says what one made anew says (seed %i)', (seed) => {
    const workspace = new RandomWorkspace(seededRandom(seed));
    const view = viewOf(workspace.columns());
    let gone = new Set<string>();
    for (let turn = 0; turn < 10; turn += 1) {
      // With and without indexes that are patched, not made.
      if (turn % 3 === seed % 3) answersOf(view);
      const before = view.columns.nodes.id.filter((id) => id !== '');
      const { danglingEdges } = view.apply(workspace.edit());
      const fresh = viewOf(workspace.columns());
      expect(danglingEdges).toBe(0);
      expect(contentOf(view)).toEqual(contentOf(fresh));
      expect(contentOf(viewOf(denseColumns(view.columns)))).toEqual(contentOf(fresh));
      expect(tablesOf(view)).toEqual(tablesOf(fresh));
      expect(tablesOf(viewOf(view.columns))).toEqual(tablesOf(fresh));
      expect(answersOf(view)).toEqual(answersOf(fresh));
      gone = new Set([...gone, ...before].filter((id) => fresh.rowOfId(id) === undefined));
      for (const id of gone) expect(view.rowOfId(id)).toBeUndefined();
    }
    expect(view.revision).toBe(10);
  });

  test('gets from any state to any other by what is between them', () => {
    for (let seed = 100; seed < 115; seed += 1) {
      const workspace = new RandomWorkspace(seededRandom(seed));
      const view = viewOf(workspace.columns());
      expect(isEmptyPatch(patchBetween(view.columns, workspace.columns()))).toBe(true);
      for (let turn = 0; turn < 8; turn += 1) {
        for (let edits = 0; edits <= turn % 4; edits += 1) workspace.edit();
        const now = workspace.columns();
        const back = patchBetween(now, denseColumns(view.columns));
        expect(view.apply(patchBetween(view.columns, now)).danglingEdges).toBe(0);
        expect(contentOf(view)).toEqual(contentOf(viewOf(now)));
        expect(isEmptyPatch(patchBetween(view.columns, now))).toBe(true);
        expect(isEmptyPatch(patchBetween(now, view.columns))).toBe(true);
        const returned = viewOf(now);
        returned.apply(back);
        expect(isEmptyPatch(patchBetween(returned.columns, now))).toBe(isEmptyPatch(back));
      }
    }
  });

  test('has nothing of a file any more that is gone, whatever is made of it again', () => {
    const workspace = new RandomWorkspace(seededRandom(7));
    const columns = workspace.columns();
    const view = viewOf(columns);
    const removed = columns.files.map(({ path }) => path);
    view.apply({ files: [], removed, unresolvedPackages: [] });
    expect(contentOf(view)).toEqual({ files: [], nodes: [], edges: [], reverse: [] });
    expect(tablesOf(view)).toMatchObject({ names: [], files: [] });
    view.apply(patchBetween(view.columns, columns));
    expect(contentOf(view)).toEqual(contentOf(viewOf(columns)));
  });

  test('tells how many edges of a patch lead to what it does not have', () => {
    const columns = new RandomWorkspace(seededRandom(3)).columns();
    const patch = patchBetween({ ...columns, files: [] }, columns);
    const first = patch.files.find(({ edges }) => edges.count > 0);
    if (first === undefined) throw new Error('No file has edges.');
    const strange = { ...first, ids: first.ids.map(() => 'ffffffffffffffff') };
    const { danglingEdges } = viewOf(columns).apply({ ...patch, files: [strange] });
    expect(danglingEdges).toBe(first.edges.count);
  });
});
