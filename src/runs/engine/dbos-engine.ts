import { DBOS } from '@dbos-inc/dbos-sdk';
import { DBOSWorkflowConflictError, registerDataSource } from '@dbos-inc/dbos-sdk/datasource';
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils';
import type { Database } from '../../core/db/index.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { noFaults } from '../fault-points.ts';
import type { FaultHook } from '../fault-points.ts';
import { CompletionStore } from './completion-store.ts';
import { DbosControl } from './dbos-control.ts';
import { dbosLog } from './dbos-log.ts';
import { APPLICATION_NAME, APPLICATION_VERSION, IDLE_TRANSACTION_TIMEOUT_MS, SCHEMA } from './dbos-names.ts';
import { RunningDeliveries } from './running-deliveries.ts';
import type { QueueSettings, WorkflowControl, WorkflowEngine, WorkflowHandler } from './workflow-engine.ts';
import { WorkflowSteps } from './workflow-steps.ts';

export interface WorkflowEngineOptions {
  /** Rows of transactional steps go here; the engine's own tables are in the schema `dbos` of the same database. */
  readonly database: Database;
  readonly log: Log;
  readonly faults?: FaultHook;
}

/** The last resort against work that kills its process; the owner of a workflow, who knows more, gives up far earlier. */
const MAX_DELIVERIES = 100;

/** How long a shutdown waits for handlers that were told to stop. */
const STOP_GRACE_MS = 5_000;

/** The library records an outcome a few milliseconds after the handler ended; without it the work is delivered again. */
const DRAIN_MS = 1_000;

/** Between the taking of a workflow and its delivery, and between its end and the record of that, is far less. */
const STRAY_MS = 1_500;

/** The library waits up to a minute for a database that was away; a server that is started again needs a second or two. */
const RETRY = { initialBackoffSec: 0.1, maxBackoffSec: 2 };
/** A schedule that is made, changed or paused is noticed so late; the library's default is half a minute. */
const SCHEDULE_POLL_MS = 1_000;

/** The library keeps its executor in a static, so that a second engine would silently take over the first one's. */
const executing = new Set<WorkflowEngine>();

export function createWorkflowEngine(options: WorkflowEngineOptions): WorkflowEngine {
  return new DbosEngine(options);
}

class DbosEngine implements WorkflowEngine {
  readonly control: WorkflowControl;
  readonly #control: DbosControl;
  readonly #options: WorkflowEngineOptions;
  readonly #handlers = new Map<string, WorkflowHandler>();
  readonly #completions: CompletionStore;
  #running = new RunningDeliveries();
  #executorId: string | undefined;
  /** Workflows that stand as executed here and are not, since when. */
  #strays: ReadonlyMap<string, number> = new Map();
  #released = 0;
  #stopping: Promise<void> | undefined;

  constructor(options: WorkflowEngineOptions) {
    this.#options = options;
    const { database, log, faults = noFaults } = options;
    this.#completions = new CompletionStore(database, faults);
    this.#control = new DbosControl({ url: database.url, log, completions: this.#completions });
    this.control = this.#control;
  }

  register(name: string, handler: WorkflowHandler): void {
    if (this.#handlers.has(name)) throw new AppError('conflict', `Workflow \`${name}\` is registered already.`);
    if (executing.has(this)) {
      throw new AppError('conflict', `Workflow \`${name}\` came too late: the engine runs already.`);
    }
    this.#handlers.set(name, handler);
  }

  async connect(): Promise<void> {
    try {
      await this.#control.connect();
    } catch (error) {
      throw notStarted(error);
    }
  }

  async launch(options: { readonly executorId: string; readonly queues: readonly QueueSettings[] }): Promise<void> {
    if (executing.size > 0) {
      throw new AppError('conflict', 'A durable engine is live in this process already, and there can be only one.', {
        hint: 'Stop the other system first, or run this one in a process of its own.',
      });
    }
    executing.add(this);
    try {
      await this.#launchLibrary(options);
    } catch (error) {
      await this.#endLibrary();
      throw notStarted(error);
    }
  }

  async reclaim(): Promise<readonly string[]> {
    if (this.#executorId === undefined || this.#stopping !== undefined) return [];
    const nowMs = performance.now();
    const standing = await this.#control.listRunning(this.#executorId);
    const strays = standing.filter(({ workflowId }) => !this.#running.has(workflowId));
    this.#strays = new Map(strays.map(({ workflowId }) => [workflowId, this.#strays.get(workflowId) ?? nowMs]));
    const lost = strays.filter(({ workflowId }) => nowMs - (this.#strays.get(workflowId) ?? nowMs) >= STRAY_MS);
    for (const { workflowId, queue } of lost) await this.#control.resume(workflowId, { queue });
    return lost.map(({ workflowId }) => workflowId);
  }

  abort(workflowId: string, reason: unknown): void {
    this.#running.abort(workflowId, reason);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  async disconnect(): Promise<void> {
    await this.stop();
    await this.#control.close();
  }

  async #launchLibrary({
    executorId,
    queues,
  }: {
    readonly executorId: string;
    readonly queues: readonly QueueSettings[];
  }): Promise<void> {
    this.#running = new RunningDeliveries();
    this.#released = 0;
    // Before the launch: a queue that it does not find there is looked for only a second later.
    for (const settings of queues) await this.#control.registerQueue(settings);
    DBOS.setConfig({
      name: APPLICATION_NAME,
      systemDatabaseUrl: this.#options.database.url,
      systemDatabaseSchemaName: SCHEMA,
      systemDatabaseIdleTransactionTimeoutMs: IDLE_TRANSACTION_TIMEOUT_MS,
      applicationVersion: APPLICATION_VERSION,
      executorID: executorId,
      listenQueues: queues.map((settings) => settings.name),
      schedulerPollingIntervalMs: SCHEDULE_POLL_MS,
      logger: dbosLog(this.#options.log),
    });
    Object.assign(dbRetryConfig, RETRY);
    registerDataSource(this.#completions);
    for (const [name, handler] of this.#handlers) this.#registerWithLibrary(name, handler);
    await DBOS.launch();
    this.#executorId = executorId;
  }

  #registerWithLibrary(name: string, handler: WorkflowHandler): void {
    const running = this.#running;
    const deps = { completions: this.#completions, reach: this.#options.faults ?? noFaults };
    // A schedule calls with the time that it was due; then the id is the one that the library made.
    const execute = async (): Promise<void> => {
      const workflowId = DBOS.workflowID ?? '';
      const outcome = await running.run(workflowId, (controller) =>
        handler(new WorkflowSteps(deps, workflowId, controller)).catch((error: unknown) => {
          if (controller.signal.aborted) return 'released' as const;
          throw error;
        }),
      );
      if (outcome === 'ended') return;
      this.#released += 1;
      // Of all ends this one alone leaves a workflow as it is.
      throw new DBOSWorkflowConflictError(workflowId);
    };
    DBOS.registerWorkflow(execute, { name, maxRecoveryAttempts: MAX_DELIVERIES });
  }

  async #stop(): Promise<void> {
    if (!executing.has(this)) return;
    const unsettled = await this.#running.stop(STOP_GRACE_MS);
    if (unsettled.length > 0) this.#options.log.warn({ workflowIds: unsettled }, 'work did not stop in time');
    await this.#endLibrary(unsettled.length === 0 && this.#released === 0 ? DRAIN_MS : undefined);
  }

  /** Without `drainMs` nothing is waited for: what was released never settles before the connection ends. */
  async #endLibrary(drainMs?: number): Promise<void> {
    this.#executorId = undefined;
    this.#strays = new Map();
    try {
      const drain = drainMs === undefined ? {} : { workflowCompletionTimeoutMS: drainMs };
      await DBOS.shutdown({ deregister: true, ...drain });
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the durable engine did not shut down cleanly');
    } finally {
      executing.delete(this);
    }
  }
}

function notStarted(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('upstream_failed', `The durable engine could not start: ${messageOf(error)}`, { cause: error });
}
