import type { QueueSettings } from './workflow-engine.ts';

/** All processes that share the work must say the same. */
export const APPLICATION_NAME = 'lightdom';
export const SCHEMA = 'dbos';

/**
 * Unfinished work is taken up only by processes of the same version. It changes when recorded steps no longer fit the
 * code that would go on after them, not with each release.
 */
export const APPLICATION_VERSION = '2';

/** A frozen process must not hold its row locks longer than this; the library's default of 60 s delays recovery. */
export const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;

/** A workflow waits for the queue's next poll: 100 ms keeps that unnoticed, at ten light queries a second. */
const QUEUE_POLL_MS = 100;

/** A queue as the library wants it. */
export interface LibraryQueue {
  minPollingIntervalMs: number;
  onConflict: 'always_update';
  workerConcurrency?: number;
  globalConcurrency?: number;
  partitionConcurrency?: number;
  rateLimit?: { limitPerPeriod: number; periodSec: number };
}

export function libraryQueue(settings: QueueSettings): LibraryQueue {
  const { workerConcurrency, globalConcurrency, partitionConcurrency, rateLimit } = settings;
  return {
    minPollingIntervalMs: QUEUE_POLL_MS,
    onConflict: 'always_update',
    // The library refuses more in one process than in all.
    ...(workerConcurrency === undefined
      ? {}
      : { workerConcurrency: Math.min(workerConcurrency, globalConcurrency ?? workerConcurrency) }),
    ...(globalConcurrency === undefined ? {} : { globalConcurrency }),
    ...(partitionConcurrency === undefined ? {} : { partitionConcurrency }),
    ...(rateLimit === undefined
      ? {}
      : { rateLimit: { limitPerPeriod: rateLimit.limit, periodSec: rateLimit.periodMs / 1000 } }),
  };
}

/** The name under which the sessions of an executor's engine stand in `pg_stat_activity`, which keeps 63 bytes. */
export function sessionNameOf(executorId: string): string {
  return `dbos_transact_${executorId}_${APPLICATION_VERSION}`.slice(0, 63);
}
