export type RestartPolicy = 'never' | 'on-failure' | 'always' | 'unless-stopped';

export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
}

export interface CrashLoop {
  readonly exits: number;
  readonly withinMs: number;
}

/** Whether a service that ended by itself is started again. */
export function isRestarted(policy: RestartPolicy, isSuccess: boolean): boolean {
  switch (policy) {
    case 'never':
      return false;
    case 'on-failure':
      return !isSuccess;
    case 'always':
    case 'unless-stopped':
      return true;
  }
}

/** Whether a service that its user has stopped is started with the next start of the supervisor. Docker's meaning. */
export function startsAfterStop(policy: RestartPolicy): boolean {
  return policy === 'always';
}

/**
 * Time until the next start after so many failures in a row: it doubles, and a random half of it is left out, so that
 * services that failed together don't come back together ("equal jitter", M. Brooker, Exponential Backoff And Jitter, 2015).
 * `random` is in [0, 1).
 */
export function backoffMs(failures: number, { initialMs, maxMs }: Backoff, random: number): number {
  // Beyond 2^30 the ceiling holds in any case.
  const full = Math.min(maxMs, initialMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(full / 2 + (full / 2) * random);
}

/** The exits that still count, this one included. */
export function recentExits(exits: readonly number[], nowMs: number, { exits: most, withinMs }: CrashLoop): number[] {
  return [...exits, nowMs].filter((atMs) => nowMs - atMs < withinMs).slice(-most);
}

export function isCrashLoop(exits: readonly number[], { exits: most }: CrashLoop): boolean {
  return exits.length >= most;
}
