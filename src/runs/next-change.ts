import { setTimeout as delay } from 'node:timers/promises';
import type { EventSource } from '../core/events.ts';
import type { RunServiceEvents } from './run-events.ts';
import type { Run } from './run-schema.ts';

/** A notification from another process may be lost. */
const POLL_INTERVAL_MS = 1_000;

/** Listening begins with the call, so that nothing is missed between it and a look at the row. */
export function nextChange(
  events: EventSource<RunServiceEvents>,
  isMeant: (run: Run) => boolean,
  signal: AbortSignal,
): { readonly happened: Promise<void>; dispose(): void } {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  signal.addEventListener('abort', end, { once: true });
  const stopListening = events.on('changed', (run) => {
    if (isMeant(run)) end();
  });
  return {
    happened: delay(POLL_INTERVAL_MS, undefined, { signal: ended.signal }).catch(() => {}),
    dispose() {
      signal.removeEventListener('abort', end);
      stopListening();
      end();
    },
  };
}
