import type { Confinement } from '../core/process/index.ts';

/** A private copy of a commit of a workspace, in which an attempt is made; the user's own checkout is never written. */
export interface Checkout {
  readonly checkoutId: string;
  /** Absolute path of the working tree: the root of the repository. */
  readonly treeRoot: string;
  /** Absolute path of the workspace within it (the same, unless the workspace is a folder of the repository). */
  readonly root: string;
  /** Full hash of the commit that it began as. */
  readonly baseCommit: string;
  /** The branch that is checked out in it, `agent/…`. */
  readonly branch: string | undefined;
  /** Paths are relative to `root`, with forward slashes; one that leads out, also by links, throws `permission_denied`. */
  findText(path: string): Promise<string | undefined>;
  writeText(path: string, text: string): Promise<void>;
  deleteFile(path: string): Promise<void>;
  /** Tracked and new files, sorted. */
  listFiles(): Promise<readonly string[]>;
  /** What differs from `baseCommit`. */
  changes(): Promise<CheckoutChanges>;
  /** Back to `baseCommit`, new files deleted (ignored ones and `node_modules` stay). */
  reset(): Promise<void>;
  /** Runs a program of the repository in it, shut in; `.git` and linked `node_modules` are read-only. */
  run(program: CheckoutProgram): Promise<CheckoutResult>;
  /** Commits all changes and returns the full hash. Throws `invalid_input` when there are none. */
  commit(commit: CheckoutCommit): Promise<string>;
  /** Deletes the working tree; its branch and commits stay in the private repository. May be called again. */
  close(): Promise<void>;
}

export interface CheckoutChanges {
  readonly files: readonly ChangedText[];
  readonly addedLines: number;
  readonly removedLines: number;
  /** As `git diff` writes it, bounded. */
  readonly patch: string;
}

export interface ChangedText {
  /** Relative to the root of the workspace; `../` in front where it lies outside of it. */
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
}

export interface CheckoutProgram {
  readonly file: string;
  readonly args: readonly string[];
  /** Relative to `root`; `root` without it. */
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
  readonly maxOutputBytes?: number | undefined;
  readonly maxMemoryMb?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckoutResult {
  readonly exitCode: number | undefined;
  readonly endedBy: 'exit' | 'signal' | 'timeout' | 'output' | 'memory';
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  readonly confinement: Confinement;
}

export interface CheckoutCommit {
  /** Subject, empty line, body. */
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
}
