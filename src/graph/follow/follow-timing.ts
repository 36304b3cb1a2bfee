export interface FollowTiming {
  /** An editor writes a file in several steps. */
  readonly settleMs: number;
  /** Quiet after which what no name tells is looked at. */
  readonly verifyAfterMs: number;
  /** Quiet after which the compiler is let go of. */
  readonly idleMs: number;
  /** Between two whole indexes, where edits can't be followed. */
  readonly reindexMs: number;
}

export const TIMING: FollowTiming = { settleMs: 20, verifyAfterMs: 10_000, idleMs: 600_000, reindexMs: 30_000 };

/** `watching`: nothing has changed since. `following`: the compiler is there. `failed`: whole indexes only. */
export type FollowState = 'starting' | 'watching' | 'opening' | 'following' | 'failed';
