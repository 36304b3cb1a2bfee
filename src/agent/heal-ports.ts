import type { Checkout } from '../checkouts/index.ts';
import type { ChatMessage } from '../core/llm/index.ts';
import type { FileEdit, Fix, FixPlace, FixTarget } from '../fixers/index.ts';
import type { VerifyReport } from './verify/verify-report.ts';

/** What healing needs of the rest of the system. */

export interface CheckoutRequest {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Revision that it begins as; the commit that is checked out without it. */
  readonly base?: string | undefined;
  /** `agent/…`, on which it may be committed; without it the checkout is for reading. */
  readonly branch?: string | undefined;
  readonly signal: AbortSignal;
}

/** Private copies of a workspace. */
export interface CheckoutSource {
  open(request: CheckoutRequest): Promise<Checkout>;
  /** Deletes what dead processes have left; returns how many. */
  collectStale(): Promise<number>;
}

/** All that can be mended without a model. */
export interface FixSource {
  /** Names of the fixers that say they can mend it. */
  namesFor(target: FixTarget): readonly string[];
  fixesFor(target: FixTarget, place: FixPlace): Promise<readonly Fix[]>;
}

/** What a model made of a task. */
export interface ModelFix {
  /** None where it gave up; why, the reason says. */
  readonly edits: readonly FileEdit[];
  readonly title: string;
  readonly reason: string;
  readonly usd: number;
  readonly tokens: number;
  readonly steps: number;
  /** All that was said, without secrets. */
  readonly transcript: readonly ChatMessage[];
}

/** What is left to spend of a run. */
export interface ModelLimits {
  readonly usd: number;
  readonly tokens: number;
}

export interface Asking {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly limits: ModelLimits;
  readonly signal: AbortSignal;
}

/** A model that mends what no fixer does. */
export interface PatchModel {
  /** `deepseek` */
  readonly provider: string;
  readonly name: string;
  patch(target: FixTarget, checkout: Checkout, asking: Asking): Promise<ModelFix>;
}

export interface VerifyRequest {
  readonly checkout: Checkout;
  readonly target: FixTarget;
  /** Written into the checkout by who verifies, once the guard has let them pass. */
  readonly edits: readonly FileEdit[];
  readonly fixer: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Judges edits in a checkout of the base commit, and leaves them written there where they are verified. */
export type VerifyFix = (request: VerifyRequest) => Promise<VerifyReport>;

/** Texts that a file had at the last commits that changed it, newest first. */
export type PriorTexts = (request: {
  readonly folder: string;
  readonly path: string;
  readonly signal: AbortSignal;
}) => Promise<readonly string[]>;
