import { AppError } from '../core/errors.ts';
import { TypedEvents } from '../core/events.ts';
import type { EventSource } from '../core/events.ts';
import { newId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { WorkflowDelivery, WorkflowEngine } from './engine/index.ts';
import { nextChange } from './next-change.ts';
import { decodeCursor, encodeCursor } from './run-cursor.ts';
import { deliverRun } from './run-delivery.ts';
import type { RunServiceEvents } from './run-events.ts';
import { runErrorOf } from './run-failure.ts';
import { RunKinds } from './run-kinds.ts';
import { reconcileRuns } from './run-reconciler.ts';
import { isTerminal } from './run-schema.ts';
import type { Run, RunEvent, RunKind, RunStatus } from './run-schema.ts';
import type { RunStore } from './run-store.ts';
import { storableJson, storableText } from './stored-text.ts';
import { isDatabaseAway } from './until-stored.ts';

export interface RunServiceDeps {
  readonly store: RunStore;
  readonly engine: WorkflowEngine;
  readonly log: Log;
}

export interface StartRunOptions {
  readonly title?: string | undefined;
  readonly parentRunId?: string | undefined;
}

export interface ListRunsInput {
  readonly status?: RunStatus | undefined;
  readonly kind?: string | undefined;
  /** 1 to 100, 20 without it. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const WORKFLOW_NAME = 'run';
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const RECENT_EVENTS = 20;
const MAX_TITLE_CHARACTERS = 200;
const MAX_REASON_CHARACTERS = 500;

/** Starts, follows and cancels runs, and executes those that the engine delivers to this process. */
export class RunService {
  readonly events: EventSource<RunServiceEvents>;
  readonly #events = new TypedEvents<RunServiceEvents>();
  readonly #deps: RunServiceDeps;
  readonly #kinds = new RunKinds();
  readonly #active = new Set<string>();
  #closing = new AbortController();
  #turn = Promise.resolve();
  #state: 'closed' | 'opening' | 'open' | 'closing' = 'closed';

  constructor(deps: RunServiceDeps) {
    this.#deps = deps;
    this.events = this.#events;
    deps.engine.register(WORKFLOW_NAME, (delivery) => this.#deliver(delivery));
  }

  /** Kinds come before `open`: work left by a former process is taken up there. Throws `conflict` when too late. */
  register<I>(kind: RunKind<I>): void {
    if (this.#state !== 'closed')
      throw new AppError('conflict', `Kind \`${kind.kind}\` came after the runs were opened.`);
    this.#kinds.add(kind);
  }

  /** Launches the engine, goes on with unfinished runs, and fails those that can't go on. */
  open(): Promise<void> {
    return this.#inTurn(() => this.#open());
  }

  /** Stops executing. Runs that are cut off stay `running` and go on at the next `open`. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'open') await this.#shutdown();
    });
  }

  /**
   * Stores a new run and hands it to the engine. Throws `invalid_input` for an unknown kind or an input that does not
   * fit it, `not_found` for an unknown parent.
   */
  async start(kindName: string, input: unknown, options: StartRunOptions = {}): Promise<Run> {
    this.#requireOpen();
    const prepared = this.#kinds.prepare(kindName, input);
    if (options.parentRunId !== undefined) await this.get(options.parentRunId);
    const run = await this.#deps.store.insert({
      runId: newId(),
      kind: kindName,
      title: storableText(options.title ?? prepared.title(), MAX_TITLE_CHARACTERS),
      input: inputText(kindName, input),
      parentRunId: options.parentRunId,
    });
    this.#emit('changed', run);
    await this.#startWorkflow(run);
    return run;
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
    return this.#deps.store.find(storableText(runId, MAX_TITLE_CHARACTERS));
  }

  /** Newest first; `cursor` is there when there are more. Throws `invalid_input` for a foreign cursor or limit. */
  async list(input: ListRunsInput = {}): Promise<{ runs: Run[]; cursor?: string }> {
    const limit = checkedLimit(input.limit ?? DEFAULT_LIMIT);
    const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor);
    const kind = input.kind === undefined ? undefined : storableText(input.kind, MAX_TITLE_CHARACTERS);
    const found = await this.#deps.store.list({ status: input.status, kind, after, limit: limit + 1 });
    const runs = found.slice(0, limit);
    const last = runs.at(-1);
    return found.length <= limit || last === undefined ? { runs } : { runs, cursor: encodeCursor(last) };
  }

  /** Log lines after the sequence `after`, oldest first. Throws `not_found`. */
  async listEvents(runId: string, options: { after?: number; limit?: number } = {}): Promise<RunEvent[]> {
    await this.get(runId);
    return this.#deps.store.listEvents(runId, options.after ?? 0, checkedLimit(options.limit ?? MAX_LIMIT));
  }

  /** The last log lines, oldest first. Throws `not_found`. */
  async recentEvents(runId: string, limit: number = RECENT_EVENTS): Promise<RunEvent[]> {
    await this.get(runId);
    return this.#deps.store.recentEvents(runId, checkedLimit(limit));
  }

  /** Ends a run; again on a cancelled one it does nothing. Throws `not_found`, and `conflict` on one that has ended. */
  async cancel(runId: string, reason?: string): Promise<Run> {
    this.#requireOpen();
    const text = reason === undefined ? undefined : storableText(reason, MAX_REASON_CHARACTERS);
    const cancelled = await this.#deps.store.cancel(runId, text);
    if (cancelled === undefined) return this.#alreadyEnded(await this.get(runId));
    this.#emit('changed', cancelled);
    await this.#deps.engine.cancel(runId);
    return cancelled;
  }

  /**
   * Resolves with the run once it has ended; at once by the events of this process, within a second for a run that
   * another one executes. Throws `not_found`, the signal's reason, and `not_ready` when the service closes.
   */
  async waitFor(runId: string, options: { signal?: AbortSignal } = {}): Promise<Run> {
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    for (;;) {
      signal.throwIfAborted();
      const change = nextChange(this.#events, runId, signal);
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

  /** Runs that this process executes now. */
  activeCount(): number {
    return this.#active.size;
  }

  async #open(): Promise<void> {
    if (this.#state !== 'closed') throw new AppError('conflict', `The runs are ${this.#state} already.`);
    this.#state = 'opening';
    this.#closing = new AbortController();
    try {
      await this.#deps.engine.launch();
      const failed = await reconcileRuns({ ...this.#deps, workflowName: WORKFLOW_NAME });
      for (const run of failed) this.#emit('changed', run);
      this.#state = 'open';
    } catch (error) {
      await this.#shutdown();
      throw error;
    }
  }

  async #deliver(delivery: WorkflowDelivery): Promise<void> {
    this.#active.add(delivery.workflowId);
    try {
      await deliverRun(
        {
          ...this.#deps,
          kinds: this.#kinds,
          closing: this.#closing.signal,
          onChanged: (run) => this.#emit('changed', run),
          onProgress: (run) => this.#emitProgress(run),
        },
        delivery,
      );
    } finally {
      this.#active.delete(delivery.workflowId);
    }
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

  /** A run whose start the caller saw fail must not begin later on its own. */
  async #startWorkflow(run: Run): Promise<void> {
    try {
      await this.#deps.engine.start(WORKFLOW_NAME, run.runId);
    } catch (error) {
      const failed = await this.#deps.store.fail(run, runErrorOf(error, run.runId, this.#deps.log));
      if (failed !== undefined) this.#emit('changed', failed);
      throw error;
    }
  }

  /** Opening and closing wait for one another. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #shutdown(): Promise<void> {
    const { store, engine, log } = this.#deps;
    this.#state = 'closing';
    const interrupted = [...this.#active];
    this.#closing.abort(
      new AppError('not_ready', 'The system is stopping.', { hint: 'Runs go on at its next start.' }),
    );
    try {
      await engine.shutdown();
      if (interrupted.length > 0) await store.recordStop(interrupted);
    } catch (error) {
      log.warn({ err: error, runIds: interrupted }, 'the stop of runs could not be noted');
    } finally {
      this.#state = 'closed';
    }
  }

  #alreadyEnded(run: Run): Run {
    if (run.status === 'cancelled') return run;
    throw new AppError('conflict', `Run \`${run.runId}\` has ${run.status} already, so it can't be cancelled.`, {
      hint: 'An ended run never changes: read it with run_get, or start a new one.',
    });
  }

  #requireOpen(): void {
    // Runs that are taken up while opening may start others.
    if (this.#state === 'open' || this.#state === 'opening') return;
    throw new AppError('not_ready', `Runs can't be started or cancelled now: they are ${this.#state}.`, {
      hint: 'Try again once the system is running.',
    });
  }

  #emitProgress(run: Run): void {
    this.#emit('progress', run);
    this.#emit('changed', run);
  }

  /** A listener that throws must not end the run that it listens to. */
  #emit(name: keyof RunServiceEvents, run: Run): void {
    try {
      this.#events.emit(name, run);
    } catch (error) {
      this.#deps.log.error({ err: error, runId: run.runId }, 'a listener of runs threw');
    }
  }
}

function inputText(kindName: string, input: unknown): string {
  const text = storableJson(input);
  if (text === (JSON.stringify(input) ?? 'null')) return text;
  throw new AppError('invalid_input', `The input of a ${kindName} run holds text with a NUL or half a character.`);
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new AppError('invalid_input', `The limit ${limit} is not an integer from 1 to ${MAX_LIMIT}.`);
}
