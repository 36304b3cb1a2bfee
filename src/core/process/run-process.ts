import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { childEnvironment } from '../config/index.ts';
import { AppError, messageOf, systemCodeOf } from '../errors.ts';
import { signalProcess } from '../process-signal.ts';

export interface RunProcessOptions {
  readonly cwd?: string;
  /** The whole environment of the child; without it, the harmless part of ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user; only root may. */
  readonly identity?: { readonly uid: number; readonly gid: number } | undefined;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Output kept of each stream; more ends the process. */
  readonly maxOutputBytes?: number;
  /** Those that are no failure; 0 without it. */
  readonly expectedExitCodes?: readonly number[];
  /** What the program starts itself is ended with it, where the system knows groups of processes; for mere wrappers. */
  readonly endsGroup?: boolean;
}

export interface ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** How it ended; an error when it never began. */
type Ending = { readonly error: Error } | { readonly code: number | null; readonly signal: NodeJS.Signals | null };

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_OUTPUT_BYTES = 64 * 1024 * 1024;
const SHOWN_STDERR_CHARACTERS = 2000;
/** The program, or the folder to run it in, is not there or may not be used. */
const MENDED_BY_OPERATOR = new Set(['ENOENT', 'EACCES', 'ENOTDIR']);

/**
 * Runs a program to its end, without a shell. Throws `upstream_failed` with its stderr when it does not exit as expected,
 * `not_configured` when it can't be started, `timed_out`, `limit_reached` or `cancelled` when it was ended for that.
 */
export async function runProcess(
  file: string,
  args: readonly string[],
  options: RunProcessOptions = {},
): Promise<ProcessResult> {
  const { signal, cwd, timeoutMs = DEFAULT_TIMEOUT_MS, maxOutputBytes = DEFAULT_OUTPUT_BYTES } = options;
  if (signal?.aborted === true) throw cancelled(file, signal.reason);
  const isGroup = options.endsGroup === true && process.platform !== 'win32';
  const child = spawn(file, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    env: options.env ?? childEnvironment(),
    detached: isGroup,
    ...options.identity,
  });
  const ending = endingOf(child);
  let stopped: AppError | undefined;
  const stop = (reason: AppError): void => {
    stopped ??= reason;
    endNow(child, isGroup);
  };
  const onTooMuch = (): void =>
    stop(new AppError('limit_reached', `${file} was ended: it wrote more than ${maxOutputBytes} bytes.`));
  const outputs = [child.stdout, child.stderr].map((stream) => collect(stream, maxOutputBytes, onTooMuch));
  const onTimeout = (): void =>
    stop(new AppError('timed_out', `${file} was ended: it took more than ${timeoutMs} ms.`));
  const timer = setTimeout(onTimeout, timeoutMs);
  const onAbort = (): void => stop(cancelled(file, signal?.reason));
  signal?.addEventListener('abort', onAbort, { once: true });
  const ended = await ending;
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  if (stopped !== undefined) throw stopped;
  const [stdout = '', stderr = ''] = outputs.map((output) => output());
  if (isExpected(ended, options.expectedExitCodes)) return { stdout, stderr };
  throw failureOf({ file, args, cwd, stderr, ended });
}

function isExpected(ended: Ending, codes: readonly number[] = [0]): boolean {
  return 'code' in ended && ended.code !== null && codes.includes(ended.code);
}

function endingOf(child: Child): Promise<Ending> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ error });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** What the program started itself may live on and hold its outputs open: nobody waits for that. */
function endNow(child: Child, isGroup: boolean): void {
  // A negative number is a group; its leader has not been waited for, so the number is still its own.
  if (isGroup && child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
  child.kill('SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
}

function collect(stream: Readable, maxBytes: number, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else onTooMuch();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function cancelled(file: string, reason: unknown): AppError {
  if (reason instanceof AppError) return reason;
  return new AppError('cancelled', `${file} was cancelled: ${messageOf(reason)}.`, { cause: reason });
}

function failureOf(facts: {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly stderr: string;
  readonly ended: Ending;
}): AppError {
  const { file, args, cwd, stderr, ended } = facts;
  const details = { file, args };
  if ('code' in ended) {
    const how = ended.signal ?? `exit code ${ended.code}`;
    const message = `${file} ended with ${how}: ${stderr.trim().slice(-SHOWN_STDERR_CHARACTERS)}`;
    return new AppError('upstream_failed', message, { details });
  }
  const code = MENDED_BY_OPERATOR.has(systemCodeOf(ended.error) ?? '') ? 'not_configured' : 'upstream_failed';
  const place = cwd === undefined ? '' : ` in ${cwd}`;
  return new AppError(code, `${file} could not be started${place}: ${messageOf(ended.error)}.`, {
    hint:
      cwd === undefined ? 'Install it, or put it on PATH.' : 'Install it, or put it on PATH; that folder must exist.',
    details,
    cause: ended.error,
  });
}
