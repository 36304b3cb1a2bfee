/** Programs of a repository, run shut in. `run-isolated.ts` runs them; this is what is asked and answered. */

export interface IsolatedRequest {
  /** A program on PATH or by absolute path, without a shell. */
  readonly file: string;
  readonly args: readonly string[];
  /** Absolute; the program is run in it. */
  readonly cwd: string;
  /** Folders (absolute) it may write besides a home and a temporary folder of its own; all else is read-only where mounts can be had. */
  readonly writable: readonly string[];
  /** Folders or files (absolute, within writable ones) that stay read-only nevertheless. */
  readonly readOnly?: readonly string[] | undefined;
  /** Folders or files (absolute) that are empty for it where mounts can be had, besides those where secrets commonly lie. */
  readonly hidden?: readonly string[] | undefined;
  /** Folders or files (absolute) within hidden ones that it sees nevertheless, as it sees what it may write. */
  readonly readable?: readonly string[] | undefined;
  /** Added to the scrubbed environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
  /** Kept of stdout and stderr each, the end of it; more is dropped and said. */
  readonly maxOutputBytes: number;
  readonly maxMemoryMb: number;
  readonly signal?: AbortSignal | undefined;
}

/** What was in force around the program. */
export interface Confinement {
  /** No network but its own loopback. */
  readonly network: boolean;
  /** Read-only but for what it may write. */
  readonly mounts: boolean;
  /** Sees and can signal its own processes alone; all of them end with it. */
  readonly pids: boolean;
  readonly memory: boolean;
}

export interface IsolatedResult {
  /** Undefined where a signal ended it; with pids confined, 129 to 192 mean a signal, as they do to a shell. */
  readonly exitCode: number | undefined;
  readonly endedBy: 'exit' | 'signal' | 'timeout' | 'output' | 'memory';
  /** The end of it, after a line that says how much was dropped, if anything was. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  readonly confinement: Confinement;
}

/** Throws only where it can't be started (`not_configured`) or was cancelled; how it ended is the result. */
export type RunIsolated = (request: IsolatedRequest) => Promise<IsolatedResult>;
