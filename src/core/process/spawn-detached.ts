import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';
import { messageOf, systemCodeOf } from '../errors.ts';

export interface DetachedProcess {
  readonly pid: number | undefined;
  /** Resolves with how it ended, also when it never began. */
  readonly exited: Promise<string>;
}

/**
 * Starts a program in a process group of its own, so that Ctrl-C at the terminal reaches us and not it, with its output
 * appended to a file, so that it outlives us without a broken pipe.
 */
export function spawnDetached(
  file: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly logFile: string;
    readonly identity?: { readonly uid: number; readonly gid: number } | undefined;
  },
): DetachedProcess {
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawn(file, [...args], {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...options.identity,
    });
    child.unref();
    const exited = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(messageOf(error)));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    return { pid: child.pid, exited };
  } finally {
    closeSync(log);
  }
}

/** True while a process with this id exists, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

/** Sends a signal; a process that is gone is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error;
  }
}
