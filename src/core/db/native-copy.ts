import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { lstatSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import process from 'node:process';
import envPaths from 'env-paths';
import { z } from 'zod';
import { AppError, messageOf, systemCodeOf } from '../errors.ts';

/** Every account can get there, and only root can write there. */
const ROOT_CACHE = '/var/cache/lightdom';
const WRITABLE_BY_OTHERS = 0o022;

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the links between library names that an npm package can't hold. The package's own install script does the same,
 * but install scripts are often switched off. False when they are missing and can't be made here.
 */
export function linkLibraries(root: string): boolean {
  const links = linksSchema.parse(JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const path = join(root, target);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(path), join(root, source)), path);
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') return false;
    }
  }
  return true;
}

/**
 * A copy of the package, made once a version, for accounts that can't reach the packages' folder, and for a package
 * whose links are missing in a folder that is not ours to write. Returns its root.
 */
export function copyOfPackage(root: string): string {
  const cache = process.getuid?.() === 0 ? ROOT_CACHE : envPaths('lightdom', { suffix: '' }).cache;
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const destination = join(cache, `postgres-${version}-${basename(root)}`);
  try {
    mkdirSync(cache, { recursive: true });
    if (isOurs(cache)) chmodSync(cache, 0o755);
    if (!existsSync(destination)) copyInto(cache, root, destination);
  } catch (error) {
    throw new AppError('permission_denied', `Postgres can't be copied to ${cache}: ${messageOf(error)}.`, {
      hint: `Make that folder writable, or ${root} reachable and writable, or set DATABASE_URL.`,
      cause: error,
    });
  }
  if ([cache, destination].every(isOurs)) return destination;
  throw new AppError('permission_denied', `The copy of Postgres in ${destination} can be changed by another user.`, {
    hint: 'Delete it and start again.',
  });
}

/** Copied aside and renamed, so that another process never sees half of it. */
function copyInto(cache: string, root: string, destination: string): void {
  const draft = mkdtempSync(join(cache, 'draft-'));
  try {
    const tree = join(draft, 'tree');
    cpSync(join(root, 'native'), join(tree, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(tree);
    openToAll(tree);
    renameSync(tree, destination);
  } catch (error) {
    if (!existsSync(destination)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Whoever installed the packages may have had a umask that keeps others out. */
function openToAll(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  if (!stat.isDirectory()) return chmodSync(path, (stat.mode & 0o100) === 0 ? 0o644 : 0o755);
  chmodSync(path, 0o755);
  for (const name of readdirSync(path)) openToAll(join(path, name));
}

/** What others can write is not run. */
function isOurs(path: string): boolean {
  const { uid, mode } = statSync(path);
  return process.getuid === undefined || (uid === process.getuid() && (mode & WRITABLE_BY_OTHERS) === 0);
}
