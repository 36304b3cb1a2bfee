import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import type { BatchPlan } from '../../src/runs/index.ts';
import { createGate, untilAborted } from '../support/gate.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns, holding, reached } from './run-system.ts';
import type { RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
let system: RunSystem;
let tables = 0;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase);
  await system.runs.open();
});
afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

interface Range {
  readonly from: number;
  readonly count: number;
}

interface Planned {
  readonly plan: BatchPlan;
  readonly ranges: Range[];
  readonly counts: () => Promise<{ rows: number; distinct: number }>;
}

/** Operations that store their number, in a table of their own without a key. */
async function planOf(total: number, onRange: (range: Range) => Promise<void> = async () => {}): Promise<Planned> {
  tables += 1;
  const table = `operation_${tables}`;
  await testDatabase.database.execute(`create table ${table} (n int not null)`);
  const ranges: Range[] = [];
  return {
    ranges,
    plan: {
      name: 'store',
      total,
      unit: 'operations',
      copy: `copy ${table} (n) from stdin`,
      produce: async (range) => {
        ranges.push(range);
        await onRange(range);
        return Buffer.from(Array.from({ length: range.count }, (_, at) => `${range.from + at}\n`).join(''));
      },
    },
    async counts() {
      const row = z.object({ rows: z.coerce.number(), distinct: z.coerce.number() });
      const sql = `select count(*) as rows, count(distinct n) as distinct from ${table}`;
      const [found] = await testDatabase.database.query(row, sql);
      return found ?? { rows: 0, distinct: 0 };
    },
  };
}

describe('a deadline', () => {
  test('fails a run that has not ended by then, and aborts it', async () => {
    let reason: unknown;
    const startedMs = performance.now();
    const run = await system.endOf(
      ({ signal }) =>
        untilAborted(signal).catch((error: unknown) => {
          reason = error;
          throw error;
        }),
      { timeoutMs: 300 },
    );
    expect(performance.now() - startedMs).toBeLessThan(3_500);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
    expect(run.error?.message).toMatch(/^The run had not ended by its deadline, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.$/);
    await expect.poll(() => reason).toMatchObject({ code: 'cancelled' });
    await expect.poll(() => system.runs.activeCount()).toBe(0);
    expect((await system.engine.control.states([run.runId])).get(run.runId)).not.toBe('running');
  });

  test('does nothing to a run that ends in time', async () => {
    const run = await system.endOf(async () => ({ done: true }), { timeoutMs: 60_000 });
    expect(run).toMatchObject({ status: 'completed' });
    const lastsMs = Date.parse(run.deadlineAt ?? '') - Date.parse(run.createdAt);
    expect(Math.abs(lastsMs - 60_000)).toBeLessThan(100);
  });

  test('of a parent is the latest of its children, and all end with it', async () => {
    const input = system.define(holding());
    const { runId, deadlineAt } = await system.start(
      async (context) => {
        await context.startChild('test_part', input, { timeoutMs: 3_600_000 });
        await context.startChild('test_part', input);
        await context.waitForChildren();
        return {};
      },
      { timeoutMs: 1_500 },
    );
    await expect.poll(async () => (await system.runs.listChildren(runId)).length).toBe(2);
    const children = await system.runs.listChildren(runId);
    expect(children.map((child) => child.deadlineAt)).toEqual([deadlineAt, deadlineAt]);
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
    for (const child of children) {
      expect(await system.runs.waitFor(child.runId)).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
    }
    await expect.poll(() => system.runs.activeCount()).toBe(0);
  });

  test('also ends a run that is paused, and begins anew with a retry', async () => {
    const { runId } = await system.start(holding(), { timeoutMs: 1_000 });
    await system.until(runId, 'running');
    await system.runs.control(runId, { action: 'pause' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
    const retried = await system.runs.control(runId, { action: 'retry' });
    expect(Date.parse(retried.deadlineAt ?? '')).toBeGreaterThan(Date.now());
    await system.runs.control(runId, { action: 'cancel' });
  });
});

describe('a budget', () => {
  test('of operations stops a run exactly at the limit, with the rows of whole batches', async () => {
    const { plan, counts } = await planOf(50_000);
    const run = await system.endOf(
      async (context) => {
        await context.batches(plan);
        return {};
      },
      { budget: { operations: 3_500 } },
    );
    expect(run).toMatchObject({ status: 'failed', error: { code: 'limit_reached' } });
    const { rows } = await counts();
    expect(rows % 1_000).toBe(0);
    expect(rows).toBeLessThanOrEqual(3_500);
    expect(rows).toBeGreaterThan(0);
    expect(run.spent).toEqual({ operations: rows });
  });

  test('that is just enough lets a run complete', async () => {
    const { plan, counts } = await planOf(3_000);
    const run = await system.endOf(
      async (context) => {
        await context.batches(plan);
        return {};
      },
      { budget: { operations: 3_000 } },
    );
    expect(run).toMatchObject({ status: 'completed', spent: { operations: 3_000 } });
    expect(await counts()).toEqual({ rows: 3_000, distinct: 3_000 });
  });

  test('of tokens is counted by what a run spends', async () => {
    const run = await system.endOf(
      async (context) => {
        await context.spend('tokens', 60);
        await context.spend('usd', 0.25);
        await context.spend('tokens', 41);
        return {};
      },
      { budget: { tokens: 100, usd: 1 } },
    );
    expect(run).toMatchObject({
      status: 'failed',
      error: {
        code: 'limit_reached',
        message: 'The budget of 100 tokens is used up: 101 would be spent.',
        hint: 'Start the run again with a larger budget.',
      },
      spent: { usd: 0.25, tokens: 101 },
    });
  });

  test.each([-1, Number.NaN, Infinity])('can not be spent by %s', async (amount) => {
    const run = await system.endOf(async (context) => {
      await context.spend('tokens', amount);
      return {};
    });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'invalid_input' } });
    expect(run.spent).toBeUndefined();
  });
});

describe('batches', () => {
  test('store each operation once and tell how far they are', async () => {
    const { plan, counts, ranges } = await planOf(25_500);
    const seen: number[] = [];
    const stop = system.runs.events.on('progress', ({ progress }) => seen.push(progress.done));
    const run = await system.endOf(async (context) => {
      await context.batches(plan);
      return {};
    });
    stop();
    expect(run).toMatchObject({
      status: 'completed',
      progress: { done: 25_500, total: 25_500, unit: 'operations', message: 'store' },
      spent: { operations: 25_500 },
    });
    expect(await counts()).toEqual({ rows: 25_500, distinct: 25_500 });
    expect(ranges.reduce((sum, { count }) => sum + count, 0)).toBe(25_500);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('of nothing are none', async () => {
    const { plan, ranges } = await planOf(0);
    const run = await system.endOf(async (context) => {
      await context.batches(plan);
      return { done: true };
    });
    expect(run).toMatchObject({ status: 'completed', result: { done: true } });
    expect(ranges).toEqual([]);
  });

  test('that fail in the middle keep what they have stored, and a retry goes on behind it', async () => {
    let isMended = false;
    const { plan, counts } = await planOf(12_000, async ({ from }) => {
      if (from >= 3_000 && !isMended) throw new AppError('upstream_failed', 'no rows');
    });
    const { runId } = await system.start(async (context) => {
      await context.batches(plan);
      return {};
    });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'failed', error: { code: 'upstream_failed' } });
    const { rows } = await counts();
    expect(rows).toBeGreaterThanOrEqual(1_000);
    expect(rows).toBeLessThan(12_000);
    isMended = true;
    await system.runs.control(runId, { action: 'retry' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', spent: { operations: 12_000 } });
    expect(await counts()).toEqual({ rows: 12_000, distinct: 12_000 });
  });

  test('are exact when they are paused and resumed again and again', async () => {
    const { plan, counts } = await planOf(40_000, () => new Promise((resolve) => setTimeout(resolve, 30)));
    const { runId } = await system.start(async (context) => {
      await context.batches({ ...plan, name: 'slow' });
      return {};
    });
    for (let round = 0; round < 5; round += 1) {
      const run = await reached(system.runs, runId, ({ status, attempt }) => status !== 'running' || attempt > round);
      if (run.status === 'completed') break;
      await system.runs.control(runId, { action: 'pause' });
      await system.runs.control(runId, { action: 'resume' });
    }
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', spent: { operations: 40_000 } });
    expect(await counts()).toEqual({ rows: 40_000, distinct: 40_000 });
  });

  test('are exact after an interruption in the middle of one', async () => {
    const [middle, gate] = [createGate(), createGate()];
    const { plan, counts } = await planOf(30_000, async ({ from }) => {
      if (from < 10_000) return;
      middle.open();
      await gate.opened;
    });
    const { runId } = await system.start(async (context) => {
      await context.batches(plan);
      return {};
    });
    await middle.opened;
    const closed = system.runs.close();
    gate.open();
    await closed;
    const before = await counts();
    expect(before.rows).toBeGreaterThan(0);
    expect(before.rows).toBeLessThan(30_000);
    await system.runs.open();
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'completed',
      attempt: 2,
      spent: { operations: 30_000 },
    });
    expect(await counts()).toEqual({ rows: 30_000, distinct: 30_000 });
  });
});
