import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import type { Run } from '../../src/runs/index.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
let system: RunSystem;
/** What happens when the runs' rows in the engine are deleted. */
let onEngineDeleted = (): void => {};
let onRowsDeleted = (): void => {};
let clockMs = 0;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase, {
    retentionDays: 30,
    faults: (point) => {
      if (point === 'prune:engine') onEngineDeleted();
      if (point === 'prune:rows') onRowsDeleted();
    },
    now: () => clockMs,
  });
  await system.runs.open();
});
afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

/** Moves the whole life of runs, with their children, into the past. */
async function age(days: number, ...runs: readonly Pick<Run, 'runId'>[]): Promise<void> {
  const sql = `update lightdom.run set created_at = created_at - $1 * interval '1 day',
    ended_at = ended_at - $1 * interval '1 day' where run_id = any($2) or parent_run_id = any($2)`;
  await testDatabase.database.execute(sql, [days, runs.map(({ runId }) => runId)]);
}

/** What is stored of a run anywhere. */
async function leftOf(runId: string): Promise<number> {
  const sql = `select (select count(*) from lightdom.run where run_id = $1)
    + (select count(*) from lightdom.run_event where run_id = $1)
    + (select count(*) from lightdom.run_question where run_id = $1)
    + (select count(*) from dbos.workflow_status where workflow_uuid = $1)
    + (select count(*) from dbos.operation_outputs where workflow_uuid = $1)
    + (select count(*) from dbos.transaction_completion where workflow_id = $1) as count`;
  const [row] = await testDatabase.database.query(z.object({ count: z.coerce.number() }), sql, [runId]);
  return row?.count ?? 0;
}

async function echo(): Promise<Run> {
  return system.runs.waitFor((await system.runs.start('test_echo', { text: 'x' })).runId);
}

test('deletes ended runs of the configured age with all that belongs to them, and says first how many', async () => {
  const input = system.define(async (context) => {
    await context.transaction('rows', (transaction) => transaction.execute('select 1'));
    return {};
  });
  const parent = await system.endOf(async (context) => {
    await context.step('step', async () => 1);
    await context.startChild('test_part', input);
    await context.startChild('test_part', input);
    await context.waitForChildren();
    return {};
  });
  const children = await system.runs.listChildren(parent.runId);
  const failed = await system.endOf(() => Promise.reject(new AppError('invalid_input', 'as told')));
  const [old, young] = [await echo(), await echo()];
  const waiting = await system.start(async (context) => {
    await context.approval('Go on?');
    return {};
  });
  await system.until(waiting.runId, 'waiting_approval');
  await age(31, parent, failed, old, waiting);
  await age(29, young);

  expect(await system.runs.prune({ isDryRun: true })).toEqual({ olderThanDays: 30, runs: 5, isDryRun: true });
  expect(await leftOf(old.runId)).toBeGreaterThan(0);
  expect(await system.runs.prune()).toEqual({ olderThanDays: 30, runs: 5, isDryRun: false });
  for (const { runId } of [parent, ...children, failed, old]) expect(await leftOf(runId)).toBe(0);
  expect(system.disposed).toEqual([old.runId]);
  for (const run of [young, waiting]) expect(await system.runs.find(run.runId)).toBeDefined();
  expect(await system.runs.prune()).toEqual({ olderThanDays: 30, runs: 0, isDryRun: false });

  await system.runs.control(waiting.runId, { action: 'approve' });
  expect(await system.runs.waitFor(waiting.runId)).toMatchObject({ status: 'completed' });
});

test('takes another age, and goes through more than one round', async () => {
  const runs = await Promise.all(Array.from({ length: 205 }, () => system.runs.start('test_echo', { text: 'x' })));
  for (const { runId } of runs) await system.runs.waitFor(runId);
  await age(3, ...runs);
  expect(await system.runs.prune({ olderThanDays: 2, isDryRun: true })).toMatchObject({ runs: 206 });
  expect(await system.runs.prune({ olderThanDays: 2 })).toMatchObject({ runs: 206 });
  for (const { runId } of runs.slice(0, 3)) expect(await leftOf(runId)).toBe(0);
});

test('that was cut off in the middle is finished by the next', async () => {
  const runs = [await echo(), await echo()];
  await age(31, ...runs);
  onEngineDeleted = () => {
    throw new Error('cut off');
  };
  await expect(system.runs.prune()).rejects.toThrow('cut off');
  expect(await system.runs.find(runs[0]?.runId ?? '')).toBeDefined();
  onEngineDeleted = () => {};
  expect(await system.runs.prune()).toMatchObject({ runs: 2 });
  for (const { runId } of runs) expect(await leftOf(runId)).toBe(0);
});

test('happens by itself a minute after the start, and then every hour', async () => {
  for (const laterMs of [61_000, 3_601_000]) {
    const old = await echo();
    await age(31, old);
    const deleted = new Promise<void>((resolve) => {
      onRowsDeleted = resolve;
    });
    clockMs += laterMs;
    await deleted;
    expect(await leftOf(old.runId)).toBe(0);
  }
});

test('that is told to stop leaves the rest to the next', async () => {
  const runs = await Promise.all([echo(), echo()]);
  await age(31, ...runs);
  expect(await system.runs.prune({ signal: AbortSignal.abort() })).toMatchObject({ runs: 0 });
  expect(await system.runs.prune()).toMatchObject({ runs: 2 });
});

test('without an age keeps everything', async () => {
  const forEver = buildRuns(testDatabase, { isWorker: false });
  await forEver.runs.open();
  const old = await echo();
  await age(10_000, old);
  expect(await forEver.runs.prune()).toEqual({ olderThanDays: 0, runs: 0, isDryRun: false });
  expect(await forEver.runs.find(old.runId)).toBeDefined();
  await forEver.runs.close();
});

test.each([-1, Number.NaN, Infinity])('refuses the age %s', async (olderThanDays) => {
  await expect(system.runs.prune({ olderThanDays })).rejects.toMatchObject({ code: 'invalid_input' });
});

test('never deletes a run whose child has not ended', async () => {
  const { runId: parentRunId } = await system.runs.start('test_held', { text: 'parent' });
  const parent = await system.held.next(1, parentRunId);
  const { runId: childRunId } = await system.runs.start('test_held', { text: 'child' }, { parentRunId });
  await system.held.next(1, childRunId);
  parent.complete({});
  await system.runs.waitFor(parentRunId);
  await age(31, { runId: parentRunId });
  await system.runs.prune();
  expect(await system.runs.find(childRunId)).toMatchObject({ status: 'running', parentRunId });
  expect(await system.runs.find(parentRunId)).toBeDefined();
  await system.runs.control(childRunId, { action: 'cancel' });
});
