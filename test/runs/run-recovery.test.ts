import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MIGRATIONS } from '../../src/core/db/index.ts';
import { newId } from '../../src/core/ids.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns, EXECUTOR_ID } from './run-system.ts';
import type { RunSystemOptions } from './run-system.ts';

const CHILD = fileURLToPath(new URL('../fixtures/runs/run-child.mjs', import.meta.url));

const childReport = z.object({
  open: z.boolean().optional(),
  executing: z.string().optional(),
  attempt: z.number().optional(),
  aborted: z.string().optional(),
  started: z.string().optional(),
  ended: z.object({ status: z.string() }).optional(),
  closed: z.boolean().optional(),
});
type ChildReport = z.infer<typeof childReport>;

let testDatabase: TestDatabase;
let opened: ReturnType<typeof buildRuns>[] = [];
let children: ChildProcess[] = [];

beforeEach(async () => {
  testDatabase = await createTestDatabase({ migrations: MIGRATIONS });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const system of opened.splice(0)) await system.runs.close();
  await testDatabase.drop();
});

function build(options?: RunSystemOptions): ReturnType<typeof buildRuns> {
  const system = buildRuns(testDatabase, options);
  opened.push(system);
  return system;
}

function startChild(mode: 'start' | 'open'): ChildProcess {
  const child = fork(CHILD, [testDatabase.url, EXECUTOR_ID, mode], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  children.push(child);
  return child;
}

async function report(child: ChildProcess, isMeant: (report: ChildReport) => boolean): Promise<ChildReport> {
  for (;;) {
    const message = await new Promise<unknown>((resolve) => {
      child.once('message', resolve);
    });
    const parsed = childReport.parse(message);
    if (isMeant(parsed)) return parsed;
  }
}

async function killHard(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
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
    expect((await second.runs.recentEvents(runId)).map((event) => event.message)).toEqual([
      'started',
      'interrupted by a stop of the system; goes on at its next start',
      'recovered after an interruption, attempt 2',
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
    await runs.open();
    await runs.close();
    await expect(runs.start('test_echo', { text: 'x' })).rejects.toMatchObject({ code: 'not_ready' });
    await runs.close();
  });
});

describe('a crash', () => {
  test('by kill -9 in mid-run is recovered by the next process of the same executor', async () => {
    const child = startChild('start');
    const { executing: runId = '' } = await report(child, (message) => message.executing !== undefined);
    await killHard(child);
    const { runs, store } = buildRecoverable();
    expect(await store.find(runId)).toMatchObject({ status: 'running', attempt: 1 });
    await runs.open();
    expect(await runs.waitFor(runId)).toMatchObject({
      status: 'completed',
      attempt: 2,
      result: { attempt: 2 },
      input: { text: 'to be interrupted' },
    });
    expect((await runs.recentEvents(runId)).map((event) => event.message)).toContain(
      'recovered after an interruption, attempt 2',
    );
  });

  test('that repeats itself is given up after the fifth', async () => {
    let child = startChild('start');
    const { executing: runId = '' } = await report(child, (message) => message.executing !== undefined);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      await killHard(child);
      child = startChild('open');
      await report(child, (message) => message.attempt === attempt);
    }
    await killHard(child);
    const { runs } = buildRecoverable();
    await runs.open();
    expect(await runs.waitFor(runId)).toMatchObject({ status: 'failed', error: { code: 'limit_reached' } });
  });

  function buildRecoverable(): ReturnType<typeof buildRuns> {
    const system = build();
    system.runs.register({
      kind: 'test_long',
      input: z.object({ text: z.string() }),
      title: ({ text }) => text,
      execute: (_input, { attempt }) => Promise.resolve({ attempt }),
    });
    return system;
  }
});

describe('opening', () => {
  test('starts runs that the engine never heard of, and fails those that it lost', async () => {
    const { runs, store } = build();
    const rows = [newId(), newId()];
    for (const runId of rows) {
      const input = JSON.stringify({ text: 'left' });
      await store.insert({ runId, kind: 'test_echo', title: 'left', input, parentRunId: undefined });
    }
    const [pending = '', lost = ''] = rows;
    await store.begin(lost);
    await runs.open();
    expect(await runs.waitFor(pending)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(await runs.get(lost)).toMatchObject({
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
    const run = { runId: newId(), kind: 'test_gone', title: 'gone', input: '{}', parentRunId: undefined };
    await store.insert(run);
    await runs.open();
    expect(await runs.waitFor(run.runId)).toMatchObject({ status: 'failed', error: { code: 'invalid_input' } });
  });
});

describe('a process that executes runs', () => {
  test('stops a run that another process cancels, and its end is seen by another process', async () => {
    const child = startChild('start');
    const { executing: runId = '' } = await report(child, (message) => message.executing !== undefined);
    const { runs } = build({ executorId: 'test-host-2' });
    await runs.open();
    const ended = runs.waitFor(runId);
    const aborted = report(child, (message) => message.aborted !== undefined);
    await runs.cancel(runId, 'from elsewhere');
    expect(await aborted).toEqual({ aborted: 'cancelled' });
    expect(await ended).toMatchObject({ status: 'cancelled' });

    child.send({ start: 'test_echo' });
    const { started = '' } = await report(child, (message) => message.started !== undefined);
    expect(await runs.waitFor(started)).toMatchObject({ status: 'completed' });
  });

  test('writes nothing to stdout, and ends by itself once closed', async () => {
    const child = startChild('open');
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.resume();
    await report(child, (message) => message.open === true);
    child.send({ start: 'test_echo' });
    const { started: runId } = await report(child, (message) => message.started !== undefined);
    child.send({ waitFor: runId });
    expect(await report(child, (message) => message.ended !== undefined)).toMatchObject({
      ended: { status: 'completed' },
    });
    const exit = once(child, 'exit');
    child.send({ close: true });
    expect(await exit).toEqual([0, null]);
    expect(stdout).toBe('');
  });
});
