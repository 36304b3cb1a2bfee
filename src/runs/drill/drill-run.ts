import { Piscina } from 'piscina';
import { z } from 'zod';
import type { Database } from '../../core/db/index.ts';
import { AppError } from '../../core/errors.ts';
import { entryPath } from '../../core/process/index.ts';
import type { RunContext, RunKind } from '../run-kind.ts';
import type { Run } from '../run-schema.ts';
import { DrillStore } from './drill-store.ts';
import type { DrillTask } from './drill-task.ts';

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

const IDLE_EXIT_MS = 10_000;
/** One makes millions of rows a second, more than a database takes; each further one costs 0.15 CPU seconds to start. */
const THREADS = 1;

/**
 * A drill: many cheap operations, computed in threads and stored exactly once by all workers together, then counted and
 * compared with what was to be stored. It shows that database, workers and recovery do what they should, and how fast.
 */
export function drillRunKind(database: Database): {
  readonly run: RunKind<DrillInput>;
  readonly chunk: RunKind<ChunkInput>;
  close(): Promise<void>;
} {
  const store = new DrillStore(database);
  const pool = new Piscina<DrillTask, unknown>({
    filename: entryPath(import.meta.url, './drill-worker.ts'),
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_EXIT_MS,
  });
  const makeRows = async (task: DrillTask, signal: AbortSignal): Promise<Uint8Array> =>
    z.instanceof(Uint8Array).parse(await pool.run(task, { name: 'makeRows', signal }));
  const sumValues = async (task: DrillTask, signal: AbortSignal): Promise<string> =>
    z.string().parse(await pool.run(task, { name: 'sumValues', signal }));
  return {
    run: {
      kind: 'drill',
      input: drillInput,
      title: ({ operations, chunks }) => `Drill of ${operations} operations in ${chunks} chunks`,
      execute: async (input, context) => {
        const startedAt = await context.step('begin', async () => {
          await store.createTable(context.runId);
          return Date.now();
        });
        await runChunks(input, context);
        const expected = await context.step('sum', () =>
          sumValues({ seed: input.seed, from: 0, count: input.operations }, context.signal),
        );
        const counts = await store.count(context.runId);
        const seconds = Math.max(1, Date.now() - startedAt) / 1000;
        if (counts.rows !== input.operations || counts.distinct !== input.operations || counts.sum !== expected) {
          const found = `${counts.rows} rows, ${counts.distinct} distinct, sum ${counts.sum}`;
          throw new AppError('upstream_failed', `The drill stored ${found}; expected ${input.operations} and ${expected}.`);
        }
        if (!input.keep) await store.dropTable(context.runId);
        return { ...counts, seconds, operationsPerSecond: Math.round(input.operations / seconds) };
      },
      dispose: (runId) => store.dropTable(runId),
    },
    chunk: {
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
          produce: (range, signal) =>
            makeRows({ seed, from: from + range.from, count: range.count }, signal),
        });
        return { count };
      },
    },
    close: () => pool.destroy(),
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
