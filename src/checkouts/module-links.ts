import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export interface ModuleLinks {
  /** Folders `node_modules` of the checkout, made of links. */
  readonly folders: readonly string[];
  /** Folders within them that programs may write: caches of tools. */
  readonly caches: readonly string[];
  /** Where the links lead. */
  readonly targets: readonly string[];
}

interface Sides {
  /** Root of the working tree of a person. */
  readonly from: string;
  /** Root of the checkout. */
  readonly to: string;
}

const NAME = 'node_modules';
const MAX_DEPTH = 4;
const MAX_FOLDERS = 200;
const MAX_ENTRIES = 20_000;
/** Vite, Vitest, Babel, ESLint and others keep files there and fail where they can't. */
const CACHES = ['.cache', '.vite', '.vite-temp', '.vitest'];

/**
 * Gives the checkout the packages that are installed in the person's working tree: for each `node_modules` a folder of the
 * same name with a link for each entry. Packages of the workspace itself, which are links into it, lead to the checkout:
 * a check must see the code that was changed, and not that of the person.
 */
export async function linkModules(sides: Sides): Promise<ModuleLinks> {
  const found = await findModules(sides.from);
  const folders: string[] = [];
  const caches: string[] = [];
  const targets: string[] = [];
  for (const place of found) {
    const folder = join(sides.to, relative(sides.from, place));
    // A folder that the commit does not have, or one that has packages in it.
    if (!existsSync(join(folder, '..')) || existsSync(folder)) continue;
    // The place itself may be a link, and is not seen by programs.
    const source = await realpath(place);
    await linkFolder({ source, folder }, sides);
    folders.push(folder);
    targets.push(source);
    for (const name of CACHES) caches.push(join(folder, name));
  }
  for (const cache of caches) await mkdir(cache, { recursive: true });
  return { folders, caches, targets };
}

/** Nearest to the root first. Neither packages of packages nor hidden folders are looked through. */
async function findModules(from: string): Promise<string[]> {
  const found: string[] = [];
  let level = [from];
  for (let depth = 0; depth <= MAX_DEPTH && found.length < MAX_FOLDERS; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
      if (existsSync(join(folder, NAME))) found.push(join(folder, NAME));
      next.push(...names.filter((name) => name !== NAME && !name.startsWith('.')).map((name) => join(folder, name)));
    }
    level = next;
  }
  return found.slice(0, MAX_FOLDERS);
}

async function linkFolder(pair: { readonly source: string; readonly folder: string }, sides: Sides): Promise<void> {
  const { source, folder } = pair;
  await mkdir(folder);
  const entries = await readdir(source, { withFileTypes: true });
  for (const entry of entries.slice(0, MAX_ENTRIES)) {
    const inner = { source: join(source, entry.name), folder: join(folder, entry.name) };
    if (CACHES.includes(entry.name)) continue;
    if (entry.name.startsWith('@') && entry.isDirectory()) await linkFolder(inner, sides);
    else await symlink(entry.isSymbolicLink() ? await targetOf(inner.source, sides) : inner.source, inner.folder);
  }
}

async function targetOf(link: string, { from, to }: Sides): Promise<string> {
  const target = await realpath(link).catch(() => link);
  const within = relative(from, target).split(sep);
  const isOwn = within[0] !== '..' && !within.includes(NAME);
  return isOwn ? join(to, ...within) : target;
}
