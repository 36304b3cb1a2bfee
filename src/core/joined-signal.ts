export interface JoinedSignals {
  readonly signals: readonly AbortSignal[];
  /** Aborts after this time, too. */
  readonly timeoutMs?: number;
}

/**
 * Runs work with a signal that is aborted when one of several is, and lets go of them when the work has ended. Not
 * `AbortSignal.any` of `AbortSignal.timeout`: such a signal stays until its time has come, though the call took a
 * millisecond, and what thousands of calls leave behind is carried along by every collection of garbage.
 */
export async function withJoined<T>(
  { signals, timeoutMs }: JoinedSignals,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const joined = new AbortController();
  const stop = (event: Event): void => {
    if (event.target instanceof AbortSignal) joined.abort(event.target.reason);
  };
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) joined.abort(aborted.reason);
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => joined.abort(), timeoutMs);
  try {
    return await work(joined.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
}
