import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { openSession } from './database-session.ts';

/** Keeps listening on one channel: connects again whenever the connection breaks. */
export interface NotificationFeed {
  readonly isConnected: () => boolean;
  close(): Promise<void>;
}

export interface NotificationOptions {
  readonly url: string;
  readonly log: Log;
  readonly applicationName?: string;
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  /** After each (re)connection: messages may have been missed before it. */
  readonly onConnected: () => void;
}

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;

/** Returns at once and connects in the background. What a callback throws is logged. */
export function followNotifications(options: NotificationOptions): NotificationFeed {
  return new SessionFeed(options);
}

class SessionFeed implements NotificationFeed {
  readonly #options: NotificationOptions;
  readonly #closing = new AbortController();
  readonly #following: Promise<void>;
  #isConnected = false;
  #delayMs = FIRST_DELAY_MS;

  constructor(options: NotificationOptions) {
    this.#options = options;
    this.#following = this.#follow();
  }

  readonly isConnected = (): boolean => this.#isConnected;

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    const { log, channel } = this.#options;
    while (!signal.aborted) {
      const reason = await this.#followOnce().catch(messageOf);
      if (signal.aborted) return;
      // Once an outage is enough.
      const level = this.#delayMs === FIRST_DELAY_MS ? 'warn' : 'debug';
      log[level]({ channel, reason, delayMs: this.#delayMs }, 'notifications are not heard; connecting again');
      await delay(this.#delayMs, undefined, { signal, ref: false }).catch(() => {});
      this.#delayMs = Math.min(MAX_DELAY_MS, this.#delayMs * 2);
    }
  }

  /** Until the connection breaks; returns why. */
  async #followOnce(): Promise<string | undefined> {
    const { channel, onMessage, ...connection } = this.#options;
    const session = await openSession({ ...connection, signal: this.#closing.signal });
    try {
      await session.listen(channel, onMessage);
      this.#isConnected = true;
      this.#delayMs = FIRST_DELAY_MS;
      this.#sayConnected();
      return await session.ended;
    } finally {
      this.#isConnected = false;
      await session.close();
    }
  }

  #sayConnected(): void {
    const { onConnected, log, channel } = this.#options;
    try {
      onConnected();
    } catch (error) {
      log.error({ channel, reason: messageOf(error) }, 'a listener of notifications failed');
    }
  }
}
