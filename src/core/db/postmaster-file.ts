import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemCodeOf } from '../errors.ts';
import { newId } from '../ids.ts';
import { isProcessAlive } from '../process/index.ts';

/** A postmaster as its own lock file describes it (postmaster.pid: pid, data folder, start, port, …, status). */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

const FILE_NAME = 'postmaster.pid';
/** A postmaster writes its file at once after creating it; one that stays empty was cut off by a power failure. */
const EMPTY_FILE_MS = 10_000;

/** The live postmaster of this data folder, if there is one; a file left by a dead one, or a reused pid, is none. */
export function findPostmaster(dataPath: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(dataPath, FILE_NAME), 'utf8')
      .split('\n')
      .map((line) => line.trim());
    const pid = Math.abs(Number(lines[0]));
    const port = Number(lines[3]);
    if (!Number.isInteger(pid) || !isPostmaster(pid, dataPath)) return undefined;
    return { pid, port, isReady: lines[7] === 'ready' };
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock file of a postmaster that is gone. Postgres does so itself, but refuses to start while any process of
 * its account has that pid, which after the restart of a container is likely, or while the dead one was not reaped. Two
 * servers on one folder stay impossible: Postgres also looks for shared memory that is in use for it.
 */
export function clearStaleLock(dataPath: string): void {
  const file = join(dataPath, FILE_NAME);
  const aside = `${file}.${newId()}`;
  try {
    if (!isStale(file, dataPath)) return;
    renameSync(file, aside);
    // Between the look and the move another start may have put its own there.
    if (!isStale(aside, dataPath)) linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(systemCodeOf(error) ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isStale(file: string, dataPath: string): boolean {
  const pid = Math.abs(Number.parseInt(readFileSync(file, 'utf8'), 10));
  if (pid > 0) return !isServing(pid, dataPath);
  return Date.now() - statSync(file).mtimeMs > EMPTY_FILE_MS;
}

/**
 * Whether this process is, now, the postmaster of the data folder. Where there is /proc its command line must be a
 * postgres with that folder, so a reused pid does not count; elsewhere the pid alone has to do.
 */
export function isPostmaster(pid: number, dataPath: string): boolean {
  if (pid <= 0 || !isProcessAlive(pid)) return false;
  const args = argumentsOf(pid);
  if (args === undefined) return true;
  return basename(args[0] ?? '').startsWith('postgres') && args.includes(dataPath);
}

/** Whether this process may be a server of the data folder, whoever started it and however it spells the path. */
export function isServing(pid: number, dataPath: string): boolean {
  if (pid <= 0 || !isProcessAlive(pid)) return false;
  const args = argumentsOf(pid);
  if (args === undefined || args.includes(dataPath)) return true;
  return basename(args[0] ?? '').startsWith('postgres') && worksIn(pid, dataPath);
}

/** A postmaster makes its data folder its working directory. True when it is not ours to know. */
function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return true;
  }
}

/** Undefined where the platform has no /proc. */
function argumentsOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return hasProc() ? [] : undefined;
  }
}

function hasProc(): boolean {
  try {
    return readFileSync('/proc/self/cmdline').length > 0;
  } catch {
    return false;
  }
}
