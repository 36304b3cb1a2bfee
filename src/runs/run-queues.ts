import { hostname } from 'node:os';
import { AppError } from '../core/errors.ts';
import type { QueueSettings } from './engine/index.ts';
import { RUN_QUEUES } from './run-kind.ts';
import type { RunQueueName } from './run-kind.ts';
import type { WorkerSettings } from './run-parts.ts';

export interface QueueLimits {
  /** Runs of the queue `runs` that one worker executes at a time. */
  readonly concurrency: number;
  /** Of the queue `batches`. */
  readonly batchConcurrency: number;
}

/** What a worker on this host executes: all queues, or those that are named. Throws `invalid_input` for others. */
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

function settingsOf(name: RunQueueName, { concurrency, batchConcurrency }: QueueLimits): QueueSettings {
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
