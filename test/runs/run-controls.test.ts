import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import { RUN_ACTIONS, RUN_STATUSES } from '../../src/runs/index.ts';
import type { RunStatus } from '../../src/runs/index.ts';
import { statesFor } from '../../src/runs/run-actions.ts';
import { createGate, untilAborted } from '../support/gate.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns, holding } from './run-system.ts';
import type { RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
/** Executes one run of each queue at a time. */
let system: RunSystem;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase, { concurrency: 1 });
  await system.runs.open();
});
afterEach(async () => {
  for (const status of ['pending', 'running', 'paused', 'waiting_approval', 'waiting_input'] as const) {
    for (const { runId } of (await system.runs.list({ status, limit: 100 })).runs) {
      await system.runs.control(runId, { action: 'cancel' });
    }
  }
  await vi.waitUntil(() => system.runs.activeCount() === 0);
});
afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

/** A run that holds the only place until it is told to end. */
async function occupy(): Promise<{ runId: string; release: () => void }> {
  const [begun, gate] = [createGate(), createGate()];
  const { runId } = await system.start(async ({ signal }) => {
    begun.open();
    await Promise.race([gate.opened, untilAborted(signal)]);
    return {};
  });
  await begun.opened;
  return { runId, release: gate.open };
}

describe('pausing', () => {
  test('aborts a run, frees its place, and resuming goes on behind its recorded steps', async () => {
    const calls: string[] = [];
    const begun = createGate();
    let reason: unknown;
    const { runId } = await system.start(async (context) => {
      const first = await context.step('first', async () => {
        calls.push('first');
        return context.attempt;
      });
      if (context.attempt === 1) {
        begun.open();
        await untilAborted(context.signal).catch((error: unknown) => {
          reason = error;
          throw error;
        });
      }
      await context.step('second', async () => {
        calls.push('second');
      });
      return { first };
    });
    await begun.opened;
    const paused = await system.runs.control(runId, { action: 'pause', reason: 'lunch' });
    expect(paused).toMatchObject({ status: 'paused', attempt: 1 });
    await expect.poll(() => reason).toMatchObject({ code: 'cancelled', message: `Run \`${runId}\` is paused now.` });
    expect(await system.endOf(async () => ({ meanwhile: true }))).toMatchObject({ status: 'completed' });
    expect(await system.runs.get(runId)).toEqual(paused);

    expect(await system.runs.control(runId, { action: 'resume' })).toMatchObject({ status: 'pending' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2, result: { first: 1 } });
    expect(calls).toEqual(['first', 'second']);
    expect(await system.messages(runId)).toEqual([
      'started on test-0',
      'paused: lunch',
      'resumed',
      'goes on, attempt 2 on test-0',
      'completed',
    ]);
  });

  test('a run that waits keeps it waiting until it is resumed', async () => {
    const place = await occupy();
    const { runId } = await system.start(async () => ({ done: true }));
    await system.runs.control(runId, { action: 'pause' });
    place.release();
    await system.endOf(async () => ({}));
    expect(await system.runs.get(runId)).toMatchObject({ status: 'paused', attempt: 0 });
    await system.runs.control(runId, { action: 'resume' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 1 });
  });

  test('and resuming many times in a row loses nothing and stores nothing twice', async () => {
    await testDatabase.database.execute('create table if not exists often (step int not null)');
    const { runId } = await system.start(async (context) => {
      for (let step = 1; step <= 30; step += 1) {
        const sql = 'insert into often (step) values ($1)';
        await context.transaction('store', (transaction) => transaction.execute(sql, [step]));
      }
      return {};
    });
    for (let round = 0; round < 8; round += 1) {
      if ((await system.runs.get(runId)).status === 'completed') break;
      await system.runs.control(runId, { action: 'pause' });
      await system.runs.control(runId, { action: 'resume' });
      if (round % 2 === 0) await system.until(runId, 'running', 'completed');
    }
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed' });
    const row = z.object({ rows: z.coerce.number(), steps: z.coerce.number() });
    const sql = 'select count(*) as rows, count(distinct step) as steps from often';
    expect(await testDatabase.database.query(row, sql)).toEqual([{ rows: 30, steps: 30 }]);
  });
});

describe('cancelling', () => {
  test('a paused run ends it for good', async () => {
    const begun = createGate();
    const { runId } = await system.start(holding(begun.open));
    await begun.opened;
    await system.runs.control(runId, { action: 'pause' });
    await system.runs.control(runId, { action: 'cancel' });
    await expect(system.runs.control(runId, { action: 'resume' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'cancelled' });
  });

  test('a run that waits keeps it from ever beginning', async () => {
    const place = await occupy();
    const { runId } = await system.start(async () => ({}));
    await system.runs.control(runId, { action: 'cancel' });
    place.release();
    await system.endOf(async () => ({}));
    expect(await system.runs.get(runId)).toMatchObject({ status: 'cancelled', attempt: 0 });
  });
});

describe('priority', () => {
  test('decides which of the waiting runs begins', async () => {
    const place = await occupy();
    const order: string[] = [];
    const add = (name: string, priority?: number) =>
      system.start(
        async () => {
          order.push(name);
          return {};
        },
        { priority },
      );
    const added = [await add('low', 1), await add('default'), await add('high', 9), await add('raised', 2)];
    const raised = await system.runs.control(added[3]?.runId ?? '', { action: 'prioritize', priority: 10 });
    expect(raised).toMatchObject({ status: 'pending', priority: 10 });
    place.release();
    for (const { runId } of added) await system.runs.waitFor(runId);
    expect(order).toEqual(['raised', 'high', 'default', 'low']);
  });

  test('is kept by a run that is paused and resumed', async () => {
    const place = await occupy();
    const order: string[] = [];
    const add = (name: string, priority: number) =>
      system.start(
        async () => {
          order.push(name);
          return {};
        },
        { priority },
      );
    const paused = await add('paused', 2);
    const other = await add('other', 6);
    await system.runs.control(paused.runId, { action: 'pause' });
    await system.runs.control(paused.runId, { action: 'prioritize', priority: 8 });
    await system.runs.control(paused.runId, { action: 'resume' });
    place.release();
    for (const { runId } of [paused, other]) await system.runs.waitFor(runId);
    expect(order).toEqual(['paused', 'other']);
  });

  test.each([0, 11, 1.5, Number.NaN, undefined])('%s is none', async (priority) => {
    const place = await occupy();
    const { runId } = await system.start(async () => ({}));
    const failing = system.runs.control(runId, { action: 'prioritize', priority });
    await expect(failing).rejects.toMatchObject({ code: 'invalid_input' });
    place.release();
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', priority: 5 });
  });
});

describe('a transition that does not apply', () => {
  const illegal = RUN_STATUSES.flatMap((status) =>
    RUN_ACTIONS.filter((action) => !statesFor(action).includes(status)).map((action) => [status, action] as const),
  ).filter(([status, action]) => status !== 'cancelled' || action !== 'cancel');

  /** A run of this status that stays so. */
  async function runOf(status: RunStatus): Promise<string> {
    if (status === 'pending') {
      await occupy();
      return (await system.start(async () => ({}))).runId;
    }
    const { runId } = await system.start(async (context) => {
      if (status === 'completed') return {};
      if (status === 'failed') throw new AppError('invalid_input', 'as told');
      if (status === 'waiting_approval') await context.approval('Go on?');
      if (status === 'waiting_input') {
        await context.ask({ name: { message: 'Your name?', fields: z.object({ name: z.string() }) } });
      }
      return untilAborted(context.signal);
    });
    await system.until(runId, 'running', 'completed', 'failed', 'waiting_approval', 'waiting_input');
    if (status === 'paused') await system.runs.control(runId, { action: 'pause' });
    if (status === 'cancelled') await system.runs.control(runId, { action: 'cancel' });
    await system.until(runId, status);
    return runId;
  }

  test.each(illegal)('of a run that is %s is refused: %s', async (status, action) => {
    const runId = await runOf(status);
    const before = await system.runs.get(runId);
    const failing = system.runs.control(runId, { action, priority: 3 });
    const legal = RUN_ACTIONS.filter((other) => statesFor(other).includes(status));
    await expect(failing).rejects.toMatchObject({ code: 'conflict', details: { status } });
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    for (const name of legal) expect(error).toHaveProperty('hint', expect.stringContaining(name));
    expect({ ...(await system.runs.get(runId)), progress: before.progress }).toEqual(before);
  });
});
