import type { Database } from '../core/db/index.ts';
import { AppError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import { newId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { NO_TRACER } from '../core/tracer.ts';
import type { Tracer } from '../core/tracer.ts';
import type { WorkflowEngine } from './engine/index.ts';
import { noFaults } from './fault-points.ts';
import type { FaultHook } from './fault-points.ts';
import { nextChange } from './next-change.ts';
import { unknownRun } from './run-controls.ts';
import type { ControlInput } from './run-controls.ts';
import { decodeCursor, encodeCursor } from './run-cursor.ts';
import type { RunServiceEvents } from './run-events.ts';
import type { RunAccess, RunKind, StartRunOptions } from './run-kind.ts';
import type { RunTailItem } from './run-tail.ts';
import { buildRunParts } from './run-parts.ts';
import type { RunParts, WorkerSettings } from './run-parts.ts';
import type { PruneOptions, PruneReport } from './run-pruner.ts';
import { isTerminal } from './run-schema.ts';
import type { Run, RunEvent, RunStatus } from './run-schema.ts';
import type { RunCount } from './run-store.ts';
import { storableText } from './stored-text.ts';
import { isDatabaseAway } from './until-stored.ts';
import type { Worker } from './worker-store.ts';

export interface RunServiceDeps {
  readonly database: Database;
  readonly engine: WorkflowEngine;
  readonly log: Log;
  /** What this process executes; without it runs are started and followed here, and executed elsewhere. */
  readonly worker?: WorkerSettings | undefined;
  /** Age at which ended runs are deleted; 0, and without it, they are kept. */
  readonly retentionDays?: number;
  /** The queue that kinds call `local`; `local` without it. */
  readonly localQueue?: string;
  readonly faults?: FaultHook;
  /** Milliseconds that only grow; the default is the process's own clock. */
  readonly now?: () => number;
  readonly tracer?: Tracer;
}

export interface ListRunsInput {
  readonly status?: RunStatus | undefined;
  readonly kind?: string | undefined;
  /** Only runs that belong to this one. */
  readonly parentRunId?: string | undefined;
  /** Only runs of this owner. */
  readonly owner?: string | undefined;
  /** 1 to 100, 20 without it. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const RECENT_EVENTS = 20;
/** Log lines are short; whoever wants more reads on after the last one. */
const MAX_EVENTS = 500;
const MAX_NAME_CHARACTERS = 200;
const MAX_REASON_CHARACTERS = 500;

/** Starts, follows and controls runs, and executes them where it is a worker. */
export class RunService {
  readonly events: EventSource<RunServiceEvents>;
  readonly #engine: WorkflowEngine;
  readonly #parts: RunParts;
  #closing = new AbortController();
  #turn = Promise.resolve();
  #state: 'closed' | 'opening' | 'open' | 'closing' = 'closed';

  constructor(deps: RunServiceDeps) {
    const {
      worker,
      retentionDays = 0,
      localQueue = 'local',
      faults: reach = noFaults,
      now = () => performance.now(),
      tracer = NO_TRACER,
    } = deps;
    this.#engine = deps.engine;
    this.#parts = buildRunParts({ ...deps, worker, retentionDays, localQueue, reach, now, tracer });
    this.events = this.#parts.changes.events;
  }

  /** Kinds come before `open`: work left by a former process is taken up there. Throws `conflict` when too late. */
  register<I>(kind: RunKind<I>): void {
    if (this.#state !== 'closed')
      throw new AppError('conflict', `Kind \`${kind.kind}\` came after the runs were opened.`);
    this.#parts.kinds.add(kind);
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
    if (options.parentRunId !== undefined) await this.get(options.parentRunId, { owner: options.owner });
    return this.#parts.starter.start({ runId: newId(), kind: kindName, input, options });
  }

  /** Throws `not_found`. */
  async get(runId: string, access: RunAccess = {}): Promise<Run> {
    const run = await this.find(runId, access);
    if (run !== undefined) return run;
    throw unknownRun(runId);
  }

  async find(runId: string, { owner }: RunAccess = {}): Promise<Run | undefined> {
    const stored = await this.#parts.store.findStored(storableText(runId, MAX_NAME_CHARACTERS));
    return owner === undefined || stored?.owner === owner ? stored?.run : undefined;
  }

  /** Newest first; `cursor` is there when there are more. Throws `invalid_input` for a foreign cursor or limit. */
  async list(input: ListRunsInput = {}): Promise<{ runs: Run[]; cursor?: string }> {
    const limit = checkedLimit(input.limit ?? DEFAULT_LIMIT);
    const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor);
    const { status, owner } = input;
    const kind = input.kind === undefined ? undefined : storableText(input.kind, MAX_NAME_CHARACTERS);
    const parent = input.parentRunId;
    const parentRunId = parent === undefined ? undefined : storableText(parent, MAX_NAME_CHARACTERS);
    const found = await this.#parts.store.list({ status, owner, kind, parentRunId, after, limit: limit + 1 });
    const runs = found.slice(0, limit);
    const last = runs.at(-1);
    return found.length <= limit || last === undefined ? { runs } : { runs, cursor: encodeCursor(last) };
  }

  /** Ids that begin with the text: the newest hundred, and how many there are. */
  listIds(prefix: string, { owner }: RunAccess = {}): Promise<{ runIds: string[]; total: number }> {
    return this.#parts.store.listIds(storableText(prefix, MAX_NAME_CHARACTERS), MAX_LIMIT, owner);
  }

  /** In the order of their start. Throws `not_found`. */
  async listChildren(runId: string, access: RunAccess = {}): Promise<readonly Run[]> {
    await this.get(runId, access);
    return this.#parts.store.listChildren(runId);
  }

  /** All runs by kind, state and queue. */
  countAll(): Promise<RunCount[]> {
    return this.#parts.store.countAll();
  }

  /**
   * Hears of each change and each log line of every run of the database, from now on, with the owner, in order; until the
   * returned function is called. Says `missed` when changes may be missing, because the database was away.
   */
  follow(listener: (news: RunTailItem) => void): Promise<() => void> {
    return this.#parts.tail.follow(listener);
  }

  /** How many runs belong to this one, by their state. */
  countChildren(runId: string): Promise<Partial<Record<RunStatus, number>>> {
    return this.#parts.store.countChildren(storableText(runId, MAX_NAME_CHARACTERS));
  }

  /** Log lines after the sequence `after`, oldest first, at most 500. Throws `not_found`. */
  async listEvents(
    runId: string,
    options: RunAccess & { readonly after?: number; readonly limit?: number } = {},
  ): Promise<RunEvent[]> {
    await this.get(runId, options);
    return this.#parts.eventStore.list(runId, options.after ?? 0, checkedLimit(options.limit ?? MAX_LIMIT, MAX_EVENTS));
  }

  /** The last log lines, at most 500, oldest first. Throws `not_found`. */
  async recentEvents(runId: string, limit: number = RECENT_EVENTS, access: RunAccess = {}): Promise<RunEvent[]> {
    await this.get(runId, access);
    return this.#parts.eventStore.recent(runId, checkedLimit(limit, MAX_EVENTS));
  }

  /**
   * Pauses, resumes, cancels, retries, approves, rejects or moves a run, with all that belongs to it. Throws `not_found`,
   * and `conflict` naming what is legal where the action is not. To cancel a cancelled run does nothing.
   */
  async control(runId: string, input: ControlInput, access: RunAccess = {}): Promise<Run> {
    this.#requireOpen();
    if (access.owner !== undefined) await this.get(runId, access);
    const reason = input.reason === undefined ? undefined : storableText(input.reason, MAX_REASON_CHARACTERS);
    return this.#parts.controls.apply(storableText(runId, MAX_NAME_CHARACTERS), { ...input, reason });
  }

  /**
   * Answers what a run asks, by the keys of its `questions`: `{action: 'accept', content}`, `{action: 'decline'}` or
   * `{action: 'cancel'}`. The run goes on when nothing stays open. Keys that are not open are passed over. An approval takes
   * `{approve, reason?}` as content, a decline for a no, and stays open when it is cancelled. Throws `not_found`, and
   * `invalid_input` for what is no answer.
   */
  async answer(runId: string, answers: Readonly<Record<string, unknown>>, access: RunAccess = {}): Promise<Run> {
    this.#requireOpen();
    if (access.owner !== undefined) await this.get(runId, access);
    return this.#parts.controls.answer(storableText(runId, MAX_NAME_CHARACTERS), answers);
  }

  /**
   * Deletes ended runs of a certain age, by default of the configured one, with everything that is kept for them. A run
   * stays while one that belongs to it has not ended. Throws `invalid_input` for an age that is none.
   */
  prune(options: PruneOptions = {}): Promise<PruneReport> {
    this.#requireOpen();
    return this.#parts.pruner.prune(options);
  }

  /** The processes that execute runs, dead ones included until they are recovered. */
  listWorkers(): Promise<readonly Worker[]> {
    return this.#parts.workers.list();
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
    if (this.#parts.worker !== undefined) return this.#parts.worker.executorId();
    throw new AppError('not_ready', 'This process executes no runs.');
  }

  /** Runs that this process executes now. */
  activeCount(): number {
    return this.#parts.execution.activeIds().length;
  }

  async #open(): Promise<void> {
    if (this.#state !== 'closed') throw new AppError('conflict', `The runs are ${this.#state} already.`);
    this.#state = 'opening';
    this.#closing = new AbortController();
    this.#parts.execution.open();
    try {
      await this.#engine.connect();
      this.#parts.changes.open((runIds) => this.#parts.execution.check(runIds));
      await this.#parts.worker?.start();
      this.#state = 'open';
    } catch (error) {
      await this.#shutdown();
      throw error;
    }
  }

  async #shutdown(): Promise<void> {
    const reason = new AppError('not_ready', 'The system is stopping.', { hint: 'Runs go on at its next start.' });
    this.#state = 'closing';
    const interrupted = this.#parts.execution.activeIds();
    this.#closing.abort(reason);
    this.#parts.execution.close(reason);
    await this.#parts.worker?.stop((executorId) => this.#parts.execution.recordStop(interrupted, executorId));
    await this.#parts.changes.close();
    await this.#engine.disconnect();
    this.#state = 'closed';
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

function checkedLimit(limit: number, max: number = MAX_LIMIT): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= max) return limit;
  throw new AppError('invalid_input', `The limit ${limit} is not an integer from 1 to ${max}.`);
}
