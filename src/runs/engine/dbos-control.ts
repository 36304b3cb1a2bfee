import { setTimeout as delay } from 'node:timers/promises';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import type { WorkflowStatusString } from '@dbos-inc/dbos-sdk';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import { migrateSystemDatabase } from '@dbos-inc/dbos-sdk/internal/system_database';
import { GlobalLogger } from '@dbos-inc/dbos-sdk/internal/telemetry/logs';
import { databaseError } from '../../core/db/index.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { CompletionStore } from './completion-store.ts';
import { dbosLog } from './dbos-log.ts';
import {
  APPLICATION_NAME,
  APPLICATION_VERSION,
  IDLE_TRANSACTION_TIMEOUT_MS,
  libraryQueue,
  SCHEMA,
} from './dbos-names.ts';
import { setUpAlone } from './engine-setup-store.ts';
import type {
  EnqueueOptions,
  QueuePlace,
  QueueSettings,
  WorkflowControl,
  WorkflowSchedule,
  WorkflowState,
  WorkflowStep,
} from './workflow-engine.ts';

/** The library repeats for ever what a database refuses that is away or full. */
const ANSWER_MS = 10_000;

export interface DbosControlDeps {
  readonly url: string;
  readonly log: Log;
  /** Records of transactional steps, which the library's client leaves alone. */
  readonly completions: CompletionStore;
}

/** Connections for control alone; what is executed has a pool of its own. */
const POOL_SIZE = 4;

/** Speaks with the engine's tables through the library's client, which executes nothing. */
export class DbosControl implements WorkflowControl {
  readonly #url: string;
  readonly #log: Log;
  readonly #completions: CompletionStore;
  #client: DBOSClient | undefined;

  constructor({ url, log, completions }: DbosControlDeps) {
    this.#url = url;
    this.#log = log;
    this.#completions = completions;
  }

  async connect(): Promise<void> {
    if (this.#client !== undefined) throw new AppError('conflict', 'The durable engine is connected already.');
    // What `DBOS.migrate` does, which writes to stdout.
    const logger = dbosLog(this.#log);
    await setUpAlone({ url: this.#url, log: this.#log }, async () => {
      await migrateSystemDatabase(this.#url, new GlobalLogger(undefined, { logger }), SCHEMA);
      await this.#completions.initialize();
    });
    this.#client = await DBOSClient.create({
      systemDatabaseUrl: this.#url,
      systemDatabaseSchemaName: SCHEMA,
      systemDatabasePoolSize: POOL_SIZE,
      systemDatabaseIdleTransactionTimeoutMs: IDLE_TRANSACTION_TIMEOUT_MS,
      applicationName: APPLICATION_NAME,
      logger,
    });
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.destroy();
  }

  async registerQueue(settings: QueueSettings): Promise<void> {
    await this.#ask((client) => client.registerQueue(settings.name, libraryQueue(settings)));
  }

  async enqueue(name: string, options: EnqueueOptions): Promise<void> {
    const { workflowId, queue, partition, priority } = options;
    await this.#ask((client) =>
      client.enqueue(
        {
          workflowName: name,
          workflowID: workflowId,
          queueName: queue,
          appVersion: APPLICATION_VERSION,
          ...(partition === undefined ? {} : { queuePartitionKey: partition }),
          ...(priority === undefined ? {} : { priority }),
        },
        workflowId,
      ),
    );
  }

  async cancel(workflowIds: readonly string[]): Promise<void> {
    if (workflowIds.length > 0) await this.#ask((client) => client.cancelWorkflows([...workflowIds]));
  }

  async resume(workflowId: string, { queue }: QueuePlace): Promise<void> {
    await this.#ask((client) => client.resumeWorkflow(workflowId, { queueName: queue }));
  }

  async rewind(workflowId: string, fromStep: number, { queue, partition }: QueuePlace): Promise<void> {
    const state = (await this.states([workflowId])).get(workflowId);
    if (state === 'queued' || state === 'running') throw notEnded(workflowId);
    await this.#completions.deleteCheckpoints(workflowId, fromStep);
    try {
      await this.#ask((client) =>
        client.rewindWorkflow(workflowId, {
          startStep: fromStep,
          queueName: queue,
          applicationVersion: APPLICATION_VERSION,
          ...(partition === undefined ? {} : { queuePartitionKey: partition }),
        }),
      );
    } catch (error) {
      if (!/only a workflow in a terminal state|changed status/.test(messageOf(error))) throw error;
      throw notEnded(workflowId, error);
    }
  }

  async fork(workflowId: string, fromStep: number, options: EnqueueOptions): Promise<void> {
    await this.#ask((client) =>
      client.forkWorkflow(workflowId, fromStep, {
        newWorkflowID: options.workflowId,
        queueName: options.queue,
        applicationVersion: APPLICATION_VERSION,
        ...(options.partition === undefined ? {} : { queuePartitionKey: options.partition }),
      }),
    );
  }

  async setPriority(workflowId: string, priority: number): Promise<void> {
    await this.#ask((client) => client.setWorkflowPriority(workflowId, priority));
  }

  async states(workflowIds: readonly string[]): Promise<ReadonlyMap<string, WorkflowState>> {
    if (workflowIds.length === 0) return new Map();
    const filter = { workflowIDs: [...workflowIds], loadInput: false, loadOutput: false };
    const found = await this.#ask((client) => client.listWorkflows(filter));
    return new Map(found.map((row) => [row.workflowID, stateOf(row.status)]));
  }

  async steps(workflowId: string): Promise<readonly WorkflowStep[]> {
    const steps = (await this.#ask((client) => client.listWorkflowSteps(workflowId))) ?? [];
    return steps.map(({ functionID, name, error }) => ({ index: functionID, name, isFailed: error !== null }));
  }

  async remove(workflowIds: readonly string[]): Promise<void> {
    if (workflowIds.length === 0) return;
    await this.#ask((client) => client.deleteWorkflows([...workflowIds]));
    await this.#completions.remove(workflowIds);
  }

  async send(workflowId: string, topic: string, message: unknown): Promise<void> {
    await this.#ask((client) => client.send(workflowId, message, topic));
  }

  readStream(workflowId: string, stream: string): AsyncIterable<unknown> {
    return this.#connected().readStream(workflowId, stream);
  }

  async schedule({ name, workflow, cron, timeZone }: Omit<WorkflowSchedule, 'isPaused'>): Promise<void> {
    const options = timeZone === undefined ? {} : { cronTimezone: timeZone };
    await this.#ask((client) =>
      client.applySchedules([{ scheduleName: name, workflowName: workflow, schedule: cron, ...options }]),
    );
  }

  async listSchedules(): Promise<readonly WorkflowSchedule[]> {
    const rows = await this.#ask((client) => client.listSchedules());
    return rows.map((row) => scheduleOf(row));
  }

  async pauseSchedule(name: string): Promise<void> {
    await this.#ask((client) => client.pauseSchedule(name));
  }

  async resumeSchedule(name: string): Promise<void> {
    await this.#ask((client) => client.resumeSchedule(name));
  }

  async removeSchedule(name: string): Promise<void> {
    await this.#ask((client) => client.deleteSchedule(name));
  }

  /**
   * Where this process executes, the library's own recovery does it in one guarded statement. Elsewhere what is listed is
   * resumed; that forgets how often the library has tried, which nobody here relies on.
   */
  async recover(executorId: string): Promise<readonly string[]> {
    const executor = DBOSExecutor.globalInstance;
    if (DBOS.isInitialized() && executor !== undefined) {
      const handles = await executor.recoverPendingWorkflows([executorId]);
      return handles.map((handle) => handle.workflowID);
    }
    const filter = { status: 'PENDING', executorId, loadInput: false, loadOutput: false } as const;
    const left = await this.#ask((client) => client.listWorkflows(filter));
    for (const { workflowID, queueName } of left) {
      await this.#ask((client) => client.resumeWorkflow(workflowID, queueName === undefined ? {} : { queueName }));
    }
    return left.map((row) => row.workflowID);
  }

  /** What stands as executed by an executor, and where it was queued. */
  async listRunning(executorId: string): Promise<readonly { readonly workflowId: string; readonly queue: string }[]> {
    const filter = { status: 'PENDING', executorId, loadInput: false, loadOutput: false } as const;
    const found = await this.#ask((client) => client.listWorkflows(filter));
    return found.flatMap(({ workflowID, queueName }) =>
      queueName ? [{ workflowId: workflowID, queue: queueName }] : [],
    );
  }

  /** Errors of the database in our words. What went on too long may still be done later. */
  async #ask<T>(question: (client: DBOSClient) => Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = delay(ANSWER_MS, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new AppError('not_ready', `The durable engine did not answer within ${ANSWER_MS / 1000} s.`, {
        hint: 'Its database is away or has no room; `lightdom doctor` shows which one it is.',
      });
    });
    try {
      return await Promise.race([question(this.#connected()), late]);
    } catch (error) {
      throw databaseError(error);
    } finally {
      timer.abort();
      late.catch(() => {});
    }
  }

  #connected(): DBOSClient {
    if (this.#client !== undefined) return this.#client;
    throw new AppError('not_ready', 'The durable engine is not running.', { hint: 'Try again once the system is up.' });
  }
}

function notEnded(workflowId: string, cause?: unknown): AppError {
  return new AppError('conflict', `Workflow \`${workflowId}\` has not ended, so it can't be rewound.`, { cause });
}

function scheduleOf(row: Awaited<ReturnType<DBOSClient['listSchedules']>>[number]): WorkflowSchedule {
  return {
    name: row.scheduleName,
    workflow: row.workflowName,
    cron: row.schedule,
    ...(row.cronTimezone ? { timeZone: row.cronTimezone } : {}),
    isPaused: row.status !== 'ACTIVE',
  };
}

const STATES: Readonly<Record<WorkflowStatusString, WorkflowState>> = {
  ENQUEUED: 'queued',
  DELAYED: 'queued',
  PENDING: 'running',
  SUCCESS: 'succeeded',
  ERROR: 'failed',
  CANCELLED: 'cancelled',
  MAX_RECOVERY_ATTEMPTS_EXCEEDED: 'exhausted',
};

function stateOf(status: string): WorkflowState {
  const found = Object.entries(STATES).find(([name]) => name === status);
  if (found === undefined) throw new AppError('internal', `The engine reports the unknown state \`${status}\`.`);
  return found[1];
}
