import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { AppError } from '../core/errors.ts';
import type { QueueSettings } from './engine/index.ts';
import { RUN_QUEUES } from './run-kind.ts';
import type { WorkerSettings } from './run-parts.ts';

export interface QueueLimits {
  /** Runs of the queue `runs` that one worker executes at a time. */
  readonly concurrency: number;
  /** Of the queue `batches`. */
  readonly batchConcurrency: number;
}

/** The queue of what only the workers of one master can execute: those that have its data folder. */
export function localQueueOf(dataDir: string): string {
  const hash = createHash('sha256').update(`${hostname()}\n${dataDir}`).digest('hex');
  return `local-${hash.slice(0, 12)}`;
}

/** What a worker of a master executes: everything, its own included. */
export function ownWorkerSettings(limits: QueueLimits, dataDir: string): WorkerSettings {
  const { host, queues } = workerSettings(limits);
  return { host, queues: [...queues, { name: localQueueOf(dataDir), workerConcurrency: limits.concurrency }] };
}

/** What a worker that joins executes: all shared queues, or those that are named. Throws `invalid_input` for others. */
export function workerSettings(limits: QueueLimits, names: readonly string[] = RUN_QUEUES): WorkerSettings {
  const unknown = names.find((name) => !RUN_QUEUES.some((queue) => queue === name));
  if (unknown !== undefined || names.length === 0) {
    throw new AppError('invalid_input', `There is no queue \`${unknown ?? ''}\`.`, {
      hint: `Queues: ${RUN_QUEUES.join(', ')}.`,
    });
  }
  const queues = RUN_QUEUES.filter((queue) => names.includes(queue));
  return { host: hostName(), queues: queues.map((queue) => settingsOf(queue, limits)) };
}

function settingsOf(name: (typeof RUN_QUEUES)[number], { concurrency, batchConcurrency }: QueueLimits): QueueSettings {
  switch (name) {
    case 'runs':
      return { name, workerConcurrency: concurrency };
    case 'batches':
      return { name, workerConcurrency: batchConcurrency };
  }
}

/** Short enough that the id of an executor fits into the names of its connections. */
function hostName(): string {
  return hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 24);
}
