import type { Database } from '../core/db/index.ts';
import { AppError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import { newId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { QueueSettings, WorkflowEngine } from './engine/index.ts';
import { noFaults } from './fault-points.ts';
import type { FaultHook } from './fault-points.ts';
import { nextChange } from './next-change.ts';
import { RunChanges } from './run-changes.ts';
import { RunControls } from './run-controls.ts';
import type { ControlInput } from './run-controls.ts';
import { decodeCursor, encodeCursor } from './run-cursor.ts';
import { RunEventStore } from './run-event-store.ts';
import type { RunServiceEvents } from './run-events.ts';
import { RunExecution } from './run-execution.ts';
import { RunKeeper } from './run-keeper.ts';
import type { RunKind, StartRunOptions } from './run-kind.ts';
import { RunKinds } from './run-kinds.ts';
import { RunPruner } from './run-pruner.ts';
import type { PruneReport } from './run-pruner.ts';
import { RUN_WORKFLOW } from './run-redelivery.ts';
import { isTerminal } from './run-schema.ts';
import type { Run, RunEvent, RunStatus } from './run-schema.ts';
import { RunStarter } from './run-starter.ts';
import { RunStore } from './run-store.ts';
import { RunTransitionStore } from './run-transition-store.ts';
import { RunWorker } from './run-worker.ts';
import { storableText } from './stored-text.ts';
import { isDatabaseAway } from './until-stored.ts';
import { WorkerStore } from './worker-store.ts';
import type { Worker } from './worker-store.ts';

export interface RunServiceDeps {
  readonly database: Database;
  readonly engine: WorkflowEngine;
  readonly log: Log;
  /** What this process executes; without it runs are started and followed here, and executed elsewhere. */
  readonly worker?: WorkerSettings | undefined;
  /** Age at which ended runs are deleted; 0, and without it, they are kept. */
  readonly retentionDays?: number;
  readonly faults?: FaultHook;
}

export interface WorkerSettings {
  /** Names the host; a worker's id is the host with a number. */
  readonly host: string;
  readonly queues: readonly QueueSettings[];
}

export interface ListRunsInput {
  readonly status?: RunStatus | undefined;
  readonly kind?: string | undefined;
  /** 1 to 100, 20 without it. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const RECENT_EVENTS = 20;
const MAX_NAME_CHARACTERS = 200;
const MAX_REASON_CHARACTERS = 500;

/** Starts, follows and controls runs, and executes them where it is a worker. */
export class RunService {
  readonly events: EventSource<RunServiceEvents>;
  readonly #engine: WorkflowEngine;
  readonly #kinds = new RunKinds();
  readonly #store: RunStore;
  readonly #eventStore: RunEventStore;
  readonly #workers: WorkerStore;
  readonly #changes: RunChanges;
  readonly #starter: RunStarter;
  readonly #controls: RunControls;
  readonly #execution: RunExecution;
  readonly #pruner: RunPruner;
  readonly #worker: RunWorker | undefined;
  #closing = new AbortController();
  #turn = Promise.resolve();
  #state: 'closed' | 'opening' | 'open' | 'closing' = 'closed';

  constructor({ database, engine, log, worker, retentionDays = 0, faults: reach = noFaults }: RunServiceDeps) {
    this.#engine = engine;
    this.#store = new RunStore(database);
    this.#eventStore = new RunEventStore(database);
    this.#workers = new WorkerStore(database);
    this.#changes = new RunChanges({ database, store: this.#store, log });
    this.events = this.#changes.events;
    const shared = {
      store: this.#store,
      eventStore: this.#eventStore,
      workers: this.#workers,
      kinds: this.#kinds,
      transitions: new RunTransitionStore(database),
      control: engine.control,
      engine,
      log,
      reach,
      events: this.events,
      onChanged: (run: Run): void => this.#changed(run),
      onProgress: (run: Run): void => this.#changes.progressed(run),
    };
    this.#starter = new RunStarter(shared);
    this.#controls = new RunControls({ ...shared, get: (runId) => this.get(runId) });
    this.#pruner = new RunPruner({ ...shared, retentionDays });
    this.#execution = new RunExecution({
      ...shared,
      executorId: () => this.#worker?.executorId() ?? '',
      startChild: (parent, childRunId, request) => this.#starter.startChild(parent, childRunId, request),
    });
    const keeper = new RunKeeper({ ...shared, pruner: this.#pruner, now: () => performance.now() });
    const checkActive = (): Promise<void> => this.#execution.check();
    this.#worker = worker && new RunWorker({ ...shared, ...worker, database, keeper, checkActive });
    engine.register(RUN_WORKFLOW, (delivery) => this.#execution.deliver(delivery));
  }

  /** Kinds come before `open`: work left by a former process is taken up there. Throws `conflict` when too late. */
  register<I>(kind: RunKind<I>): void {
    if (this.#state !== 'closed')
      throw new AppError('conflict', `Kind \`${kind.kind}\` came after the runs were opened.`);
    this.#kinds.add(kind);
  }

  /** Connects, and where this process is a worker begins to execute, first of all what it had left unfinished. */
  open(): Promise<void> {
    return this.#inTurn(() => this.#open());
  }

  /** Stops executing. Runs that are cut off stay `running` and go on with another worker, or at the next `open`. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'open') await this.#shutdown();
    });
  }

  /**
   * Stores a new run and hands it to the engine. Throws `invalid_input` for an unknown kind, an input that does not fit it
   * and limits that are none, `not_found` for an unknown parent.
   */
  async start(kindName: string, input: unknown, options: StartRunOptions = {}): Promise<Run> {
    this.#requireOpen();
    if (options.parentRunId !== undefined) await this.get(options.parentRunId);
    return this.#starter.start({ runId: newId(), kind: kindName, input, options });
  }

  /** Throws `not_found`. */
  async get(runId: string): Promise<Run> {
    const run = await this.find(runId);
    if (run !== undefined) return run;
    throw new AppError('not_found', `There is no run \`${storableText(runId, 80)}\`.`, {
      hint: 'Call run_list to see the runs.',
    });
  }

  find(runId: string): Promise<Run | undefined> {
    return this.#store.find(storableText(runId, MAX_NAME_CHARACTERS));
  }

  /** Newest first; `cursor` is there when there are more. Throws `invalid_input` for a foreign cursor or limit. */
  async list(input: ListRunsInput = {}): Promise<{ runs: Run[]; cursor?: string }> {
    const limit = checkedLimit(input.limit ?? DEFAULT_LIMIT);
    const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor);
    const kind = input.kind === undefined ? undefined : storableText(input.kind, MAX_NAME_CHARACTERS);
    const found = await this.#store.list({ status: input.status, kind, after, limit: limit + 1 });
    const runs = found.slice(0, limit);
    const last = runs.at(-1);
    return found.length <= limit || last === undefined ? { runs } : { runs, cursor: encodeCursor(last) };
  }

  /** In the order of their start. Throws `not_found`. */
  async listChildren(runId: string): Promise<readonly Run[]> {
    await this.get(runId);
    return this.#store.listChildren(runId);
  }

  /** Log lines after the sequence `after`, oldest first. Throws `not_found`. */
  async listEvents(runId: string, options: { after?: number; limit?: number } = {}): Promise<RunEvent[]> {
    await this.get(runId);
    return this.#eventStore.list(runId, options.after ?? 0, checkedLimit(options.limit ?? MAX_LIMIT));
  }

  /** The last log lines, oldest first. Throws `not_found`. */
  async recentEvents(runId: string, limit: number = RECENT_EVENTS): Promise<RunEvent[]> {
    await this.get(runId);
    return this.#eventStore.recent(runId, checkedLimit(limit));
  }

  /**
   * Pauses, resumes, cancels, retries, approves, rejects or moves a run, with all that belongs to it. Throws `not_found`,
   * and `conflict` naming what is legal where the action is not. To cancel a cancelled run does nothing.
   */
  control(runId: string, input: ControlInput): Promise<Run> {
    this.#requireOpen();
    const reason = input.reason === undefined ? undefined : storableText(input.reason, MAX_REASON_CHARACTERS);
    return this.#controls.apply(storableText(runId, MAX_NAME_CHARACTERS), { ...input, reason });
  }

  /**
   * Deletes ended runs of a certain age, by default of the configured one, with everything that is kept for them. A run
   * stays while one that belongs to it has not ended. Throws `invalid_input` for an age that is none.
   */
  prune(
    options: { readonly olderThanDays?: number | undefined; readonly isDryRun?: boolean } = {},
  ): Promise<PruneReport> {
    this.#requireOpen();
    return this.#pruner.prune(options);
  }

  /** The processes that execute runs, dead ones included until they are recovered. */
  listWorkers(): Promise<readonly Worker[]> {
    return this.#workers.list();
  }

  /**
   * Resolves with the run once it has ended; within a moment, whoever executes it. Throws `not_found`, the signal's
   * reason, and `not_ready` when the service closes.
   */
  async waitFor(runId: string, options: { signal?: AbortSignal } = {}): Promise<Run> {
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    for (;;) {
      signal.throwIfAborted();
      const change = nextChange(this.events, (run) => run.runId === runId, signal);
      try {
        const run = await this.#look(runId);
        if (run !== undefined && isTerminal(run.status)) return run;
        await change.happened;
      } finally {
        change.dispose();
      }
    }
  }

  isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Throws `not_ready` where no runs are executed. */
  executorId(): string {
    if (this.#worker !== undefined) return this.#worker.executorId();
    throw new AppError('not_ready', 'This process executes no runs.');
  }

  /** Runs that this process executes now. */
  activeCount(): number {
    return this.#execution.activeIds().length;
  }

  async #open(): Promise<void> {
    if (this.#state !== 'closed') throw new AppError('conflict', `The runs are ${this.#state} already.`);
    this.#state = 'opening';
    this.#closing = new AbortController();
    this.#execution.open();
    try {
      await this.#engine.connect();
      this.#changes.open((runIds) => this.#execution.check(runIds));
      await this.#worker?.start();
      this.#state = 'open';
    } catch (error) {
      await this.#shutdown();
      throw error;
    }
  }

  async #shutdown(): Promise<void> {
    const reason = new AppError('not_ready', 'The system is stopping.', { hint: 'Runs go on at its next start.' });
    this.#state = 'closing';
    const interrupted = this.#execution.activeIds();
    this.#closing.abort(reason);
    this.#execution.close(reason);
    await this.#worker?.stop((executorId) => this.#execution.recordStop(interrupted, executorId));
    await this.#changes.close();
    await this.#engine.disconnect();
    this.#state = 'closed';
  }

  #changed(run: Run): void {
    if (run.status !== 'running') this.#execution.abort(run.runId, run.status);
    this.#changes.changed(run);
  }

  /** A wait outlives a short absence of the database. */
  async #look(runId: string): Promise<Run | undefined> {
    try {
      return await this.get(runId);
    } catch (error) {
      if (isDatabaseAway(error)) return undefined;
      throw error;
    }
  }

  /** Opening and closing wait for one another. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #requireOpen(): void {
    // Runs that are taken up while opening may start others.
    if (this.#state === 'open' || this.#state === 'opening') return;
    throw new AppError('not_ready', `Runs can't be started or changed now: they are ${this.#state}.`, {
      hint: 'Try again once the system is running.',
    });
  }
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new AppError('invalid_input', `The limit ${limit} is not an integer from 1 to ${MAX_LIMIT}.`);
}
