import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
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
    if (!Number.isInteger(pid) || pid === 0 || !isProcessAlive(pid) || !isPostgresOf(pid, dataPath)) return undefined;
    return { pid, port, isReady: lines[7] === 'ready' };
  } catch {
    return undefined;
  }
}

/** Where there is /proc, the command line must name the data folder; elsewhere the pid alone has to do. */
function isPostgresOf(pid: number, dataPath: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataPath);
  } catch {
    return process.platform !== 'linux';
  }
}
