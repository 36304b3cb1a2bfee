import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 1500;

/** The end of a log file on one line, for an error's message; empty when there is none. */
export function lastLines(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(descriptor, tail, 0, tail.length, size - tail.length);
      return tail.toString('utf8').trim().split('\n').slice(-5).join(' | ');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
