import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/** Of a database that is away; beyond it the oldest go. */
const MAX_WAITING = 1_000;
const RETRY_MS = 1_000;

/**
 * Writes in the order in which they were asked for. The database may be one of the services: when it is away, writes wait
 * for it and services are looked after all the same.
 */
export class StateRecorder {
  readonly #log: Log;
  readonly #ended = new AbortController();
  #waiting: (() => Promise<void>)[] = [];
  #working: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  record(write: () => Promise<void>): void {
    this.#waiting.push(write);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Waits until all is stored; what is not by then is given up. */
  async close(timeoutMs: number): Promise<void> {
    await this.#settled(timeoutMs);
    this.#ended.abort();
  }

  async #settled(timeoutMs: number): Promise<void> {
    const enough = new AbortController();
    await Promise.race([this.#working, delay(timeoutMs, undefined, { signal: enough.signal }).catch(() => {})]);
    enough.abort();
  }

  async #work(): Promise<void> {
    const { signal } = this.#ended;
    let isAway = false;
    while (!signal.aborted) {
      const [write] = this.#waiting;
      if (write === undefined) return;
      try {
        await write();
        isAway = false;
        if (this.#waiting[0] === write) this.#waiting.shift();
      } catch (error) {
        if (!isAway) this.#log.warn({ reason: messageOf(error) }, 'the state of services can not be stored');
        isAway = true;
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }
}
