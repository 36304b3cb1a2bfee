import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { GraphStore } from '../../../src/graph/graph-store.ts';
import { GraphColumnsBuilder, randomGraph } from '../../support/graph-columns.ts';
import { sampleGraph } from '../../support/sample-graph.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createProductDatabase } from '../../support/test-database.ts';

type TestDatabase = Awaited<ReturnType<typeof createProductDatabase>>;

let testDatabase: TestDatabase;
let store: GraphStore;
const never = new AbortController().signal;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  store = new GraphStore(testDatabase.database);
});
afterAll(() => testDatabase.drop());

function publish(root: string, runId: string, columns: GraphColumns) {
  return store.publish({ root, runId, columns }, never);
}

/** Names of the tables of single generations. */
async function partitions(): Promise<string[]> {
  const sql = `select tablename from pg_tables where schemaname = 'lightdom' and tablename ~ '^graph_.*_g[0-9]+$' order by 1`;
  return (await testDatabase.database.query(z.object({ tablename: z.string() }), sql)).map((row) => row.tablename);
}

async function count(sql: string): Promise<number> {
  const [row] = await testDatabase.database.query(z.object({ count: z.coerce.number() }), sql);
  return row?.count ?? -1;
}

/** Fails as a broken engine would: half way through the edges. */
function failing(columns: GraphColumns, fail: () => void): GraphColumns {
  const { edges } = columns;
  const column = new Proxy(edges.column, {
    get(target, key) {
      if (key === String(edges.count - 1)) fail();
      const value: unknown = Reflect.get(target, key);
      return value;
    },
  });
  return { ...columns, edges: { ...edges, column } };
}

describe('publishing and loading', () => {
  test('gives back exactly what was published', async () => {
    const awkward = new GraphColumnsBuilder();
    const file = awkward.file('src/ü 🙂.ts', {
      bytes: 5_000_000_000,
      modifiedMs: 1_700_000_000_000.123,
      note: 'a\tb\\N\n"',
    });
    awkward.node(file, 'function', { name: '__proto__', doc: '🙂'.repeat(200), signature: '' });
    const columns = { ...awkward.build(), unresolvedPackages: ['react', 'ü"\\'], warnings: ['tsconfig.json: broken'] };
    for (const [at, each] of [columns, sampleGraph().columns, randomGraph(7, 3_000, 20_000)].entries()) {
      const summary = await publish(`/same/${at}`, `same-${at}`, each);
      const loaded = await store.load(`/same/${at}`);
      expect(loaded?.columns).toEqual(each);
      expect(loaded?.summary).toEqual(summary);
      expect(await store.find(`/same/${at}`)).toEqual(summary);
      expect(summary).toMatchObject({ files: each.files.length, nodes: each.nodes.count, edges: each.edges.count });
    }
  });

  test('a graph of nothing is a graph', async () => {
    const columns = new GraphColumnsBuilder().build();
    await publish('/empty', 'empty', columns);
    expect((await store.load('/empty'))?.columns).toEqual(columns);
  });

  test('NUL, which Postgres does not hold, and half a character become the replacement character', async () => {
    const graph = new GraphColumnsBuilder();
    graph.node(graph.file('a.ts'), 'function', { name: 'f', signature: 'f(a = "\0")' });
    await publish('/nul', 'nul', { ...graph.build(), warnings: ['a\0b', 'a\uD800b', String.raw`a\u0000b`] });
    const loaded = await store.load('/nul');
    expect(loaded?.columns.nodes.signature[1]).toBe('f(a = "\uFFFD")');
    expect(loaded?.columns.warnings).toEqual(['a\uFFFDb', 'a\uFFFDb', String.raw`a\u0000b`]);
  });

  test('a workspace that was never indexed has nothing', async () => {
    expect(await store.find('/never')).toBeUndefined();
    expect(await store.load('/never')).toBeUndefined();
    expect(await store.findByRun('never')).toBeUndefined();
  });

  test('the rows can be read as one table each, with the indexes of their parents', async () => {
    const { generation } = await publish('/sql', 'sql', randomGraph(3, 100, 500));
    expect(await count(`select count(*) from lightdom.graph_node where generation = ${generation}`)).toBe(100);
    const orphans = `select count(*) from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relname like 'graph\\_%\\_g${generation}' and not exists (select 1 from pg_inherits h where h.inhrelid = i.indexrelid)`;
    expect(await count(orphans)).toBe(0);
  });
});

describe('a new generation', () => {
  test('replaces the one before, whose tables and row are dropped', async () => {
    const first = await publish('/next', 'next-1', randomGraph(1, 50, 100));
    const columns = randomGraph(2, 60, 120);
    const second = await publish('/next', 'next-2', columns);
    expect(second.generation).toBeGreaterThan(first.generation);
    expect((await store.load('/next'))?.columns).toEqual(columns);
    const left = await partitions();
    expect(left.filter((name) => name.endsWith(`_g${first.generation}`))).toEqual([]);
    expect(left.filter((name) => name.endsWith(`_g${second.generation}`))).toHaveLength(3);
    expect(await store.findByRun('next-1')).toBeUndefined();
  });

  test('is the same one when its run publishes again', async () => {
    const first = await publish('/again', 'again', randomGraph(1, 50, 100));
    const before = await partitions();
    expect(await publish('/again', 'again', randomGraph(2, 70, 90))).toEqual(first);
    expect(await partitions()).toEqual(before);
  });

  test('of the same workspace at the same time: one after the other, the last one stays', async () => {
    const runs = ['race-1', 'race-2', 'race-3'];
    const published = await Promise.all(runs.map((runId, at) => publish('/race', runId, randomGraph(at, 80, 300))));
    const last = Math.max(...published.map((summary) => summary.generation));
    expect((await store.find('/race'))?.generation).toBe(last);
    expect(
      await count(
        `select count(*) from lightdom.graph_generation g join lightdom.workspace w on w.id = g.workspace_id where w.root = '/race'`,
      ),
    ).toBe(1);
  });
});

describe('a publication that fails leaves the old generation and nothing else', () => {
  async function expectUntouched(root: string, attempt: () => Promise<unknown>): Promise<void> {
    const columns = randomGraph(1, 200, 1_000);
    const old = await publish(root, `${root}-old`, columns);
    const before = await partitions();
    await attempt();
    expect(await partitions()).toEqual(before);
    expect((await store.load(root))?.columns).toEqual(columns);
    expect(await store.find(root)).toEqual(old);
    const fresh = randomGraph(3, 20, 20);
    await publish(root, `${root}-new`, fresh);
    expect((await store.load(root))?.columns).toEqual(fresh);
  }

  test('when its columns throw half way', async () => {
    await expectUntouched('/throws', async () => {
      const broken = failing(randomGraph(2, 300, 30_000), () => {
        throw new Error('broken column');
      });
      await expect(publish('/throws', 'throws', broken)).rejects.toThrow('broken column');
    });
  });

  test('when its run is cancelled half way', async () => {
    await expectUntouched('/cancelled', async () => {
      const controller = new AbortController();
      const columns = failing(randomGraph(2, 300, 30_000), () => controller.abort());
      const publication = { root: '/cancelled', runId: 'cancelled', columns };
      await expect(store.publish(publication, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    });
  });

  test('when the server ends its connection after all was copied', async () => {
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity
      where wait_event_type = 'Lock' and query like 'update lightdom.workspace%'`;
    await expectUntouched('/killed', async () => {
      // A load holds this lock; the publication waits for it when its tables are full and its indexes made.
      await testDatabase.database.transaction(async (reader) => {
        await reader.execute(`select 1 from lightdom.workspace where root = '/killed' for share`);
        const failure = failureOf(publish('/killed', 'killed', randomGraph(2, 300, 3_000)));
        while ((await testDatabase.database.execute(kill)) === 0) await delay(5);
        expect(await failure).toMatchObject({ code: 'not_ready' });
      });
    });
  });
});

describe('readers beside publications', () => {
  test('always see one whole generation, and nobody deadlocks', async () => {
    const generations = [randomGraph(1, 100, 2_000), randomGraph(2, 150, 3_000), randomGraph(3, 200, 4_000)];
    await publish('/busy', 'busy-0', generations[0] ?? randomGraph(1, 1, 1));
    const done = new AbortController();
    const sizes = new Set(generations.map((columns) => `${columns.nodes.count} ${columns.edges.count}`));
    const load = async (): Promise<void> => {
      while (!done.signal.aborted) {
        const loaded = await store.load('/busy');
        expect(sizes).toContain(`${loaded?.columns.nodes.count} ${loaded?.columns.edges.count}`);
      }
    };
    const join = async (): Promise<void> => {
      while (!done.signal.aborted) {
        await testDatabase.database.transaction(async (transaction) => {
          await transaction.execute('select 1 from lightdom.graph_edge limit 1');
          await transaction.execute('select 1 from lightdom.graph_file limit 1');
        });
        await delay(5);
      }
    };
    const readers = [load(), load(), join()];
    for (let turn = 1; turn <= 6; turn += 1) {
      await publish('/busy', `busy-${turn}`, generations[turn % 3] ?? randomGraph(1, 1, 1));
    }
    done.abort();
    await Promise.all(readers);
    expect((await store.find('/busy'))?.runId).toBe('busy-6');
  });

  test('a reader that stays long does not hold up a publication: its tables are dropped by the next one', async () => {
    const first = await publish('/long', 'long-1', randomGraph(1, 50, 100));
    const second = await testDatabase.database.transaction(async (reader) => {
      await reader.execute('select 1 from lightdom.graph_edge limit 1');
      return publish('/long', 'long-2', randomGraph(2, 50, 100));
    });
    expect((await store.find('/long'))?.generation).toBe(second.generation);
    expect((await partitions()).some((name) => name.endsWith(`_g${first.generation}`))).toBe(true);
    const third = await publish('/long', 'long-3', randomGraph(3, 50, 100));
    const left = (await partitions()).filter((name) =>
      [first, second, third].some((each) => name.endsWith(`_g${each.generation}`)),
    );
    expect(left).toHaveLength(3);
  });
});
