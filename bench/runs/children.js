import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { forkNode } from '../../dist/src/core/process/index.js';

/**
 * @typedef {object} ChildSpec a worker process; it gets `setup` by message, says `ready` when it takes work, and `first`
 *   when it begins with the first piece
 * @property {string} entry
 * @property {readonly string[]} args
 * @property {object} setup
 */

const messageSchema = z.object({ ready: z.unknown().optional(), first: z.unknown().optional() });

const STOP_MS = 10_000;
const LAST_LINES = 20;

/** The worker processes of one measurement. */
export class Children {
  /** @type {import('../../dist/src/core/process/index.js').ForkedNode[]} */
  #children = [];
  /** @type {string[]} */
  #lines = [];
  #isStopping = false;
  #first = settleable();
  #broken = settleable();

  constructor() {
    for (const { promise } of [this.#first, this.#broken]) promise.catch(() => {});
  }

  /**
   * Resolves when it takes work.
   * @param {ChildSpec} spec
   */
  async start({ entry, args, setup }) {
    const ready = settleable();
    const child = forkNode(entry, args, {
      onMessage: (raw) => {
        const message = messageSchema.parse(raw);
        if (message.ready !== undefined) ready.resolve(undefined);
        if (message.first !== undefined) this.#first.resolve(performance.now());
      },
      onLine: (line) => {
        this.#lines.push(line);
        if (this.#lines.length > LAST_LINES) this.#lines.shift();
      },
    });
    this.#children.push(child);
    void this.#watch(child);
    child.send(setup);
    await this.whileAlive(ready.promise);
  }

  /** @param {import('../../dist/src/core/process/index.js').ForkedNode} child */
  async #watch(child) {
    const how = await child.exited;
    if (!this.#isStopping) this.#broken.reject(new Error(`A worker ended (${how}):\n${this.#lines.join('\n')}`));
  }

  /** When the first piece of work began, in the time of this process. */
  async firstAt() {
    return z.number().parse(await this.whileAlive(this.#first.promise));
  }

  /**
   * Throws when a worker ends before that.
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async whileAlive(work) {
    await Promise.race([work, this.#broken.promise]);
    return work;
  }

  pids() {
    return this.#children.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  async stop() {
    this.#isStopping = true;
    for (const child of this.#children) child.signal('SIGTERM');
    await Promise.all(
      this.#children.map(async (child) => {
        const timer = new AbortController();
        const overdue = async () => {
          await delay(STOP_MS, undefined, { signal: timer.signal });
          child.signal('SIGKILL');
        };
        overdue().catch(() => {});
        await child.exited;
        timer.abort();
      }),
    );
  }
}

/** A promise that is settled from outside. */
function settleable() {
  /** @type {(value: unknown) => void} */
  let resolve = () => {};
  /** @type {(error: Error) => void} */
  let reject = () => {};
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
