import { childEnvironment } from '../core/config/index.ts';
import { AppError } from '../core/errors.ts';
import { runProcess } from '../core/process/index.ts';

/** Runs git with these arguments in one folder and returns what it wrote. */
export type Git = (args: readonly string[]) => Promise<string>;

export interface GitOptions {
  readonly maxBytes?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** Added to the scrubbed environment: who commits, a token for one push. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Those that are an answer and no failure; 0 without it. */
  readonly expectedExitCodes?: readonly number[] | undefined;
  /** Ends what git has started itself along with it: programs that talk to other machines would go on waiting. */
  readonly endsGroup?: boolean | undefined;
}

const TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What a repository configures is not run, and no optional lock is taken, so that nothing of it is written. */
const SAFE = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.quotePath=false',
  '-c',
  'core.hooksPath=/dev/null',
];
const ENVIRONMENT = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };

/** Throws as `runProcess` does. */
export async function runGit(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { maxBytes, timeoutMs, env, signal, expectedExitCodes, endsGroup = false } = options;
  const { stdout } = await runProcess('git', [...SAFE, ...args], {
    cwd: folder,
    env: childEnvironment({ ...ENVIRONMENT, ...env }),
    timeoutMs: timeoutMs ?? TIMEOUT_MS,
    maxOutputBytes: maxBytes ?? MAX_OUTPUT_BYTES,
    endsGroup,
    ...(expectedExitCodes !== undefined && { expectedExitCodes }),
    ...(signal !== undefined && { signal }),
  });
  return stdout;
}

/** That git said no, as a value; that it could not be asked is thrown. */
export async function attemptGit(work: Promise<string>): Promise<string | AppError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === 'upstream_failed') return error;
    throw error;
  }
}
