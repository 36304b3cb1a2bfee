import { lstat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Checkout } from '../../checkouts/index.ts';
import type { FileEdit } from '../../fixers/index.ts';
import type { GuardedFile } from './guard/guard-rules.ts';
import { protectionOf } from './guard/protected-path.ts';

/** Edits beside what the checkout, which is at its base, has in their place. A path that leads out is a link. */
export async function guardedFiles(checkout: Checkout, edits: readonly FileEdit[]): Promise<readonly GuardedFile[]> {
  const files: GuardedFile[] = [];
  for (const { path, text } of edits) {
    // What is refused by its name alone is not even looked at.
    const isRefused = protectionOf(path)?.rule === 'outside';
    files.push(isRefused ? { path, base: undefined, text: text ?? '' } : await guardedFile(checkout, { path, text }));
  }
  return files;
}

async function guardedFile(checkout: Checkout, { path, text }: FileEdit): Promise<GuardedFile> {
  if (await hasLink(checkout.root, path)) return { path, base: undefined, text: text ?? '', isLink: true };
  try {
    return { path, base: await checkout.findText(path), text };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'permission_denied') throw error;
    return { path, base: undefined, text: text ?? '', isLink: true };
  }
}

async function hasLink(root: string, path: string): Promise<boolean> {
  for (let part = path; part !== '.' && part !== '/'; part = posix.dirname(part)) {
    const found = await lstat(join(root, part)).catch(() => undefined);
    if (found?.isSymbolicLink() === true) return true;
  }
  return false;
}

export async function writeEdits(checkout: Checkout, files: readonly GuardedFile[]): Promise<void> {
  for (const { path, base, text } of files) {
    if (text !== undefined) await checkout.writeText(path, text);
    else if (base !== undefined) await checkout.deleteFile(path);
  }
}
