import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { AppError, systemCodeOf } from '../core/errors.ts';

/** Where paths begin, and what they may not leave. Both absolute and without links. */
export interface TreeBounds {
  readonly root: string;
  readonly treeRoot: string;
}

const MAX_CHARACTERS = 1024;
/** Names that file systems may take for `.git` too. */
const FORBIDDEN = /^(?:\.git|git~\d+|node_modules)[. ]*$/i;

/**
 * The absolute path that a relative one means, links followed as far as there are any. Throws `permission_denied` for one
 * that leads out of the tree, into git's own files or into linked packages.
 */
export async function resolveInTree({ root, treeRoot }: TreeBounds, path: string): Promise<string> {
  const names = path.split('/');
  const isPlain = names.every((name) => name !== '' && name !== '.' && name !== '..');
  if (!isPlain || path.length > MAX_CHARACTERS || /[\0\\]/.test(path)) {
    throw refused(path, 'it is no relative path with forward slashes');
  }
  requireOpen(path, names);
  const absolute = await withoutLinks(join(root, path));
  const inside = relative(treeRoot, absolute).split(sep);
  if (inside[0] === '' || inside[0] === '..') throw refused(path, 'it leads out of the checkout');
  // A link may lead there, too.
  requireOpen(path, inside);
  return absolute;
}

function requireOpen(path: string, names: readonly string[]): void {
  if (names.some((name) => FORBIDDEN.test(name))) throw refused(path, 'git and installed packages are not part of it');
}

/** As realpath(3), for paths whose last parts are not there yet. A link that leads to nothing is none that can be followed. */
async function withoutLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw refused(path, `it can't be followed: ${code}`);
    if (await isThere(path)) throw refused(path, 'it is a link that leads to nothing');
    return join(await withoutLinks(dirname(path)), basename(path));
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

function refused(path: string, why: string): AppError {
  return new AppError('permission_denied', `The path ${JSON.stringify(path)} is refused: ${why}.`, {
    hint: 'Give a path of a file of the workspace, relative to it.',
  });
}
