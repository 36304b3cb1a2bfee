import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import process from 'node:process';
import { childEnvironment } from '../../core/config/index.ts';
import { AppError } from '../../core/errors.ts';
import { programOfPackage, runProcess } from '../../core/process/index.ts';
import type { InstalledProgram, IsolatedResult, ProcessResult, RunIsolated } from '../../core/process/index.ts';

/** Compilers and linters of large workspaces take minutes. */
const TIMEOUT_MS = 10 * 60_000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const MAX_MEMORY_MB = 4096;
const SHOWN_STDERR_CHARACTERS = 2000;
const EXPECTED = [0, 1, 2];

export interface ProgramRequest {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Shuts the program in; without it the program runs as a script of the workspace would. */
  readonly runIsolated?: RunIsolated | undefined;
  /** Folders that it may write when it is shut in. */
  readonly writable?: readonly string[];
  /** Beside the harmless part of our environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Those that are no failure; 0, 1 and 2 without it, which only say that something was found. */
  readonly expectedExitCodes?: readonly number[];
}

/** The compiler that this program brings along. */
export function bundledTypescript(): InstalledProgram | undefined {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  return programOfPackage(dirname(manifest), 'tsc');
}

/** Runs it in `cwd`. Throws as `runProcess` does; `expectedExitCodes` are no failure. */
export function runProgram(
  { script }: InstalledProgram,
  args: readonly string[],
  request: ProgramRequest,
): Promise<ProcessResult> {
  return runNode([script, ...args], request);
}

/** Runs Node itself, otherwise as {@link runProgram}. */
export async function runNode(args: readonly string[], request: ProgramRequest): Promise<ProcessResult> {
  const { cwd, signal, runIsolated, writable = [], env, expectedExitCodes = EXPECTED } = request;
  const timeoutMs = TIMEOUT_MS;
  if (runIsolated === undefined) {
    return runProcess(process.execPath, args, {
      cwd,
      signal,
      timeoutMs,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      expectedExitCodes,
      ...(env !== undefined && { env: childEnvironment(env) }),
      // The compiler's script only starts the compiler.
      endsGroup: true,
    });
  }
  const result = await runIsolated({
    file: process.execPath,
    args,
    cwd,
    writable,
    env,
    timeoutMs,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    maxMemoryMb: MAX_MEMORY_MB,
    signal,
  });
  if (result.endedBy === 'exit' && expectedExitCodes.includes(result.exitCode ?? -1)) return result;
  throw failureOf(args, result);
}

const CODES = {
  exit: 'upstream_failed',
  signal: 'upstream_failed',
  timeout: 'timed_out',
  output: 'limit_reached',
  memory: 'limit_reached',
} as const;

const REASONS = {
  signal: 'a signal ended it',
  timeout: 'it took too long',
  output: 'it wrote too much',
  memory: 'it took too much memory',
} as const;

function failureOf(args: readonly string[], { endedBy, exitCode, stderr }: IsolatedResult): AppError {
  const how = endedBy === 'exit' ? `exit code ${exitCode}` : REASONS[endedBy];
  return new AppError(
    CODES[endedBy],
    `${nameOf(args)} ended: ${how}: ${stderr.trim().slice(-SHOWN_STDERR_CHARACTERS)}`,
  );
}

/** What was run, as people call it: Node's own options may be long. */
function nameOf([script = '']: readonly string[]): string {
  return script.startsWith('-') ? 'node' : basename(script);
}
