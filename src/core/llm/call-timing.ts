import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';

/** How long is waited, and how often something is tried. */
export interface CallTiming {
  /** Of one attempt, until its last byte. */
  readonly attemptMs: number;
  /** Of all attempts of a call, with the pauses between them. */
  readonly totalMs: number;
  readonly maxAttempts: number;
  /** Before the first repetition at most; it doubles. */
  readonly backoffMs: number;
  /** The longest pause, also one that the server asks for. */
  readonly maxBackoffMs: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

const DEFAULT_TIMING: CallTiming = {
  attemptMs: 180_000,
  totalMs: 600_000,
  maxAttempts: 5,
  backoffMs: 500,
  maxBackoffMs: 30_000,
  random: () => Math.random(),
};

export function timingOf(given: Partial<CallTiming> = {}): CallTiming {
  return { ...DEFAULT_TIMING, ...given };
}

/** "Full jitter" of Exponential Backoff and Jitter, Brooker 2015: anything from nothing to the doubled pause. */
export function backoffOf(attempt: number, { backoffMs, maxBackoffMs, random }: CallTiming): number {
  return random() * Math.min(maxBackoffMs, backoffMs * 2 ** (attempt - 1));
}

/** Returns at once when the signal is aborted; whoever waits looks at the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

export function nowMs(): number {
  return performance.now();
}

/** The pause that a server asks for, in milliseconds (RFC 9110, 10.2.3, and the finer `retry-after-ms`). */
export function findRetryAfter(headers: Headers | undefined): number | undefined {
  const fine = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(fine) && fine >= 0) return fine;
  const text = headers?.get('retry-after') ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const date = text === '' ? Number.NaN : Date.parse(text);
  return Number.isFinite(date) ? Math.max(0, date - Date.now()) : undefined;
}
