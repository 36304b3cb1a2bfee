import type { DLogger } from '@dbos-inc/dbos-sdk';
import type { Log } from '../../core/log.ts';

/**
 * Leads the engine's own messages into our log; without it they go to the console, and so to stdout. They are one
 * level lower than there: its `info` is about its inner workings.
 */
export function dbosLog(log: Log): DLogger {
  return {
    debug: (entry) => log.trace({ entry }, 'engine'),
    info: (entry) => log.debug({ entry }, 'engine'),
    warn: (entry) => log.warn({ entry }, 'engine'),
    error: (entry, metadata) => log.error({ entry, err: metadata?.error }, 'engine'),
  };
}
