import { z } from 'zod';
import type { Database } from '../../core/db/index.ts';
import { AppError } from '../../core/errors.ts';
import type { RunContext, RunKind } from '../run-kind.ts';
import type { Run } from '../run-schema.ts';
import { DrillPool } from './drill-pool.ts';
import { DrillStore } from './drill-store.ts';

const MAX_OPERATIONS = 100_000_000;

const drillInput = z.object({
  operations: z.number().int().min(1).max(MAX_OPERATIONS),
  /** Parts that are shared out to the workers. */
  chunks: z.number().int().min(1).max(1_000),
  seed: z.number().int().min(0).max(0xffff_ffff),
  /** Keep the rows until the run is deleted. */
  keep: z.boolean(),
});
type DrillInput = z.infer<typeof drillInput>;

const chunkInput = z.object({ drill: z.string(), seed: z.number(), from: z.number(), count: z.number() });
type ChunkInput = z.infer<typeof chunkInput>;

/**
 * A drill: many cheap operations, computed in threads and stored exactly once by all workers together, then counted and
 * compared with what was to be stored. It shows that database, workers and recovery do what they should, and how fast.
 */
export interface Drill {
  readonly run: RunKind<DrillInput>;
  readonly chunk: RunKind<ChunkInput>;
  /** Ends its threads. */
  close(): Promise<void>;
}

export function createDrill(database: Database): Drill {
  const store = new DrillStore(database);
  const pool = new DrillPool();
  return { run: drillKind(store, pool), chunk: chunkKind(store, pool), close: () => pool.close() };
}

function drillKind(store: DrillStore, pool: DrillPool): RunKind<DrillInput> {
  return {
    kind: 'drill',
    input: drillInput,
    title: ({ operations, chunks }) => `Drill of ${operations} operations in ${chunks} chunks`,
    execute: async (input, context) => {
      const { operations, seed } = input;
      const startedAtMs = await context.step('begin', async () => {
        await store.createTable(context.runId);
        return Date.now();
      });
      await runChunks(input, context);
      const task = { seed, from: 0, count: operations };
      const expected = await context.step('sum', () => pool.sumValues(task, context.signal));
      const counts = await context.step('count', () => store.count(context.runId));
      if (counts.rows !== operations || counts.distinct !== operations || counts.sum !== expected) {
        const found = `${counts.rows} rows, ${counts.distinct} distinct, sum ${counts.sum}`;
        throw new AppError('upstream_failed', `The drill stored ${found}; expected ${operations}, sum ${expected}.`);
      }
      if (!input.keep) await context.step('end', () => store.dropTable(context.runId));
      const seconds = Math.max(1, Date.now() - startedAtMs) / 1000;
      return { ...counts, seconds, operationsPerSecond: Math.round(operations / seconds) };
    },
    dispose: (runId) => store.dropTable(runId),
  };
}

function chunkKind(store: DrillStore, pool: DrillPool): RunKind<ChunkInput> {
  return {
    kind: 'drill_chunk',
    input: chunkInput,
    queue: 'batches',
    title: ({ from, count }) => `Operations ${from} to ${from + count - 1}`,
    execute: async ({ drill, seed, from, count }, context) => {
      await context.batches({
        name: 'store',
        total: count,
        unit: 'operations',
        copy: store.copyStatement(drill),
        produce: (range, signal) => pool.makeRows({ seed, from: from + range.from, count: range.count }, signal),
      });
      return { count };
    },
  };
}

async function runChunks({ operations, chunks, seed }: DrillInput, context: RunContext): Promise<void> {
  const size = Math.ceil(operations / chunks);
  for (let from = 0; from < operations; from += size) {
    const count = Math.min(size, operations - from);
    await context.startChild('drill_chunk', { drill: context.runId, seed, from, count });
  }
  const ended = await context.waitForChildren((children) => {
    const done = children.reduce((sum, child) => sum + child.progress.done, 0);
    context.progress({ done, total: operations, unit: 'operations', message: 'storing' });
  });
  const failed = ended.find((child) => child.status !== 'completed');
  if (failed !== undefined) throw chunkFailed(failed);
}

function chunkFailed(child: Run): AppError {
  const reason = child.error?.message ?? `it was ${child.status}`;
  return new AppError('upstream_failed', `Run \`${child.runId}\`, a part of this one, did not complete: ${reason}`, {
    hint: 'Retry this run: its parts that did not complete are retried with it.',
  });
}
