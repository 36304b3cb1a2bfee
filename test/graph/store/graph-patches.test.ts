import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectDatabase } from '../../../src/core/db/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import type { GraphPatch } from '../../../src/graph/graph-patch.ts';
import { GraphStore } from '../../../src/graph/graph-store.ts';
import { GraphViews } from '../../../src/graph/graph-views.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { patchBetween } from '../../../src/graph/query/patch-between.ts';
import { graphCounts } from '../../../src/graph/store/graph-counts.ts';
import { seededRandom } from '../../support/graph-columns.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { contentOf } from '../live/live-folder.ts';
import { RandomWorkspace } from '../live/random-workspace.ts';

let testDatabase: TestDatabase;
let store: GraphStore;
const log = createSilentLog();
const never = new AbortController().signal;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  store = new GraphStore(testDatabase.database);
});
afterAll(() => testDatabase.drop());

interface Published {
  readonly root: string;
  readonly workspace: RandomWorkspace;
  readonly views: GraphViews;
  readonly generation: number;
  /** Edits at random, stores them, and gives back whether that was done. */
  readonly edit: () => Promise<boolean>;
}

/** A generation that is published and open in this process. */
async function published(name: string, seed: number): Promise<Published> {
  const root = `/${name}`;
  const workspace = new RandomWorkspace(seededRandom(seed));
  const views = viewsOf();
  const { generation } = await store.publish({ root, runId: name, columns: workspace.columns() }, never);
  await views.open(root);
  return { root, workspace, views, generation, edit: () => views.patch(root, generation, workspace.edit()) };
}

function viewsOf(now: () => number = () => 0): GraphViews {
  return new GraphViews({ store: new GraphStore(testDatabase.database), log, now });
}

async function stored(root: string): Promise<{ view: GraphView; summary: object }> {
  const loaded = await new GraphStore(testDatabase.database).load(root);
  if (loaded === undefined) throw new Error(`${root} has no graph.`);
  return { view: viewOf(loaded.columns), summary: loaded.summary };
}

/** All rows as text, to see that nothing has changed. */
async function rowsOf(generation: number): Promise<readonly string[]> {
  const { database } = testDatabase;
  const row = z.object({ row: z.string() });
  const lists = await Promise.all(
    ['graph_file', 'graph_node', 'graph_edge', 'graph_generation'].map((table) => {
      const key = table === 'graph_generation' ? 'id' : 'generation';
      return database.query(row, `select t::text as row from lightdom.${table} t where ${key} = $1 order by 1`, [
        generation,
      ]);
    }),
  );
  return lists.flat().map((each) => each.row);
}

function patchTo(view: GraphView, workspace: RandomWorkspace): GraphPatch {
  workspace.edit();
  return patchBetween(view.columns, workspace.columns());
}

describe('a graph that is patched in the store', () => {
  test('is loaded as it is by now, with the counts of what there is', async () => {
    for (const seed of [1, 2, 3]) {
      const { root, workspace, edit, generation, views } = await published(`loaded-${seed}`, seed);
      for (let turn = 1; turn <= 12; turn += 1) {
        expect(await edit()).toBe(true);
        const columns = workspace.columns();
        const { view, summary } = await stored(root);
        expect(contentOf(view)).toEqual(contentOf(viewOf(columns)));
        expect(summary).toMatchObject({ generation, revision: turn, ...graphCounts(columns) });
        const { publishedAt: _, ...open } = (await views.open(root))?.summary ?? { publishedAt: '' };
        expect(summary).toMatchObject(open);
      }
    }
  });

  test('goes on from where it was when it is loaded, also with rows that are empty', async () => {
    const { root, workspace, generation } = await published('goes-on', 4);
    for (let turn = 0; turn < 12; turn += 1) {
      const views = viewsOf();
      await views.open(root);
      expect(await views.patch(root, generation, workspace.edit())).toBe(true);
      expect(contentOf((await stored(root)).view)).toEqual(contentOf(viewOf(workspace.columns())));
    }
  });

  test('gives way to the next generation, with all that was patched', async () => {
    const { root, workspace, edit, generation, views } = await published('next', 5);
    for (let turn = 0; turn < 4; turn += 1) await edit();
    workspace.edit();
    const columns = workspace.columns();
    const next = await store.publish({ root, runId: 'next-2', columns }, never);
    expect(next).toMatchObject({ revision: 0, ...graphCounts(columns) });
    expect((await store.load(root))?.columns).toEqual(columns);
    expect(await rowsOf(generation)).toEqual([]);
    expect(await edit()).toBe(false);
    expect((await store.load(root))?.columns).toEqual(columns);
    // What was made for the former generation is not answered from any more.
    expect((await views.open(root))?.summary.generation).toBe(next.generation);
  });
});

describe('a patch that can not be stored', () => {
  test('for another revision changes nothing', async () => {
    const { root, workspace, generation } = await published('revision', 6);
    const [first, second] = [viewsOf(), viewsOf()];
    await first.open(root);
    const view = (await second.open(root))?.view ?? viewOf(workspace.columns());
    const late = patchTo(view, new RandomWorkspace(seededRandom(60)));
    expect(await first.patch(root, generation, workspace.edit())).toBe(true);
    const before = await rowsOf(generation);
    expect(await second.patch(root, generation, late)).toBe(false);
    expect(await rowsOf(generation)).toEqual(before);
    expect(contentOf((await second.open(root))?.view ?? view)).toEqual(contentOf(viewOf(workspace.columns())));
  });

  test('for another generation changes nothing', async () => {
    const { root, workspace, generation, views } = await published('generation', 7);
    const before = await rowsOf(generation);
    expect(await views.patch(root, generation + 1, workspace.edit())).toBe(false);
    expect(await views.patch('/unknown', generation, workspace.edit())).toBe(false);
    expect(await rowsOf(generation)).toEqual(before);
  });

  test('because it leads to what is not there is not answered from', async () => {
    const { root, workspace, generation, views } = await published('dangling', 8);
    const { files } = patchBetween({ ...workspace.columns(), files: [] }, workspace.columns());
    const patch = {
      files: files.map(({ file, nodes, edges, ids }) => ({ file, nodes, edges, ids: ids.map(() => 'f'.repeat(16)) })),
    };
    const before = await stored(root);
    expect(await views.patch(root, generation, { ...patch, removed: [], unresolvedPackages: [] })).toBe(false);
    const after = await stored(root);
    expect(contentOf(after.view)).toEqual(contentOf(before.view));
    expect(contentOf((await views.open(root))?.view ?? after.view)).toEqual(contentOf(before.view));
  });

  test('to its end leaves nothing half written, here or there', async () => {
    const { root, workspace, generation, views } = await published('fails', 9);
    const before = await rowsOf(generation);
    const { database } = testDatabase;
    await database.execute(`create function lightdom.refuse() returns trigger language plpgsql
      as $$ begin raise exception 'the disk is full'; end $$`);
    // Edges are written last.
    await database.execute(`create trigger refuse before insert on lightdom.graph_edge_g${generation}
      for each row execute function lightdom.refuse()`);
    const former = contentOf((await stored(root)).view);
    expect(await failureOf(views.patch(root, generation, addingEdges(workspace)))).toBeInstanceOf(Error);
    expect(await rowsOf(generation)).toEqual(before);
    expect(contentOf((await views.open(root))?.view ?? viewOf(workspace.columns()))).toEqual(former);
    await database.execute(`drop trigger refuse on lightdom.graph_edge_g${generation}`);
    await views.open(root);
    const { columns } = (await stored(root)).view;
    expect(await views.patch(root, generation, patchBetween(columns, workspace.columns()))).toBe(true);
    expect(contentOf((await stored(root)).view)).toEqual(contentOf(viewOf(workspace.columns())));
  });
});

/** The next edit at random that writes edges. */
function addingEdges(workspace: RandomWorkspace): GraphPatch {
  const before = workspace.columns();
  for (;;) {
    workspace.edit();
    const patch = patchBetween(before, workspace.columns());
    if (patch.files.some(({ edges }) => edges.count > 0)) return patch;
  }
}

describe('another process on the same database', () => {
  test('sees a patch when it looks again, and not before', async () => {
    const { root, workspace, edit } = await published('other', 10);
    const clock = { ms: 0 };
    const other = await connectDatabase({ url: testDatabase.url, log });
    const views = new GraphViews({ store: new GraphStore(other), log, now: () => clock.ms });
    try {
      const seen = async () => contentOf((await views.open(root))?.view ?? viewOf(workspace.columns()));
      const before = await seen();
      expect(before).toEqual(contentOf(viewOf(workspace.columns())));
      for (let turn = 0; turn < 4; turn += 1) expect(await edit()).toBe(true);
      clock.ms += 4_999;
      expect(await seen()).toEqual(before);
      clock.ms += 1;
      expect(await seen()).toEqual(contentOf(viewOf(workspace.columns())));
      await edit();
      views.recheck(root);
      expect(await seen()).toEqual(contentOf(viewOf(workspace.columns())));
    } finally {
      await other.close();
    }
  });

  test('does not load its own patch again', async () => {
    const clock = { ms: 0 };
    const { root, workspace, generation } = await published('own', 11);
    const views = viewsOf(() => clock.ms);
    const first = (await views.open(root))?.view;
    expect(await views.patch(root, generation, workspace.edit())).toBe(true);
    clock.ms += 60_000;
    expect((await views.open(root))?.view).toBe(first);
  });
});
