import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isServing } from './postmaster-file.ts';

/**
 * Processes of a Postgres on this data folder that have no postmaster any more: each works in that folder, and calls
 * itself `postgres: …`. None where there is no /proc.
 */
export function leftoversOf(dataPath: string): readonly number[] {
  return processIds().filter((pid) => isSession(pid, dataPath) && !isServing(parentOf(pid), dataPath));
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Most processes are not ours to look at, and any may end meanwhile. */
function isSession(pid: number, dataPath: string): boolean {
  try {
    const isHere = readlinkSync(`/proc/${pid}/cwd`) === dataPath;
    return isHere && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres:');
  } catch {
    return false;
  }
}

/** proc(5): the second field after the name, which may hold spaces; 0 when the process is gone. */
function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
