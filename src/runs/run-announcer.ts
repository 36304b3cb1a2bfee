import { newId } from '../core/ids.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { RunStore } from './run-store.ts';

export const RUN_CHANNEL = 'lightdom_run';

/** Changes of so short a time go out as one notification: each takes a lock of the whole server while it commits. */
const GATHER_MS = 25;
/** A payload has at most 8,000 bytes. */
const MAX_IDS = 200;

/**
 * Tells the other processes which runs have changed. It says no more than that, so that nothing depends on a message
 * that was lost: who cares reads the row, and looks now and then anyway.
 */
export class RunAnnouncer {
  /** By which a process knows its own messages. */
  readonly sender = newId().slice(0, 12);
  readonly #store: RunStore;
  readonly #log: Log;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(store: RunStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  announce(runId: string): void {
    this.#waiting.add(runId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, GATHER_MS);
  }

  /** Sends what waits; resolves when it is sent, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...this.#waiting];
    this.#waiting.clear();
    if (ids.length > 0) this.#sending = this.#sending.then(() => this.#send(ids));
    return this.#sending;
  }

  async #send(ids: readonly string[]): Promise<void> {
    try {
      for (let start = 0; start < ids.length; start += MAX_IDS) {
        const part = ids.slice(start, start + MAX_IDS);
        await this.#store.announce(RUN_CHANNEL, `${this.sender} ${part.join(' ')}`);
      }
    } catch (error) {
      this.#log.debug({ reason: messageOf(error), count: ids.length }, 'changed runs could not be announced');
    }
  }
}
