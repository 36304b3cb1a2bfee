import type { ServiceState } from './service-state.ts';

/** A change of state, as it is stored. */
export interface StateChange {
  readonly state: ServiceState;
  /** Whether the service was meant to run from then on. */
  readonly isWanted: boolean;
  readonly atMs: number;
}

export interface Availability {
  readonly wantedMs: number;
  readonly readyMs: number;
  /** Of the time that it was meant to run, the part in which it was ready; undefined when it never was meant to. */
  readonly ratio: number | undefined;
}

/**
 * How much of a window a service was there. `changes` are in the order in which they were stored, and begin with the last
 * one before the window where there is one. A clock that was set back makes an interval empty, never negative.
 */
export function availabilityOf(
  changes: readonly StateChange[],
  window: { readonly fromMs: number; readonly toMs: number },
): Availability {
  let wantedMs = 0;
  let readyMs = 0;
  for (const [index, { state, isWanted, atMs }] of changes.entries()) {
    const beginMs = Math.max(atMs, window.fromMs);
    const endMs = Math.min(changes[index + 1]?.atMs ?? window.toMs, window.toMs);
    const lastedMs = Math.max(0, endMs - beginMs);
    // A job that has done its work is not missed.
    if (!isWanted || state === 'completed') continue;
    wantedMs += lastedMs;
    if (state === 'ready') readyMs += lastedMs;
  }
  return { wantedMs, readyMs, ratio: wantedMs === 0 ? undefined : readyMs / wantedMs };
}
