import type { FileEdit, FixGrade } from '../fixer.ts';

/** A fix that is to be judged. */
export interface FixCandidate {
  /** As {@link Fix.fixer}. */
  readonly fixer: string;
  readonly title: string;
  /** New texts by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** How far it may go if the compiler finds nothing against it. */
  readonly grade: FixGrade;
  readonly evidence: readonly string[];
}

/** What is sent back by the thread. */
export interface JudgedFix {
  readonly fixer: string;
  readonly title: string;
  readonly edits: readonly FileEdit[];
  readonly grade: FixGrade;
  readonly evidence: readonly string[];
}
