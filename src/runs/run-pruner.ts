import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { WorkflowControl } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import type { RunKinds } from './run-kinds.ts';
import type { RunStore } from './run-store.ts';

/** A century. */
const MAX_DAYS = 36_500;

/** Runs without a parent that one round takes, with all that belongs to them. */
const BATCH_SIZE = 200;

export interface PrunerDeps {
  readonly store: RunStore;
  readonly control: WorkflowControl;
  readonly kinds: RunKinds;
  readonly log: Log;
  readonly reach: FaultHook;
  /** Age at which ended runs are deleted; 0 keeps them for ever. */
  readonly retentionDays: number;
}

export interface PruneOptions {
  readonly olderThanDays?: number | undefined;
  readonly isDryRun?: boolean;
  /** Ends it before the next batch. */
  readonly signal?: AbortSignal;
}

export interface PruneReport {
  readonly olderThanDays: number;
  readonly runs: number;
  readonly isDryRun: boolean;
}

/** Deletes ended runs of a certain age: what their kind keeps, what the engine keeps, then their rows. */
export class RunPruner {
  readonly #deps: PrunerDeps;

  constructor(deps: PrunerDeps) {
    this.#deps = deps;
  }

  /** In batches, until none is left or the signal comes; a run whose deletion was cut off is deleted the next time. */
  async prune(options: PruneOptions = {}): Promise<PruneReport> {
    const { store, retentionDays, log } = this.#deps;
    const { isDryRun = false } = options;
    const olderThanDays = checkedDays(options.olderThanDays ?? retentionDays);
    if (options.olderThanDays === undefined && retentionDays === 0) return { olderThanDays, runs: 0, isDryRun };
    if (isDryRun) return { olderThanDays, runs: await store.countPrunable(olderThanDays), isDryRun };
    let runs = 0;
    while (options.signal?.aborted !== true) {
      const batch = await store.listPrunable(olderThanDays, BATCH_SIZE);
      const removed = batch.length === 0 ? 0 : await this.#remove(batch);
      runs += removed;
      if (removed === 0) break;
    }
    if (runs > 0) log.info({ runs, olderThanDays }, 'old runs were deleted');
    return { olderThanDays, runs, isDryRun };
  }

  async #remove(batch: readonly { readonly runId: string; readonly kind: string }[]): Promise<number> {
    const { store, control, kinds, reach } = this.#deps;
    for (const { runId, kind } of batch) await kinds.dispose(kind, runId);
    const runIds = batch.map(({ runId }) => runId);
    await control.remove(runIds);
    reach('prune:engine');
    const removed = await store.remove(runIds);
    reach('prune:rows');
    return removed;
  }
}

function checkedDays(days: number): number {
  if (days >= 0 && days <= MAX_DAYS) return days;
  throw new AppError('invalid_input', `The age of ${days} days is not from 0 to ${MAX_DAYS}.`);
}
