import { setTimeout as delay } from 'node:timers/promises';
import { pick } from './random.js';

/** A drill stores some thousand operations in that time. */
const LOOK_MS = 10;

/**
 * @typedef {object} InjectorParts
 * @property {import('./drill-watch.js').DrillWatch} watch
 * @property {import('./worker-pool.js').WorkerPool} pool
 * @property {import('./cluster.js').Cluster} cluster
 * @property {() => number} random
 * @property {number} operations
 */

/** Does to a drill what was planned, and keeps account of it. */
export class FaultInjector {
  #parts;
  /** What was done, for people. @type {string[]} */
  injected = [];
  /** @type {import('./drill-watch.js').Interruption[]} */
  interruptions = [];

  /** @param {InjectorParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Resolves when all was done, or the drill is over. None waits for another: a kill may need a worker that is frozen.
   * @param {readonly import('./fault-plan.js').PlannedFault[]} plan
   * @param {AbortSignal} over
   */
  async inject(plan, over) {
    await Promise.all(plan.map((planned) => this.#injectOne(planned, over)));
  }

  /**
   * @param {import('./fault-plan.js').PlannedFault} planned
   * @param {AbortSignal} over
   */
  async #injectOne({ at, fault }, over) {
    const share = await this.#untilStored(at, over);
    const what = share === undefined ? undefined : await this.#do(fault, over);
    if (what !== undefined) this.injected.push(what);
  }

  /**
   * @param {number} share
   * @param {AbortSignal} over
   */
  async #untilStored(share, over) {
    const { watch, operations } = this.#parts;
    return found(over, async () => {
      const stored = (await watch.stored()) ?? 0;
      return stored >= share * operations ? stored : undefined;
    });
  }

  /**
   * @param {import('./fault-plan.js').Fault} fault
   * @param {AbortSignal} over
   * @returns {Promise<string | undefined>}
   */
  async #do(fault, over) {
    const { pool, cluster } = this.#parts;
    switch (fault.kind) {
      case 'postmaster':
        cluster.killPostmaster();
        return 'postmaster killed';
      case 'freeze': {
        const victim = await found(over, () => this.#victim({ isToFreeze: true }));
        if (victim === undefined) return undefined;
        pool.freeze(victim.pid, fault.forMs);
        return `worker frozen for ${(fault.forMs / 1000).toFixed(1)} s`;
      }
      case 'kill': {
        const victim = await found(over, () => this.#victim());
        if (victim === undefined) return undefined;
        const killedAtMs = Date.now();
        await pool.kill(victim.pid, fault.restartMs);
        this.interruptions.push(...victim.runIds.map((runId) => ({ runId, killedAtMs })));
        return 'worker killed';
      }
    }
  }

  /** One of the workers that execute something; one more must be left, for somebody has to notice. */
  async #victim({ isToFreeze = false } = {}) {
    const { watch, pool, random } = this.#parts;
    if (pool.unharmedPids.length < 2) return undefined;
    const executing = await watch.executing(pool.unharmedPids);
    const pid = pick(
      random,
      [...new Set(executing.map((one) => one.pid))].toSorted((a, b) => a - b),
    );
    // Another fault may have been faster.
    const unharmed = pool.unharmedPids;
    if (pid === undefined || unharmed.length < 2 || !unharmed.includes(pid) || (isToFreeze && pool.hasFrozen))
      return undefined;
    return { pid, runIds: executing.filter((one) => one.pid === pid).map(({ runId }) => runId) };
  }
}

/**
 * Looks again until there is something; undefined when it is over.
 * @template T
 * @param {AbortSignal} over
 * @param {() => Promise<T | undefined>} look
 * @returns {Promise<T | undefined>}
 */
async function found(over, look) {
  while (!over.aborted) {
    const something = await look();
    if (something !== undefined) return something;
    await delay(LOOK_MS, undefined, { signal: over }).catch(() => {});
  }
  return undefined;
}
