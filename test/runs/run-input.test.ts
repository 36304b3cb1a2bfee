import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from '../../src/core/db/index.ts';
import { createSilentLog } from '../../src/core/log.ts';
import type { RunAction, StartRunOptions } from '../../src/runs/index.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
let system: RunSystem;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase);
  await system.runs.open();
});
afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

async function countRuns(): Promise<number> {
  return (await system.runs.list({ limit: 100 })).runs.length;
}

describe('an id that is none', () => {
  test.each([
    ['unknown', 'f'.repeat(32)],
    ['empty', ''],
    ['with a quote', `'; drop table lightdom.run; --`],
    ['with a NUL', 'a\0b'],
    ['half a character', '\uD800'],
    ['of another script', '運行\u202E🏃'],
    ['of 10 MB', 'x'.repeat(10_000_000)],
  ])('is not found: %s', async (_name, runId) => {
    const actions: readonly Promise<unknown>[] = [
      system.runs.get(runId),
      system.runs.listChildren(runId),
      system.runs.listEvents(runId),
      system.runs.recentEvents(runId),
      system.runs.waitFor(runId),
      system.runs.start('test_echo', { text: 'x' }, { parentRunId: runId }),
      ...(['pause', 'cancel', 'retry', 'approve', 'reject'] as const).map((action: RunAction) =>
        system.runs.control(runId, { action }),
      ),
    ];
    for (const action of await Promise.allSettled(actions)) {
      expect(action).toMatchObject({
        status: 'rejected',
        reason: { code: 'not_found', hint: 'Call run_list to see the runs.' },
      });
      expect(JSON.stringify(action).length).toBeLessThan(500);
    }
    expect(await system.runs.find(runId)).toBeUndefined();
    expect(await countRuns()).toBe(0);
  });
});

describe('limits that are none', () => {
  test.each<[string, StartRunOptions]>([
    ['a priority of 0', { priority: 0 }],
    ['a priority of 11', { priority: 11 }],
    ['a priority of 1.5', { priority: 1.5 }],
    ['a priority of NaN', { priority: Number.NaN }],
    ['a time of 0', { timeoutMs: 0 }],
    ['a time of -1', { timeoutMs: -1 }],
    ['a time of NaN', { timeoutMs: Number.NaN }],
    ['a time of 1e300', { timeoutMs: 1e300 }],
    ['a negative budget', { budget: { operations: -1 } }],
    ['a budget of NaN', { budget: { tokens: Number.NaN } }],
    ['an endless budget', { budget: { usd: Infinity } }],
    ['a budget of an unknown unit', { budget: Object.assign({ tokens: 1 }, { beans: 5 }) }],
  ])('are refused and start nothing: %s', async (_name, options) => {
    const starting = system.runs.start('test_echo', { text: 'x' }, options);
    await expect(starting).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(starting).rejects.toThrow(/^The (priority|time limit|budget) /);
    expect(await countRuns()).toBe(0);
  });

  test('an input of 10 MB is refused', async () => {
    const input = { code: 'x'.repeat(10_000_000) };
    await expect(system.runs.start('test_code', input)).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'The input of a test_code run has 10000011 characters; at most 1000000 fit.',
    });
    expect(await countRuns()).toBe(0);
  });

  test('a title and a reason of 10 MB are shortened', async () => {
    const long = 'x'.repeat(10_000_000);
    const { runId, title } = await system.runs.start('test_held', { text: 'x' }, { title: long });
    expect(title).toHaveLength(200);
    await system.runs.control(runId, { action: 'cancel', reason: `\0${long}` });
    expect((await system.messages(runId)).at(-1)?.length).toBeLessThan(600);
  });
});

describe('a database that takes nothing', () => {
  test('because it is full refuses a start and a change, and keeps nothing of it', async () => {
    const { runId } = await system.runs.start('test_held', { text: 'x' });
    await system.held.next(1, runId);
    const before = await system.runs.get(runId);
    const count = await countRuns();
    await testDatabase.database.execute(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
    await testDatabase.database.execute(
      'create trigger full_disk before insert or update on lightdom.run for each row execute function refuse()',
    );
    const failures = [
      system.runs.start('test_echo', { text: 'x' }),
      system.runs.control(runId, { action: 'pause' }),
      system.runs.control(runId, { action: 'cancel' }),
    ];
    for (const failure of await Promise.allSettled(failures)) {
      expect(failure).toMatchObject({
        status: 'rejected',
        reason: { code: 'limit_reached', message: 'The database has no room: could not extend file.' },
      });
    }
    expect(await countRuns()).toBe(count);
    expect(await system.runs.get(runId)).toEqual(before);
    expect((await system.engine.control.states([runId])).get(runId)).toBe('running');
    await testDatabase.database.execute('drop trigger full_disk on lightdom.run');
    await system.runs.control(runId, { action: 'cancel' });
  });

  test('because it is full only for the engine fails a run that was to start', async () => {
    await testDatabase.database.execute(`create or replace function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
    await testDatabase.database.execute(
      'create trigger full_disk before insert on dbos.workflow_status for each row execute function refuse()',
    );
    const starting = system.runs.start('test_echo', { text: 'x' });
    try {
      await expect(starting).rejects.toMatchObject({ code: 'not_ready' });
    } finally {
      await testDatabase.database.execute('drop trigger full_disk on dbos.workflow_status');
    }
    const [run] = (await system.runs.list({ limit: 1 })).runs;
    expect(run).toMatchObject({ kind: 'test_echo', status: 'failed', error: { code: 'not_ready' } });
  });

  test('because it is read-only says so', async () => {
    const { runId } = await system.runs.start('test_held', { text: 'x' });
    await system.held.next(1, runId);
    const count = await countRuns();
    const name = new URL(testDatabase.url).pathname.slice(1);
    const since = new Date(Date.now() - 1).toISOString();
    await testDatabase.database.execute(`alter database ${name} set default_transaction_read_only = on`);
    const database = await connectDatabase({ url: testDatabase.url, log: createSilentLog() });
    const other = buildRuns({ database }, { isWorker: false });
    try {
      await other.runs.open();
      const failures = [
        other.runs.start('test_echo', { text: 'x' }),
        other.runs.control(runId, { action: 'pause' }),
        other.runs.prune({ olderThanDays: 0 }),
      ];
      for (const failure of await Promise.allSettled(failures)) {
        expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'not_configured' } });
        expect(failure.status === 'rejected' ? String(failure.reason) : '').toContain('The database is read-only: ');
      }
      expect(await other.runs.get(runId)).toMatchObject({ status: 'running' });
      expect(await countRuns()).toBe(count);
    } finally {
      await other.runs.close();
      await database.close();
      // By a session of its own: one of a pool's that was opened meanwhile would stay read-only.
      const mending = await connectDatabase({ url: testDatabase.url, log: createSilentLog(), max: 1 });
      await mending.execute(`begin read write; alter database ${name} reset default_transaction_read_only; commit`);
      await mending.execute(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and backend_start >= $1::timestamptz`,
        [since],
      );
      await mending.close();
    }
    await system.runs.control(runId, { action: 'cancel' });
  });
});
