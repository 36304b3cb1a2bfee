import process from 'node:process';
import { systemCodeOf } from './errors.ts';

/** Sends a signal; a process that is gone is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error;
  }
}
