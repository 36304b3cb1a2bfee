import type { DatabaseSession } from '../core/db/index.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { sessionNameOf } from './engine/index.ts';
import type { WorkflowControl } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import type { RunPruner } from './run-pruner.ts';
import { reconcileRuns } from './run-reconciler.ts';
import type { StoredRun } from './run-rows.ts';
import type { Run } from './run-schema.ts';
import type { RunStore } from './run-store.ts';
import type { RunTransitionStore } from './run-transition-store.ts';
import { BEAT_MS } from './worker-lease.ts';
import type { Worker, WorkerStore } from './worker-store.ts';

/** A worker whose lock is free and that has missed a beat is dead. */
const DEAD_MS = 1.2 * BEAT_MS;

/** A worker that holds its lock and is silent for so long is frozen, or out of reach: its connections are cut. */
const FROZEN_MS = 5 * BEAT_MS;

const RECONCILE_INTERVAL_MS = 5_000;
const FIRST_PRUNE_MS = 60_000;
const PRUNE_INTERVAL_MS = 3_600_000;

export interface KeeperDeps {
  readonly workers: WorkerStore;
  readonly store: RunStore;
  readonly transitions: RunTransitionStore;
  readonly control: WorkflowControl;
  readonly pruner: RunPruner;
  readonly log: Log;
  readonly reach: FaultHook;
  readonly now: () => number;
  readonly onChanged: (run: Run) => void;
}

/**
 * Looks after what nobody else does, in one process at a time: recovers the work of dead workers, ends runs whose time is
 * up or whose parent has ended, mends what a dying process left half changed, deletes what is old.
 */
export class RunKeeper {
  readonly #deps: KeeperDeps;
  #reconcileAtMs = 0;
  #pruneAtMs: number;
  #pruning: Promise<void> | undefined;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#pruneAtMs = deps.now() + FIRST_PRUNE_MS;
  }

  /**
   * One round. The session is the one that holds the lock of this process's own executor id; the signal ends what goes on
   * beside the rounds.
   */
  async tick(session: DatabaseSession, ownExecutorId: string, signal: AbortSignal): Promise<void> {
    const { workers } = this.#deps;
    const others = (await workers.list()).filter(({ executorId }) => executorId !== ownExecutorId);
    // Not a duty of the elected one, since it may be the frozen one.
    for (const worker of others) await this.#cutOffIfFrozen(worker);
    if (!(await workers.tryElect(session))) return;
    try {
      for (const worker of others) await this.#recoverIfDead(session, worker);
      await this.#endRuns();
      await this.#sometimes(signal);
    } finally {
      await workers.resign(session);
    }
  }

  async #cutOffIfFrozen({ executorId, sessionName, silentMs }: Worker): Promise<void> {
    if (silentMs < FROZEN_MS) return;
    const cut = await this.#deps.workers.cutOff([sessionName, sessionNameOf(executorId)]);
    if (cut > 0) this.#deps.log.warn({ executorId, silentMs, connections: cut }, 'a silent worker was cut off');
  }

  async #recoverIfDead(session: DatabaseSession, { executorId, silentMs }: Worker): Promise<void> {
    const { workers, control, log, reach } = this.#deps;
    if (silentMs < DEAD_MS || !(await workers.tryLock(session, executorId))) return;
    try {
      reach('recover:claimed');
      const runIds = await control.recover(executorId);
      reach('recover:requeued');
      await workers.remove(executorId);
      log.warn({ executorId, silentMs, runIds }, 'a worker is dead; its runs go on elsewhere');
    } finally {
      await workers.unlock(session, executorId);
    }
  }

  async #endRuns(): Promise<void> {
    const { transitions, control } = this.#deps;
    const ended: StoredRun[] = [...(await transitions.expire()), ...(await transitions.cancelOrphans())];
    for (const { run } of ended) this.#deps.onChanged(run);
    await control.cancel(ended.map(({ run }) => run.runId));
  }

  async #sometimes(signal: AbortSignal): Promise<void> {
    const nowMs = this.#deps.now();
    if (nowMs >= this.#reconcileAtMs) {
      this.#reconcileAtMs = nowMs + RECONCILE_INTERVAL_MS;
      for (const run of await reconcileRuns(this.#deps)) this.#deps.onChanged(run);
    }
    if (nowMs >= this.#pruneAtMs && this.#pruning === undefined) {
      this.#pruneAtMs = nowMs + PRUNE_INTERVAL_MS;
      this.#pruning = this.#prune(signal);
    }
  }

  /** Beside the rounds: deleting much takes a while, and the dead are not to wait for it. */
  async #prune(signal: AbortSignal): Promise<void> {
    try {
      await this.#deps.pruner.prune({ signal });
    } catch (error) {
      this.#deps.log.warn({ reason: messageOf(error) }, 'old runs could not be deleted; tried again later');
    } finally {
      this.#pruning = undefined;
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#pruning;
  }
}
