import { setTimeout as delay } from 'node:timers/promises';
import { WorkerProcess } from './worker-process.js';

/** From SIGTERM to the end: a worker hands over what it executes. */
const STOP_GRACE_MS = 20_000;

const RETRY_MS = 200;

/** The workers of one drill. One that is killed is started again; one that dies by itself is a finding. */
export class WorkerPool {
  #databaseUrl;
  #dataDir;
  /** @type {Set<WorkerProcess>} */
  #workers = new Set();
  /** @type {Set<WorkerProcess>} */
  #frozen = new Set();
  /** @type {Set<WorkerProcess>} */
  #killed = new Set();
  /** Restarts and thaws to come. @type {Promise<unknown>[]} */
  #pending = [];
  #over = new AbortController();
  /** The last that the ended ones have logged. @type {string[]} */
  lines = [];
  /** What went wrong with them. @type {string[]} */
  problems = [];

  /**
   * @param {string} databaseUrl
   * @param {string} dataDir
   */
  constructor(databaseUrl, dataDir) {
    this.#databaseUrl = databaseUrl;
    this.#dataDir = dataDir;
  }

  /**
   * Resolves when all of them execute.
   * @param {number} count
   */
  async start(count) {
    await Promise.all(Array.from({ length: count }, () => this.#startOne()));
  }

  /** Of those that live. */
  get pids() {
    return [...this.#workers].map((worker) => worker.pid);
  }

  /** Of those that execute: not still starting, not frozen, and not just killed. */
  get unharmedPids() {
    const isHarmed = (/** @type {WorkerProcess} */ worker) => this.#frozen.has(worker) || this.#killed.has(worker);
    return [...this.#workers].filter((worker) => worker.hasBegun && !isHarmed(worker)).map((worker) => worker.pid);
  }

  get hasFrozen() {
    return this.#frozen.size > 0;
  }

  /**
   * Resolves when it is dead.
   * @param {number} pid
   * @param {number} restartMs
   */
  async kill(pid, restartMs) {
    const worker = this.#find(pid);
    this.#killed.add(worker);
    worker.signal('SIGKILL');
    await worker.exited;
    this.#pending.push(this.#after(restartMs, () => this.#startOne()));
  }

  /**
   * @param {number} pid
   * @param {number} forMs
   */
  freeze(pid, forMs) {
    const worker = this.#find(pid);
    this.#frozen.add(worker);
    worker.signal('SIGSTOP');
    this.#pending.push(
      this.#after(forMs, () => {
        worker.signal('SIGCONT');
        this.#frozen.delete(worker);
      }),
    );
  }

  /** Waits for restarts and thaws to come. */
  async settle() {
    await Promise.all(this.#pending);
  }

  /** Orderly, which is checked; what does not end in time is killed. */
  async stop() {
    this.#over.abort();
    await this.settle();
    await Promise.all([...this.#workers].map((worker) => this.#stopOne(worker)));
  }

  async #startOne() {
    const worker = new WorkerProcess(this.#databaseUrl, this.#dataDir);
    this.#workers.add(worker);
    void this.#follow(worker);
    await worker.ready;
    // While the database is away it can't begin: whoever supervises it starts it again.
    if (!worker.hasBegun && !this.#killed.has(worker)) await this.#after(RETRY_MS, () => this.#startOne());
  }

  /** @param {WorkerProcess} worker */
  async #follow(worker) {
    const how = await worker.exited;
    this.#workers.delete(worker);
    this.lines.push(...worker.lines.map((line) => `worker ${worker.pid}: ${line}`));
    if (worker.hasBegun && !this.#killed.has(worker) && !this.#over.signal.aborted)
      this.#complain(worker, `died by itself: ${how}`);
  }

  /** @param {WorkerProcess} worker */
  async #stopOne(worker) {
    const timer = new AbortController();
    delay(STOP_GRACE_MS, undefined, { signal: timer.signal }).then(
      () => worker.signal('SIGKILL'),
      () => {},
    );
    worker.signal('SIGCONT');
    worker.signal('SIGTERM');
    const how = await worker.exited;
    timer.abort();
    if (how !== 0) this.#complain(worker, `did not stop in an orderly way: ${how}`);
  }

  /**
   * At once when all is over.
   * @param {number} ms
   * @param {() => unknown} work
   */
  async #after(ms, work) {
    await delay(ms, undefined, { signal: this.#over.signal }).catch(() => {});
    if (!this.#over.signal.aborted) await work();
  }

  /** @param {number} pid */
  #find(pid) {
    const worker = [...this.#workers].find((one) => one.pid === pid);
    if (worker === undefined) throw new Error(`There is no worker ${pid}.`);
    return worker;
  }

  /**
   * @param {WorkerProcess} worker
   * @param {string} what
   */
  #complain(worker, what) {
    this.problems.push(`worker ${worker.pid} ${what}`);
  }
}
