import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { systemCodeOf } from './errors.ts';

export interface AppendLogOptions {
  readonly path: string;
  /** A file that would become larger is put aside as `name.1.ext`, and the former ones move up. */
  readonly maxBytes: number;
  /** Files in all, the one that is written to included; the oldest is deleted. */
  readonly maxFiles: number;
}

/** A link in its place would have us write elsewhere; Windows has no such flag. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/**
 * A file of lines, for its user alone (0600), that only grows until it is put aside. Written at once, not later: a line
 * that was appended is there even if the process is killed in the next moment.
 */
export class AppendLog {
  readonly #options: AppendLogOptions;

  constructor(options: AppendLogOptions) {
    this.#options = options;
  }

  /** One line without its end. Throws what the file system says. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#write(bytes)) return;
    this.#rotate();
    this.#write(bytes);
  }

  /** False when the file is too full for it; an empty one takes anything. */
  #write(bytes: Uint8Array): boolean {
    const file = this.#open();
    try {
      const { size } = fstatSync(file);
      if (size > 0 && size + bytes.length > this.#options.maxBytes) return false;
      writeSync(file, bytes);
      return true;
    } finally {
      closeSync(file);
    }
  }

  #open(): number {
    const { path } = this.#options;
    try {
      return openSync(path, FLAGS, 0o600);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return openSync(path, FLAGS, 0o600);
    }
  }

  #rotate(): void {
    const { path, maxFiles } = this.#options;
    const extension = extname(path);
    const nameOf = (age: number): string =>
      age === 0 ? path : `${path.slice(0, path.length - extension.length)}.${age}${extension}`;
    rmSync(nameOf(maxFiles - 1), { force: true });
    for (let age = maxFiles - 2; age >= 0; age -= 1) moveIfThere(nameOf(age), nameOf(age + 1));
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  }
}
