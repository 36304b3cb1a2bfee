import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { MIGRATIONS } from '../../../src/core/db/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createWorkflowEngine } from '../../../src/runs/index.ts';
import type { WorkflowEngine } from '../../../src/runs/index.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { buildRuns, EXECUTOR_ID } from '../run-system.ts';

let testDatabase: TestDatabase;
let launched: WorkflowEngine[] = [];

beforeEach(async () => {
  testDatabase = await createTestDatabase({ migrations: MIGRATIONS });
});

afterEach(async () => {
  for (const engine of launched.splice(0)) await engine.shutdown();
  await testDatabase.drop();
});

function build(url: string = testDatabase.url, concurrency: number = 2): WorkflowEngine {
  const options = { databaseUrl: url, log: createSilentLog(), concurrency, executorId: EXECUTOR_ID };
  const engine = createWorkflowEngine(options);
  launched.push(engine);
  return engine;
}

test('a second engine in one process is refused until the first has shut down', async () => {
  const [first, second] = [build(), build()];
  await first.launch();
  await expect(second.launch()).rejects.toMatchObject({ code: 'conflict' });
  await expect(first.launch()).rejects.toMatchObject({ code: 'conflict' });
  await first.shutdown();
  await second.launch();
  await expect(first.start('none', 'x')).rejects.toMatchObject({ code: 'not_ready' });
});

test('a launch that fails leaves the process free for another one', async () => {
  const url = new URL(testDatabase.url);
  url.password = 'wrong';
  url.port = '1';
  await expect(build(url.href).launch()).rejects.toMatchObject({ code: 'upstream_failed' });
  await build().launch();
});

test('a workflow is started once, whatever the number of calls with its id', async () => {
  const engine = build();
  const delivered: string[] = [];
  engine.register('count', ({ workflowId }) => {
    delivered.push(workflowId);
    return Promise.resolve();
  });
  await engine.launch();
  await Promise.all([engine.start('count', 'a'), engine.start('count', 'a'), engine.start('count', 'b')]);
  const expected = new Map([
    ['a', 'succeeded'],
    ['b', 'succeeded'],
  ]);
  await expect.poll(() => engine.states(['a', 'b', 'c'])).toEqual(expected);
  expect(delivered.toSorted()).toEqual(['a', 'b']);
});

test('no more workflows run at once than allowed', async () => {
  const engine = build(testDatabase.url, 2);
  let running = 0;
  let most = 0;
  engine.register('busy', async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running -= 1;
  });
  await engine.launch();
  const ids = Array.from({ length: 6 }, (_, index) => `busy-${index}`);
  for (const id of ids) await engine.start('busy', id);
  await expect
    .poll(async () => [...(await engine.states(ids)).values()].every((state) => state === 'succeeded'), {
      timeout: 10_000,
    })
    .toBe(true);
  expect(most).toBe(2);
});

test('a cancelled workflow that waits in the queue is never delivered', async () => {
  const engine = build(testDatabase.url, 1);
  const delivered: string[] = [];
  let release = (): void => {};
  engine.register('one', ({ workflowId }) => {
    delivered.push(workflowId);
    return new Promise((resolve) => {
      release = resolve;
    });
  });
  await engine.launch();
  await engine.start('one', 'first');
  await expect.poll(() => delivered).toEqual(['first']);
  await engine.start('one', 'second');
  await engine.cancel('second');
  await engine.start('one', 'third');
  release();
  await expect.poll(() => delivered).toEqual(['first', 'third']);
  release();
});

test('runs survive the loss of every connection to the database', async () => {
  const { runs, held } = buildRuns(testDatabase);
  await runs.open();
  try {
    const { runId } = await runs.start('test_held', { text: 'x' });
    const { context, complete } = await held.next();
    await dropConnections();
    context.progress({ done: 1, total: 1, unit: 'steps', message: 'after the loss' });
    complete({ survived: true });
    expect(await runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 1, result: { survived: true } });
    const { runId: next } = await runs.start('test_echo', { text: 'y' });
    expect(await runs.waitFor(next)).toMatchObject({ status: 'completed' });
  } finally {
    await runs.close();
  }
});

async function dropConnections(): Promise<void> {
  const sql = `select pg_terminate_backend(pid) as ended from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await testDatabase.database.query(z.object({ ended: z.boolean() }), sql);
}
