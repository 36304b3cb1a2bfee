import type { DLogger } from '@dbos-inc/dbos-sdk';
import type { Log } from '../../core/log.ts';

/** While the database is away the queue's poll says so ten times a second. */
const REPEAT_INTERVAL_MS = 10_000;

/** More texts than the library has; those that name a workflow would otherwise add up. */
const MAX_REMEMBERED = 200;

/**
 * Leads the engine's own messages into our log; without it they go to the console, and so to stdout. Its `info` is
 * about its inner workings and comes one level lower; a warning that repeats itself comes once in a while.
 */
export function dbosLog(log: Log): DLogger {
  const lastAtMs = new Map<unknown, number>();
  const isRepeated = (entry: unknown): boolean => {
    const nowMs = performance.now();
    if (nowMs - (lastAtMs.get(entry) ?? -Infinity) < REPEAT_INTERVAL_MS) return true;
    if (lastAtMs.size >= MAX_REMEMBERED) lastAtMs.clear();
    lastAtMs.set(entry, nowMs);
    return false;
  };
  return {
    debug: (entry) => log.trace({ entry }, 'engine'),
    info: (entry) => log.debug({ entry }, 'engine'),
    warn: (entry) => {
      if (!isRepeated(entry)) log.warn({ entry }, 'engine');
    },
    error: (entry, metadata) => log.error({ entry, err: metadata?.error }, 'engine'),
  };
}
