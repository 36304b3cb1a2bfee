import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../src/core/ids.ts';
import { RunTransitionStore } from '../../src/runs/run-transition-store.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { RunChild } from './run-children.ts';
import { buildRuns, reached } from './run-system.ts';
import type { RunSystem, RunSystemOptions } from './run-system.ts';

let testDatabase: TestDatabase;
let opened: RunSystem[] = [];
let children: RunChild[] = [];

beforeEach(async () => {
  testDatabase = await createProductDatabase();
  await testDatabase.database.execute('create table mark (run_id text not null, n int not null)');
});
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  for (const system of opened.splice(0)) await system.runs.close();
  await testDatabase.drop();
});

function build(options?: RunSystemOptions): RunSystem {
  const system = buildRuns(testDatabase, options);
  opened.push(system);
  return system;
}

/** Starts and follows runs as a master does. */
async function openObserver(): Promise<RunSystem> {
  const observer = build({ isWorker: false });
  await observer.runs.open();
  return observer;
}

function startChild(options?: { readonly host?: string; readonly concurrency?: number }): RunChild {
  const child = new RunChild(testDatabase.url, options);
  children.push(child);
  return child;
}

async function rowsOf(runId: string): Promise<number[]> {
  const sql = 'select n from mark where run_id = $1 order by n';
  const rows = await testDatabase.database.query(z.object({ n: z.number() }), sql, [runId]);
  return rows.map(({ n }) => n);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

async function crashesOf(runId: string): Promise<number> {
  const sql = 'select crashes from lightdom.run where run_id = $1';
  const [row] = await testDatabase.database.query(z.object({ crashes: z.number() }), sql, [runId]);
  return row?.crashes ?? -1;
}

describe('an orderly stop', () => {
  test('aborts the handler, leaves the run running, and the next start goes on with attempt 2', async () => {
    const first = build();
    await first.runs.open();
    const { runId } = await first.runs.start('test_held', { text: 'x' });
    const held = await first.held.next();
    held.context.progress({ done: 3, total: 9, unit: 'files', message: 'a third' });
    await first.runs.close();
    expect(held.context.signal.reason).toMatchObject({ code: 'not_ready' });
    expect(await first.store.find(runId)).toMatchObject({ status: 'running', attempt: 1, progress: { done: 3 } });

    const second = build();
    await second.runs.open();
    const again = await second.held.next(2);
    expect(again.context).toMatchObject({ runId, attempt: 2 });
    again.complete({ done: true });
    expect(await second.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2, result: { done: true } });
    expect(await second.messages(runId)).toEqual([
      'started on test-0',
      'interrupted by a stop of the system; goes on at its next start',
      'recovered after an interruption, attempt 2 on test-0',
      'completed',
    ]);
  });

  test('can be followed by an opening of the same service, many times, and never exhausts a run', async () => {
    const { runs, held } = build();
    await runs.open();
    const { runId } = await runs.start('test_held', { text: 'x' });
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      await held.next(attempt);
      await runs.close();
      await runs.open();
    }
    (await held.next(8)).complete({});
    expect(await runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 8 });
  });

  test('refuses new work while closed', async () => {
    const { runs } = build();
    await expect(runs.start('test_echo', { text: 'x' })).rejects.toMatchObject({ code: 'not_ready' });
    await expect(runs.control('x', { action: 'cancel' })).rejects.toThrow(/can't be started or changed/);
    await expect(runs.answer('x', {})).rejects.toThrow(/can't be started or changed/);
    await runs.open();
    await runs.close();
    await expect(runs.start('test_echo', { text: 'x' })).rejects.toMatchObject({ code: 'not_ready' });
    await runs.close();
  });

  test('hands its runs to another worker at once, which counts no crash', async () => {
    const [first, second] = [startChild({ host: 'a' }), startChild({ host: 'b' })];
    await Promise.all([first.opened(), second.opened()]);
    const runId = await startOn(first, second);
    const observer = await openObserver();
    const leaving = executingOf(runId);
    const stoppedMs = performance.now();
    expect(await leaving?.close()).toEqual([0, null]);
    expect(await observer.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(performance.now() - stoppedMs).toBeLessThan(2_500);
    expect(await crashesOf(runId)).toBe(0);
    expect(await observer.runs.listWorkers()).toHaveLength(1);
  });
});

/** Starts a run that holds; it is known then which of the children executes it. */
async function startOn(...workers: readonly RunChild[]): Promise<string> {
  const runId = await workers[0]?.start('test_long');
  await Promise.race(workers.map((worker) => worker.report(({ executing }) => executing === runId)));
  return runId ?? '';
}

function executingOf(runId: string): RunChild | undefined {
  return children.find((child) => child.reports.some(({ executing }) => executing === runId));
}

describe('a crash', () => {
  test('by kill -9 is seen by another worker, which goes on with what was done', async () => {
    const first = startChild({ host: 'a' });
    await first.opened();
    const runId = await first.start('test_rows', { rows: 40, pauseMs: 150 });
    await first.report(({ row }) => row === 3);
    const second = startChild({ host: 'b' });
    await second.opened();
    const observer = await openObserver();
    await first.kill();
    await second.report((report) => report.runId === runId && report.attempt === 2);
    expect(await observer.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(await rowsOf(runId)).toEqual(upTo(40));
    expect(await crashesOf(runId)).toBe(1);
    expect((await observer.runs.listWorkers()).map(({ executorId }) => executorId)).toEqual(['b-0']);
  });

  test('is recovered by the next process on the host, which takes the same id', async () => {
    const first = startChild({ host: 'a' });
    expect(await first.opened()).toBe('a-0');
    const runId = await startOn(first);
    await first.kill();
    const second = startChild({ host: 'a' });
    expect(await second.opened()).toBe('a-0');
    const observer = await openObserver();
    expect(await observer.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(await observer.messages(runId)).toContain('recovered after an interruption, attempt 2 on a-0');
  });

  // Seven processes, one after the other.
  test('that repeats itself is given up after the fifth', { timeout: 180_000 }, async () => {
    let child = startChild();
    await child.opened();
    const runId = await child.start('test_crash');
    const observer = await openObserver();
    for (let crash = 1; crash <= 5; crash += 1) {
      await reached(observer.runs, runId, ({ attempt }) => attempt >= crash);
      await child.exited();
      child = startChild();
    }
    expect(await observer.runs.waitFor(runId)).toMatchObject({ status: 'failed', error: { code: 'limit_reached' } });
    const { error } = await observer.runs.get(runId);
    expect(error?.message).toMatch(/ended 5 times before the run did/);
    await observer.runs.control(runId, { action: 'retry' });
    await reached(observer.runs, runId, ({ attempt }) => attempt >= 7);
    await child.exited();
  });

  test('of a frozen worker: its run goes on elsewhere, and when it thaws nothing is doubled', async () => {
    const frozen = startChild({ host: 'a' });
    await frozen.opened();
    const runId = await frozen.start('test_rows', { rows: 40, pauseMs: 100 });
    await frozen.report(({ row }) => row === 2);
    const other = startChild({ host: 'b' });
    await other.opened();
    const observer = await openObserver();
    frozen.process.kill('SIGSTOP');
    await other.report((report) => report.runId === runId && report.attempt === 2);
    frozen.process.kill('SIGCONT');
    expect(await observer.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(await rowsOf(runId)).toEqual(upTo(40));
    await expect
      .poll(async () => (await observer.runs.listWorkers()).map(({ executorId }) => executorId), { timeout: 5_000 })
      .toEqual(['a-0', 'b-0']);
    const beats = async (): Promise<number> =>
      (await observer.runs.listWorkers()).find(({ executorId }) => executorId === 'a-0')?.silentMs ?? Infinity;
    await expect.poll(beats, { timeout: 5_000 }).toBeLessThan(1_500);
    await other.kill();
    const next = await frozen.start('test_echo');
    expect(await observer.runs.waitFor(next)).toMatchObject({ status: 'completed' });
    expect(await rowsOf(runId)).toEqual(upTo(40));
  }, 40_000);
});

describe('a run that waits for an answer', () => {
  const answer = { action: 'accept', content: { name: 'Ada' } };

  test('outlives the process that asked; it can be answered while none executes, and goes on with the next', async () => {
    const asker = startChild({ host: 'a' });
    await asker.opened();
    const runId = await asker.start('test_asks');
    const observer = await openObserver();
    const waiting = await observer.until(runId, 'waiting_input');
    await asker.kill();
    expect(await observer.runs.get(runId)).toEqual(waiting);
    const answered = await observer.runs.answer(runId, { 'ask-1-name': answer });
    expect(answered).toMatchObject({ status: 'pending' });
    const heir = startChild({ host: 'b' });
    await heir.opened();
    expect(await observer.runs.waitFor(runId)).toMatchObject({
      status: 'completed',
      attempt: 2,
      result: { name: answer },
    });
    expect(await rowsOf(runId)).toEqual([1, 2]);
    expect(await crashesOf(runId)).toBe(0);
  });

  test('outlives an orderly stop, and an answer of one system lets it go on in the other', async () => {
    const first = build();
    await first.runs.open();
    const fields = z.object({ name: z.string() });
    const { runId } = await first.start((context) => context.ask({ name: { message: 'Your name?', fields } }));
    await first.until(runId, 'waiting_input');
    await first.runs.close();
    const second = build({ codes: first.codes });
    await second.runs.open();
    const observer = await openObserver();
    await observer.runs.answer(runId, { 'ask-1-name': answer });
    expect(await observer.runs.waitFor(runId)).toMatchObject({ status: 'completed', result: { name: answer } });
  });
});

describe('opening', () => {
  test('starts runs that the engine never heard of, and fails those that it lost', async () => {
    const { runs, store } = build();
    const [pending, lost] = [newId(), newId()];
    for (const runId of [pending, lost]) {
      await store.insert({ ...NEW_RUN, runId, kind: 'test_echo', input: JSON.stringify({ text: 'left' }) });
    }
    await new RunTransitionStore(testDatabase.database).begin(lost, 'gone-0');
    await runs.open();
    expect(await runs.waitFor(pending)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(await runs.waitFor(lost)).toMatchObject({
      status: 'failed',
      error: {
        code: 'upstream_failed',
        message: 'The run was running, but the engine has no record of it.',
        hint: 'Start it again.',
      },
    });
  });

  test('fails a run whose kind no longer exists', async () => {
    const { runs, store } = build();
    const run = { ...NEW_RUN, runId: newId(), kind: 'test_gone', input: '{}' };
    await store.insert(run);
    await runs.open();
    expect(await runs.waitFor(run.runId)).toMatchObject({ status: 'failed', error: { code: 'invalid_input' } });
  });
});

const NEW_RUN = {
  title: 'left',
  queue: 'runs',
  priority: 5,
  timeoutMs: undefined,
  budget: {},
  parentRunId: undefined,
  traceParent: undefined,
  owner: 'local',
};

describe('processes on one database', () => {
  test('have ids of their own, also on one host', async () => {
    const workers = [startChild({ host: 'a' }), startChild({ host: 'a' }), startChild({ host: 'b' })];
    const ids = await Promise.all(workers.map((worker) => worker.opened()));
    expect(ids.toSorted()).toEqual(['a-0', 'a-1', 'b-0']);
    const observer = await openObserver();
    expect(await observer.runs.listWorkers()).toMatchObject([
      { executorId: 'a-0', host: 'a', queues: ['runs', 'batches'] },
      { executorId: 'a-1', host: 'a' },
      { executorId: 'b-0', host: 'b' },
    ]);
  });

  test('hear at once of what another one does, and control what it executes', async () => {
    const child = startChild();
    await child.opened();
    const observer = await openObserver();
    const seen: string[] = [];
    observer.runs.events.on('changed', (run) => seen.push(run.status));
    const { runId } = await observer.runs.start('test_echo', { text: 'x' });
    const startedMs = performance.now();
    expect(await observer.runs.waitFor(runId)).toMatchObject({ status: 'completed', result: { text: 'x' } });
    expect(performance.now() - startedMs).toBeLessThan(900);
    expect(seen[0]).toBe('pending');
    expect(seen.at(-1)).toBe('completed');

    const long = await startOn(child);
    const controlledMs = performance.now();
    await observer.runs.control(long, { action: 'cancel', reason: 'from elsewhere' });
    expect(await child.report(({ aborted }) => aborted !== undefined)).toEqual({ aborted: 'cancelled' });
    expect(performance.now() - controlledMs).toBeLessThan(1_000);

    const paused = await startOn(child);
    await observer.runs.control(paused, { action: 'pause' });
    await observer.runs.control(paused, { action: 'resume' });
    expect(await observer.runs.waitFor(paused)).toMatchObject({ status: 'completed', attempt: 2 });
  });

  test('write nothing to stdout, and end by themselves once closed', async () => {
    const child = startChild();
    await child.opened();
    const runId = await child.start('test_echo');
    child.process.send({ waitFor: runId });
    const { ended } = await child.report((report) => report.ended !== undefined);
    expect(ended?.status).toBe('completed');
    expect(await child.close()).toEqual([0, null]);
    expect(child.stdout).toBe('');
  });
});
