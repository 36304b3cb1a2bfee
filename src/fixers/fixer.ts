/** What is to be mended, as a source of findings said it. */
export interface FixTarget {
  /** `typescript`, `eslint`, `oxlint`, `biome`, `graph`, `recipe`, `tests`. */
  readonly source: string;
  /** `ts/2552`, `eslint/no-debugger`, `graph/unused-export`, `recipe/no-moment`. */
  readonly rule: string;
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly line?: number | undefined;
  readonly symbol?: string | undefined;
  readonly nodeId?: string | undefined;
  readonly message: string;
  readonly evidence?: Readonly<Record<string, unknown>> | undefined;
}

/** Where it is mended: a private checkout. Fixers read it and never write it; who asked writes their edits. */
export interface FixPlace {
  /** Absolute path of the workspace in the checkout. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Texts of a file at the last commits that changed it, newest first, at most a few; for what was removed or renamed lately. */
  priorTexts?(path: string): Promise<readonly string[]>;
  /** Runs an installed program of the workspace, shut in; for linters. */
  run(program: {
    readonly file: string;
    readonly args: readonly string[];
    readonly timeoutMs: number;
  }): Promise<{ readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }>;
}

/** The new text of one file; `undefined` deletes it. */
export interface FileEdit {
  readonly path: string;
  readonly text: string | undefined;
}

/**
 * How far a fix may go by itself. `auto`: behind verification. `tests`: only where tests that reach it were run, too.
 * `suggestion`: shown with its evidence, never applied.
 */
export const FIX_GRADES = ['auto', 'tests', 'suggestion'] as const;
export type FixGrade = (typeof FIX_GRADES)[number];

export interface Fix {
  /** `typescript:spelling`, `lightdom:did-you-mean`, `eslint`, `lightdom:unused-export`, `recipe:NAME`. */
  readonly fixer: string;
  /** A line for people: what it does. */
  readonly title: string;
  readonly edits: readonly FileEdit[];
  readonly grade: FixGrade;
  /** What speaks for it, a line each, with figures where there are some. */
  readonly evidence: readonly string[];
}

export interface Fixer {
  readonly name: string;
  canFix(target: FixTarget): boolean;
  /** Best first, at most a few; none where it knows nothing. Never throws for odd code. */
  fix(target: FixTarget, place: FixPlace): Promise<readonly Fix[]>;
  /** Ends threads and forgets what it knows of a place. */
  close(): Promise<void>;
}
