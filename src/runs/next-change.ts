import { setTimeout as delay } from 'node:timers/promises';
import type { EventSource } from '../core/events.ts';
import type { RunServiceEvents } from './run-events.ts';

/** Runs that other processes execute send no events here. */
const POLL_INTERVAL_MS = 1_000;

/** Listening begins with the call, so that nothing is missed between it and a look at the row. */
export function nextChange(
  events: EventSource<RunServiceEvents>,
  runId: string,
  signal: AbortSignal,
): { readonly happened: Promise<void>; dispose(): void } {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  signal.addEventListener('abort', end, { once: true });
  const stopListening = events.on('changed', (run) => {
    if (run.runId === runId) end();
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
