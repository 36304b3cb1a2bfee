import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../core/db/index.ts';
import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { QueueSettings, WorkflowEngine } from './engine/index.ts';
import type { RunKeeper } from './run-keeper.ts';
import { BEAT_MS, WorkerLease } from './worker-lease.ts';
import type { WorkerStore } from './worker-store.ts';

export interface RunWorkerDeps {
  readonly database: Database;
  readonly workers: WorkerStore;
  readonly engine: WorkflowEngine;
  readonly keeper: RunKeeper;
  readonly log: Log;
  readonly host: string;
  readonly queues: readonly QueueSettings[];
  /** About once a beat: whether what is executed here is still to be executed here. */
  readonly checkActive: () => Promise<void>;
}

/** After a restart of the database all workers come back within this time; before it, a silent one may just be slower. */
const RETURN_MS = 0.5 * BEAT_MS;

/** How late a death is noticed at most; two light queries. */
const LOOK_MS = BEAT_MS / 2;

/** After a round that failed: the first worker to come back must not take the others for dead. */
const RETRY_MS = 200;

/** Executes runs in this process under an id of its own, says that it lives, and looks after the others. */
export class RunWorker {
  readonly #deps: RunWorkerDeps;
  #lease: WorkerLease | undefined;
  #ended = new AbortController();
  #judgeFromMs = 0;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(deps: RunWorkerDeps) {
    this.#deps = deps;
  }

  executorId(): string {
    if (this.#lease !== undefined) return this.#lease.executorId;
    throw new AppError('not_ready', 'This process executes no runs now.');
  }

  async start(): Promise<void> {
    this.#ended = new AbortController();
    await this.#begin();
    this.#loops = Promise.all([
      this.#repeat('beat', BEAT_MS, () => this.#beat()),
      this.#repeat('check what is executed', BEAT_MS, () => this.#checkExecuted()),
      this.#repeat('look after the others', LOOK_MS, () => this.#lookAfter()),
    ]);
  }

  /** Ends executing; what was cut off is noted by `onStopped` and then left to the other workers. */
  async stop(onStopped: (executorId: string) => Promise<void>): Promise<void> {
    const { engine, workers, keeper, log } = this.#deps;
    this.#ended.abort();
    await this.#loops;
    await keeper.settled();
    await engine.stop();
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease === undefined) return;
    try {
      await onStopped(lease.executorId);
      await engine.control.recover(lease.executorId);
      await workers.remove(lease.executorId);
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'a worker stopped without saying so; its runs are recovered later');
    } finally {
      await lease.release();
    }
  }

  async #begin(): Promise<void> {
    const { engine, queues, log } = this.#deps;
    const lease = await WorkerLease.claim(this.#deps);
    this.#lease = lease;
    try {
      await this.#beat();
      await engine.launch({ executorId: lease.executorId, queues });
      log.info({ executorId: lease.executorId, queues: queues.map(({ name }) => name) }, 'this process executes runs');
    } catch (error) {
      this.#lease = undefined;
      await lease.release();
      throw error;
    }
  }

  async #beat(): Promise<void> {
    const { workers, host, queues } = this.#deps;
    const executorId = this.executorId();
    await workers.beat({ executorId, host, pid: process.pid, queues: queues.map(({ name }) => name) });
  }

  /** Not part of the beat: however long this takes, the worker lives. */
  async #checkExecuted(): Promise<void> {
    const { engine, checkActive, log } = this.#deps;
    await checkActive();
    const runIds = await engine.reclaim();
    if (runIds.length > 0)
      log.warn({ executorId: this.executorId(), runIds }, 'runs that were lost here are queued again');
  }

  async #lookAfter(): Promise<void> {
    const lease = this.#lease;
    if (lease === undefined) return this.#begin();
    if (lease.isLost()) {
      if (!(await lease.renew())) return this.#beginAnew(lease);
      this.#judgeFromMs = performance.now() + RETURN_MS;
    }
    if (performance.now() < this.#judgeFromMs) return;
    await this.#deps.keeper.tick(lease.session(), lease.executorId, this.#ended.signal);
  }

  /** Another worker was given our id while we were away, and has taken up what we were executing. */
  async #beginAnew(lease: WorkerLease): Promise<void> {
    this.#deps.log.warn({ executorId: lease.executorId }, 'another worker has this id now; beginning anew');
    await this.#deps.engine.stop();
    this.#lease = undefined;
    await lease.release();
    await this.#begin();
  }

  /** A round that fails, because the database is away say, is tried again soon. */
  async #repeat(what: string, everyMs: number, round: () => Promise<void>): Promise<void> {
    const { signal } = this.#ended;
    for (let pauseMs = everyMs; !signal.aborted;) {
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        await round();
        pauseMs = everyMs;
      } catch (error) {
        this.#deps.log.debug({ reason: messageOf(error), what }, 'a round of the worker failed');
        pauseMs = RETRY_MS;
      }
    }
  }
}
