import type { Queryable } from '../core/db/index.ts';
import { BatchSize } from './batch-size.ts';
import type { BatchPlan } from './run-kind.ts';

export interface BatchDeps {
  readonly signal: AbortSignal;
  transaction<T>(name: string, work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /** Counts operations within the transaction that does them. Throws when the budget or the attempt is over. */
  spend(count: number, transaction: Queryable): Promise<void>;
  /** Committed just now, and not by a former attempt. */
  onStored(count: number): void;
  onBatch(done: number): void;
  readonly now: () => number;
}

interface Batch {
  readonly from: number;
  readonly count: number;
  readonly rows: Promise<Uint8Array>;
}

/**
 * Stores the operations of a plan in transactional steps, while the rows of the next step are being made. A repeated
 * attempt passes over the recorded steps by their counts, and goes on behind the last.
 */
export async function runBatches(deps: BatchDeps, plan: BatchPlan): Promise<void> {
  const { signal, now } = deps;
  const size = new BatchSize();
  const prepare = (from: number): Batch => {
    const count = Math.min(size.current(), plan.total - from);
    const rows = plan.produce({ from, count }, signal);
    // It may fail before anybody waits for it.
    rows.catch(() => {});
    return { from, count, rows };
  };
  let next: Batch | undefined;
  for (let done = 0; done < plan.total;) {
    signal.throwIfAborted();
    const startedMs = now();
    let current = next;
    next = undefined;
    const from = done;
    let stored = 0;
    done += await deps.transaction(plan.name, async (transaction) => {
      // The first of its kind, or one that was rolled back.
      current = current?.from === from ? current : prepare(from);
      const { count, rows } = current;
      const bytes = await rows;
      if (from + count < plan.total) next ??= prepare(from + count);
      await transaction.copyIn(plan.copy, [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)]);
      await deps.spend(count, transaction);
      stored = count;
      return count;
    });
    if (next !== undefined) size.note(now() - startedMs);
    if (stored > 0) deps.onStored(stored);
    deps.onBatch(done);
  }
}
