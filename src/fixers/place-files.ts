import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** Larger files are no sources that somebody writes. */
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 20_000;
const MAX_TOTAL_BYTES = 200 * 1024 * 1024;
/** What tools install, and git's own. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn']);
const BINARY =
  /\.(?:png|jpe?g|gif|webp|ico|icns|pdf|zip|gz|tgz|br|zst|7z|jar|wasm|woff2?|ttf|otf|eot|mp[34]|mov|webm|node|so|dll|exe|parquet|db|sqlite)$/i;

/** All texts of a place. */
export interface PlaceTexts {
  /** By path relative to the root, with forward slashes. */
  readonly texts: ReadonlyMap<string, string>;
  /** False when there are more than are read: then nothing can be proven not to be named. */
  readonly isComplete: boolean;
}

/** The text of one file of the place; undefined for what is no ordinary file in it, or too large. */
export async function findPlaceText(root: string, path: string): Promise<string | undefined> {
  try {
    const absolute = join(root, path);
    const real = relative(await realpath(root), await realpath(absolute));
    if (real.startsWith('..') || isAbsolute(real)) return undefined;
    const stats = await lstat(absolute);
    return stats.isFile() && stats.size <= MAX_FILE_BYTES ? await readFile(absolute, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Reads all texts but those of installed packages; links are not followed. Throws what `signal` is aborted with. */
export async function readPlaceTexts(root: string, signal: AbortSignal): Promise<PlaceTexts> {
  const texts = new Map<string, string>();
  let bytes = 0;
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      signal.throwIfAborted();
      const absolute = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) pending.push(absolute);
      if (!entry.isFile() || BINARY.test(entry.name)) continue;
      const { size } = await lstat(absolute);
      bytes += Math.min(size, MAX_FILE_BYTES);
      if (texts.size >= MAX_FILES || bytes > MAX_TOTAL_BYTES) return { texts, isComplete: false };
      if (size <= MAX_FILE_BYTES) texts.set(pathOf(root, absolute), await readFile(absolute, 'utf8'));
    }
  }
  return { texts, isComplete: true };
}

function pathOf(root: string, absolute: string): string {
  return relative(root, absolute).split(sep).join('/');
}
