import { spawn } from 'node:child_process';
import { childEnvironment } from '../config/index.ts';
import { AppError, messageOf } from '../errors.ts';

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
}

export interface ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_OUTPUT_BYTES = 64 * 1024 * 1024;
const SHOWN_STDERR_CHARACTERS = 2000;

/** Runs a program to its end, without a shell. Throws `upstream_failed` with its stderr when it does not exit with 0. */
export async function runProcess(
  file: string,
  args: readonly string[],
  options: RunProcessOptions = {},
): Promise<ProcessResult> {
  const child = spawn(file, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env ?? childEnvironment(),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...options.identity,
  });
  let isTooLong = false;
  const maxBytes = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;
  const outputs = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else if (child.kill('SIGKILL')) isTooLong = true;
    });
    return () => Buffer.concat(chunks).toString('utf8');
  });
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('close', (code, signal) => {
      if (isTooLong) resolve(`was ended: it wrote more than ${maxBytes} bytes`);
      else resolve(code === 0 ? '' : `ended with ${signal ?? `exit code ${code}`}`);
    });
  });
  options.signal?.throwIfAborted();
  const [stdout = '', stderr = ''] = outputs.map((output) => output());
  if (ended === '') return { stdout, stderr };
  throw new AppError('upstream_failed', `${file} ${ended}: ${stderr.trim().slice(-SHOWN_STDERR_CHARACTERS)}`, {
    details: { file, args },
  });
}
