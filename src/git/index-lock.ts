import { copyFile, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, systemCodeOf } from '../core/errors.ts';

/** git's own lock of an index: while the file is there, no git changes the index, and its text becomes the next one. */
export interface IndexLock {
  /** The index itself, which need not exist. */
  readonly indexFile: string;
  /** Puts a finished index in the place of the current one. */
  replaceBy(file: string): Promise<void>;
}

/**
 * Does something while no other git may change the index; the index stays as it is unless it is replaced. Throws `conflict`
 * while another one holds the lock.
 */
export async function withIndexLock<T>(gitDir: string, work: (lock: IndexLock) => Promise<T>): Promise<T> {
  const indexFile = join(gitDir, 'index');
  const lockFile = `${indexFile}.lock`;
  await create(lockFile);
  let isHeld = true;
  const replaceBy = async (file: string): Promise<void> => {
    await replace(file, { lockFile, indexFile });
    // From here on a file of that name is another's.
    isHeld = false;
  };
  try {
    return await work({ indexFile, replaceBy });
  } finally {
    if (isHeld) await rm(lockFile, { force: true });
  }
}

async function create(lockFile: string): Promise<void> {
  try {
    await (await open(lockFile, 'wx')).close();
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
    throw new AppError('conflict', `Another git is at work in this repository: ${lockFile} exists.`, {
      hint: 'Wait for it. If none runs, an earlier one was killed: delete that file.',
      cause: error,
    });
  }
}

async function replace(
  file: string,
  { lockFile, indexFile }: { readonly lockFile: string; readonly indexFile: string },
): Promise<void> {
  const { atime, mtime } = await stat(file);
  await copyFile(file, lockFile);
  // Git takes a file for unchanged that is older than the index: this one is as old as what was looked at.
  await utimes(lockFile, atime, mtime);
  await rename(lockFile, indexFile);
}
