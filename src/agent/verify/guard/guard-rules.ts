import type { MarkRule } from './mark-rules.ts';
import type { PathProtection } from './protected-path.ts';

/** A file of a patch: undefined where it was not, or is no more. */
export interface GuardedFile {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly base: string | undefined;
  readonly text: string | undefined;
  /** It, or a folder on the way to it, is a symbolic link. */
  readonly isLink?: boolean | undefined;
}

export interface GuardRules {
  /** Files, and folders with a slash at the end, to which the task is confined; anywhere without it. */
  readonly allowedPaths?: readonly string[] | undefined;
  readonly maxFiles?: number | undefined;
  /** Added and removed lines of all files. */
  readonly maxDiffLines?: number | undefined;
  readonly maxFileBytes?: number | undefined;
  /** The task is to take dependencies out of package.json: nothing else of it may change. */
  readonly allowsDependencyRemoval?: boolean | undefined;
  /** Assertions `x!` may be added. */
  readonly allowsNonNull?: boolean | undefined;
}

export type GuardRule =
  | MarkRule
  | PathProtection['rule']
  | 'manifest'
  | 'scope'
  | 'link'
  | 'binary'
  | 'size'
  | 'budget'
  | 'hidden_text'
  | 'secret'
  | 'syntax';

export interface GuardReason {
  readonly rule: GuardRule;
  /** Empty for what concerns the patch as a whole. */
  readonly path: string;
  readonly line?: number | undefined;
  /** A sentence or two: file and line, what is wrong, what to do. */
  readonly message: string;
}

export interface GuardVerdict {
  readonly verdict: 'allowed' | 'refused';
  readonly reasons: readonly GuardReason[];
}
