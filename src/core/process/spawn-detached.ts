import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
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

/** True while a process with this id runs, whoever owns it; one that ended and was not reaped yet does not. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCodeOf(error) !== 'EPERM') return false;
  }
  return !isZombie(pid);
}

/** proc(5): the state follows the name, which may hold spaces and parentheses. Never true where there is no /proc. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
