import { closeSync, constants, lstatSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { runProcess } from './run-process.ts';

/**
 * A named pipe for the output of a process that may outlive us. The process holds both of its ends, so that it never
 * writes into a broken pipe while nobody reads: it goes on until the kernel's buffer (64 KiB) is full, waits then, and is
 * read on by whoever opens the pipe next. containerd's shims keep the output of containers in the same way.
 */
export interface OutputPipe {
  /** For the child; close it once that has been started. */
  readonly descriptor: number;
  readonly output: Readable;
}

/** Undefined where there are no named pipes, or none can be made at that path. What lies there is replaced. */
export async function createOutputPipe(path: string): Promise<OutputPipe | undefined> {
  try {
    rmSync(path, { force: true });
    await runProcess('mkfifo', ['-m', '600', path], { timeoutMs: 5_000 });
    const descriptor = openSync(path, constants.O_RDWR);
    return { descriptor, output: readPipe(path) };
  } catch {
    return undefined;
  }
}

/** The output of a process that was started before, from where nobody has read it; undefined when there is no such pipe. */
export function reopenOutputPipe(path: string): Readable | undefined {
  try {
    return lstatSync(path).isFIFO() ? readPipe(path) : undefined;
  } catch {
    return undefined;
  }
}

export function closeDescriptor(descriptor: number | undefined): void {
  if (descriptor !== undefined) closeSync(descriptor);
}

function readPipe(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}
