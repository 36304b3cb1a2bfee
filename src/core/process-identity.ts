import { readFileSync } from 'node:fs';
import process from 'node:process';
import { systemCodeOf } from './errors.ts';

/** Which process is meant: a number that is used again later is another one's. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Kernel start time where the platform tells it, otherwise empty. */
  readonly processStart: string;
}

/** Of the process that has this id now. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, processStart: processStartOf(pid) };
}

/** True while this very process runs, whoever owns it. */
export function isSameLiveProcess({ pid, processStart }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCodeOf(error) !== 'EPERM') return false;
  }
  return processStartOf(pid) === processStart;
}

/**
 * Field 22 of /proc/PID/stat (proc(5)); empty where there is no /proc. The name in field 2 may hold spaces. A zombie,
 * killed and not yet reaped by its parent, still has its entry: it counts as another process.
 */
export function processStartOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? 'dead' : (fields[18] ?? '');
  } catch {
    return '';
  }
}
