import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * The first line that a child process prints.
 * @param {{ stdout: import('node:stream').Readable }} child
 * @returns {Promise<string>}
 */
export async function firstLineOf({ stdout }) {
  for await (const line of createInterface(stdout)) return line;
  throw new Error('The process ended before it printed anything.');
}

/**
 * Resolves with the exit code of a child process; null when a signal ended it.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | null>}
 */
export async function exitOf(child) {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
