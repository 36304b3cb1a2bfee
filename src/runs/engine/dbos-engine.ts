import { AsyncResource } from 'node:async_hooks';
import { hostname } from 'node:os';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { WorkflowStatusString } from '@dbos-inc/dbos-sdk';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { dbosLog } from './dbos-log.ts';
import { RunningDeliveries } from './running-deliveries.ts';
import type { WorkflowEngine, WorkflowHandler, WorkflowState } from './workflow-engine.ts';

export interface WorkflowEngineOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  /** Workflows that this process executes at once. */
  readonly concurrency: number;
  /**
   * Names this process among all that share the database. It must be the same after a restart, since a launch takes
   * up what was left under its own name, and no two live processes may share it. Without it: the host's name.
   */
  readonly executorId?: string;
}

const QUEUE_NAME = 'runs';

/** A workflow waits for the queue's next poll: 100 ms keeps that unnoticed, at ten light queries a second. */
const QUEUE_POLL_MS = 100;

/**
 * Unfinished work is taken up only by processes of the same version. Workflows here hold one step and keep no code
 * position, so the version changes when that does, not with each release.
 */
const APPLICATION_VERSION = '1';

/** The last resort against work that kills its process; the owner of a workflow, who knows more, gives up far earlier. */
const MAX_DELIVERIES = 100;

/** A frozen process must not hold its row locks longer than this; the library's default of 60 s delays recovery. */
const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;

/** How long a shutdown waits for handlers that were told to stop. */
const STOP_GRACE_MS = 5_000;

/** The library records an outcome a few milliseconds after the handler ended; without it the work is delivered again. */
const DRAIN_MS = 1_000;

/** The library keeps its executor in a static, so that a second engine would silently take over the first one's. */
const live = new Set<WorkflowEngine>();

export function createWorkflowEngine(options: WorkflowEngineOptions): WorkflowEngine {
  return new DbosEngine(options);
}

class DbosEngine implements WorkflowEngine {
  readonly #options: WorkflowEngineOptions;
  readonly #handlers = new Map<string, WorkflowHandler>();
  readonly #invokers = new Map<string, (workflowId: string) => Promise<void>>();
  /** The library refuses calls out of its own steps, but a handler may well start other work: it calls from outside. */
  readonly #outside = new AsyncResource('WorkflowEngine');
  #running = new RunningDeliveries();
  #shuttingDown: Promise<void> | undefined;

  constructor(options: WorkflowEngineOptions) {
    this.#options = options;
  }

  register(name: string, handler: WorkflowHandler): void {
    if (this.#handlers.has(name)) throw new AppError('conflict', `Workflow \`${name}\` is registered already.`);
    if (live.has(this)) throw new AppError('conflict', `Workflow \`${name}\` came too late: the engine runs already.`);
    this.#handlers.set(name, handler);
  }

  async launch(): Promise<void> {
    if (live.size > 0) {
      throw new AppError('conflict', 'A durable engine is live in this process already, and there can be only one.', {
        hint: 'Stop the other system first, or run this one in a process of its own.',
      });
    }
    live.add(this);
    try {
      await this.#launchLibrary();
    } catch (error) {
      await this.#disconnect();
      throw new AppError('upstream_failed', `The durable engine could not start: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async start(name: string, workflowId: string): Promise<void> {
    await this.#call(() => {
      const invoker = this.#invokers.get(name);
      if (invoker === undefined) throw new AppError('unsupported', `There is no workflow \`${name}\`.`);
      return DBOS.startWorkflow(invoker, { workflowID: workflowId, queueName: QUEUE_NAME })(workflowId);
    });
  }

  async cancel(workflowId: string): Promise<void> {
    this.#running.cancel(workflowId);
    await this.#call(() => DBOS.cancelWorkflow(workflowId));
  }

  async states(workflowIds: readonly string[]): Promise<ReadonlyMap<string, WorkflowState>> {
    if (workflowIds.length === 0) return new Map();
    const filter = { workflowIDs: [...workflowIds], loadInput: false, loadOutput: false };
    const found = await this.#call(() => DBOS.listWorkflows(filter));
    return new Map(found.map((row) => [row.workflowID, stateOf(row.status)]));
  }

  async shutdown(): Promise<void> {
    if (!live.has(this)) return;
    this.#shuttingDown ??= this.#stop().finally(() => {
      this.#shuttingDown = undefined;
    });
    await this.#shuttingDown;
  }

  async #launchLibrary(): Promise<void> {
    const { databaseUrl, log, concurrency, executorId } = this.#options;
    this.#running = new RunningDeliveries();
    DBOS.setConfig({
      name: 'lightdom',
      systemDatabaseUrl: databaseUrl,
      systemDatabaseSchemaName: 'dbos',
      systemDatabaseIdleTransactionTimeoutMs: IDLE_TRANSACTION_TIMEOUT_MS,
      applicationVersion: APPLICATION_VERSION,
      executorID: executorId ?? hostname(),
      logger: dbosLog(log),
    });
    for (const [name, handler] of this.#handlers) this.#invokers.set(name, this.#registerWithLibrary(name, handler));
    await DBOS.launch();
    const isNew = (await DBOS.retrieveQueue(QUEUE_NAME)) === null;
    await DBOS.registerQueue(QUEUE_NAME, {
      workerConcurrency: concurrency,
      minPollingIntervalMs: QUEUE_POLL_MS,
      onConflict: 'always_update',
    });
    if (isNew) await relaunch();
  }

  #registerWithLibrary(name: string, handler: WorkflowHandler): (workflowId: string) => Promise<void> {
    const running = this.#running;
    const execute = (workflowId: string): Promise<void> =>
      DBOS.runStep(() => running.run(workflowId, handler, DBOS.stepStatus?.cancelSignal), { name: 'execute' });
    return DBOS.registerWorkflow(execute, { name, maxRecoveryAttempts: MAX_DELIVERIES });
  }

  async #stop(): Promise<void> {
    const unsettled = await this.#running.stop(STOP_GRACE_MS);
    if (unsettled.length > 0) this.#options.log.warn({ workflowIds: unsettled }, 'work did not stop in time');
    await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    try {
      const drain = this.#running.hasAbandoned() ? {} : { workflowCompletionTimeoutMS: DRAIN_MS };
      await DBOS.shutdown({ deregister: true, ...drain });
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the durable engine did not shut down cleanly');
    } finally {
      this.#invokers.clear();
      live.delete(this);
    }
  }

  async #call<T>(operation: () => Promise<T>): Promise<T> {
    if (!live.has(this) || !DBOS.isInitialized()) {
      throw new AppError('not_ready', 'The durable engine is not running.', {
        hint: 'Try again once the system is up.',
      });
    }
    return this.#outside.runInAsyncScope(operation);
  }
}

/** The dispatcher looks for new queues once a second only, but at once when it starts. */
async function relaunch(): Promise<void> {
  await DBOS.shutdown();
  await DBOS.launch();
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
