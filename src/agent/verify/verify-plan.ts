import type { Checkout } from '../../checkouts/index.ts';
import type { FileEdit, FixTarget } from '../../fixers/index.ts';
import type { BaseRuns } from './gates/gate-run.ts';
import type { GuardRules } from './guard/guard-rules.ts';

/** What is to be looked at. */
export interface VerifyPlan {
  readonly guard?: GuardRules | undefined;
  /** selected: those that reach the change. */
  readonly tests?: 'selected' | 'all' | 'none' | undefined;
  /** The script `build` is run, too; it may be long. */
  readonly build?: boolean | undefined;
  /** Files that import one, both relative to the workspace; tests are chosen by it. */
  readonly importersOf?: ((path: string) => Promise<readonly string[]>) | undefined;
  /** Mutants are tried on a change that was verified; none without it. */
  readonly strength?: StrengthPlan | undefined;
  /** After a gate that failed the others are run all the same. */
  readonly runsAll?: boolean | undefined;
}

export interface StrengthPlan {
  readonly maxMutants: number;
  readonly budgetMs: number;
  readonly minTimeoutMs?: number | undefined;
}

export interface VerifyBudget {
  /** For everything but mutants, which have their own. */
  readonly totalMs: number;
  /** For one run of one gate. */
  readonly gateMs: number;
  readonly maxMemoryMb?: number | undefined;
}

export interface VerifyRequest {
  readonly checkout: Checkout;
  readonly target: FixTarget;
  readonly edits: readonly FileEdit[];
  readonly plan: VerifyPlan;
  readonly budget: VerifyBudget;
  readonly seed: number;
  /** What gates said at base commits; the caller keeps it for as long as it tries changes. */
  readonly baseRuns: BaseRuns;
  /** How often the target is there in the checkout as it is now; without it, gates that name it are counted. */
  readonly countTarget?: ((signal: AbortSignal) => Promise<number>) | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number, total: number, message: string) => void) | undefined;
}
