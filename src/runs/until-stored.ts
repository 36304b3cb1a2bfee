import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

export interface Patience {
  readonly log: Log;
  /** Ends the waiting: the last error is thrown. */
  readonly signal: AbortSignal;
}

/**
 * Repeats a write for as long as the database is away, so that finished work is not lost to a restart of the server.
 * The write must be idempotent. Other errors are thrown at once.
 */
export async function untilStored<T>(write: () => Promise<T>, { log, signal }: Patience): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await write();
    } catch (error) {
      if (signal.aborted || !isDatabaseAway(error)) throw error;
      log.warn({ reason: messageOf(error), pauseMs }, 'the database is away; a write of a run waits for it');
      await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** The database says `not_ready` while it can't be reached. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_ready';
}
