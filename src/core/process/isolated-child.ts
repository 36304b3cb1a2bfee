import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { AppError, messageOf } from '../errors.ts';
import { newId } from '../ids.ts';
import { identityOf } from '../process-identity.ts';
import { hasProgram } from './find-program.ts';
import type { IsolatedRequest } from './isolated-run.ts';
import { isolatedEnvironment, wishesOf } from './isolated-view.ts';
import type { Scratch, Shelter } from './isolation-shelter.ts';
import type { FamilyName } from './process-family.ts';

export interface IsolatedChild {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Descriptor 3: `ok` when all is as it should be and the program begins. */
  readonly told: Readable;
  readonly exited: Promise<ChildExit>;
  readonly family: FamilyName;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What is to be run, where, and how it is shut in. */
export interface Course {
  readonly shelter: Shelter;
  readonly request: IsolatedRequest;
  readonly scratch: Scratch;
}

const MARK = 'LIGHTDOM_ISOLATED';

/** Throws `not_configured` where there is no such program or folder, or the system refuses. */
export async function startIsolated({ shelter, request, scratch }: Course): Promise<IsolatedChild> {
  const mark = { name: MARK, value: newId() };
  const env = isolatedEnvironment(request, scratch, { [mark.name]: mark.value });
  const cwd = checkedFolder(request, env);
  const [file = '', ...args] = shelter.wrap({
    program: [request.file, ...request.args],
    cwd,
    stage: scratch.stage,
    wishes: wishesOf(request, scratch),
  });
  const child = spawn(file, args, {
    cwd: shelter.confinement.network ? '/' : cwd,
    env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const failed = new Promise<Error>((resolve) => {
    child.on('error', resolve);
  });
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (child.pid === undefined) throw notStarted(request, await failed);
  const [stdout, stderr, told] = [1, 2, 3].map((descriptor) => pipeOf(child, descriptor));
  if (stdout === undefined || stderr === undefined || told === undefined) throw notStarted(request, 'it has no pipes');
  return { stdout, stderr, told, exited, family: { first: identityOf(child.pid), mark } };
}

function pipeOf(child: ChildProcess, descriptor: number): Readable | undefined {
  const stream = child.stdio[descriptor];
  if (!(stream instanceof Readable)) return undefined;
  // A pipe of a process that is killed may fail; its end says enough.
  stream.on('error', () => {});
  return stream;
}

/** The folder without links; what is missing is told before anything is started. */
function checkedFolder(request: IsolatedRequest, env: Readonly<Record<string, string>>): string {
  const { file, cwd } = request;
  if (!(isAbsolute(file) ? isExecutable(file) : hasProgram(file, env))) {
    throw notStarted(request, 'there is no such program');
  }
  if (!existsSync(cwd)) throw notStarted(request, `there is no folder ${cwd}`);
  return realpathSync(cwd);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function notStarted({ file }: IsolatedRequest, cause: unknown): AppError {
  return new AppError('not_configured', `${file} could not be started: ${messageOf(cause)}.`, {
    hint: 'Install it, or put it on PATH.',
    cause,
  });
}
