import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../core/log.ts';
import { forkNode } from '../core/process/index.ts';
import type { ForkedNode } from '../core/process/index.ts';
import { runMeasurementSchema } from './run-measurement.ts';
import type { RunMeasurement } from './run-measurement.ts';

export interface WorkerChildrenDeps {
  /** The JavaScript file that is the worker. */
  readonly entry: string;
  /**
   * What each is told first; it may hold secrets, which is why it goes by message. Until it is known they load what they are
   * made of.
   */
  readonly setup: () => Promise<object>;
  readonly count: number;
  readonly log: Log;
  /** What they measure, some at a time. */
  readonly onMeasured?: (measured: RunMeasurement) => void;
}

/** From the signal to the end: an index notices it within a moment, a batch at its end. */
const STOP_GRACE_MS = 15_000;
const FIRST_RESTART_DELAY_MS = 200;
const LONGEST_RESTART_DELAY_MS = 10_000;
/** A child that lived so long was well: the next restart is quick again. */
const WELL_AFTER_MS = 30_000;

const messageSchema = z.object({
  ready: z.object({ executorId: z.string() }).optional(),
  measured: z.array(runMeasurementSchema).optional(),
});

/**
 * Worker processes of this one: started again when they die, ended with it. When this process is killed they notice by
 * their channel and end in an orderly way.
 */
export class WorkerChildren {
  readonly #deps: WorkerChildrenDeps;
  readonly #ready = new Set<number>();
  #ended = new AbortController();
  #keeping: Promise<unknown> = Promise.resolve();
  #restarts = 0;
  #isStarted = false;

  constructor(deps: WorkerChildrenDeps) {
    this.#deps = deps;
  }

  /** Does nothing when they are started already. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#ended = new AbortController();
    this.#keeping = Promise.all(Array.from({ length: this.#deps.count }, (_, slot) => this.#keep(slot)));
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#keeping;
    this.#isStarted = false;
  }

  isReady(): boolean {
    return this.#ready.size === this.#deps.count;
  }

  /** How often one that had ended was started again. */
  restarts(): number {
    return this.#restarts;
  }

  async #keep(slot: number): Promise<void> {
    const { signal } = this.#ended;
    const { log } = this.#deps;
    let delayMs = FIRST_RESTART_DELAY_MS;
    while (!signal.aborted) {
      const startedMs = performance.now();
      const how = await this.#runOnce(slot);
      this.#ready.delete(slot);
      if (signal.aborted) return;
      if (performance.now() - startedMs > WELL_AFTER_MS) delayMs = FIRST_RESTART_DELAY_MS;
      log.warn({ slot, how, delayMs }, 'a worker process ended and is started again');
      await delay(delayMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) this.#restarts += 1;
      delayMs = Math.min(LONGEST_RESTART_DELAY_MS, delayMs * 2);
    }
  }

  /** Resolves with how it ended. */
  async #runOnce(slot: number): Promise<string> {
    const { entry, log } = this.#deps;
    const child = forkNode(entry, [], {
      onMessage: (message) => {
        const { ready, measured = [] } = messageSchema.catch({}).parse(message);
        if (ready !== undefined) this.#ready.add(slot);
        for (const each of measured) this.#deps.onMeasured?.(each);
      },
      onLine: (line) => log.info({ slot, line }, 'worker'),
    });
    const { signal } = this.#ended;
    void this.#deps.setup().then((setup) => signal.aborted || child.send(setup));
    const onStop = (): void => child.signal('SIGTERM');
    signal.addEventListener('abort', onStop, { once: true });
    if (signal.aborted) onStop();
    const how = await this.#untilEnded(child);
    signal.removeEventListener('abort', onStop);
    return how;
  }

  /** Once told to stop it has its grace; then it is killed, and its runs are recovered. */
  async #untilEnded(child: ForkedNode): Promise<string> {
    const { signal } = this.#ended;
    const timer = new AbortController();
    const overdue = async (): Promise<void> => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await delay(STOP_GRACE_MS, undefined, { signal: timer.signal, ref: false });
      this.#deps.log.warn({ pid: child.pid }, 'a worker did not stop in time and is killed');
      child.signal('SIGKILL');
    };
    overdue().catch(() => {});
    const how = await child.exited;
    timer.abort();
    return how;
  }
}
