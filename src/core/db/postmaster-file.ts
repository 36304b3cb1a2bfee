import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isProcessAlive } from '../process/index.ts';

/** A postmaster as its own lock file describes it (postmaster.pid: pid, data folder, start, port, …, status). */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

/** The live postmaster of this data folder, if there is one; a file left by a dead one, or a reused pid, is none. */
export function findPostmaster(dataPath: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(dataPath, 'postmaster.pid'), 'utf8')
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
 * Whether this process is, now, the postmaster of the data folder. Where there is /proc its command line must be a
 * postgres with that folder, so a reused pid does not count; elsewhere the pid alone has to do.
 */
export function isPostmaster(pid: number, dataPath: string): boolean {
  if (pid <= 0 || !isProcessAlive(pid)) return false;
  const args = argumentsOf(pid);
  if (args === undefined) return true;
  return basename(args[0] ?? '').startsWith('postgres') && args.includes(dataPath);
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
