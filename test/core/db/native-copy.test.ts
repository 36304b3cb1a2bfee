import { chmodSync, cpSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { linkLibraries } from '../../../src/core/db/native-copy.ts';
import { binariesOf, binary, findEmbeddedBinaries } from '../../../src/core/db/postgres-binaries.ts';
import { postgresIdentity } from '../../../src/core/db/postgres-identity.ts';
import { newId } from '../../../src/core/ids.ts';
import { runProcess } from '../../../src/core/process/index.ts';

const linksSchema = z.array(z.object({ target: z.string() }));

/** The package as it comes out of npm without install scripts. */
describe('the package of Postgres', () => {
  const version = `0.0.0-${newId().slice(0, 8)}`;
  let home = '';
  let root = '';
  let links: readonly string[] = [];

  beforeEach(() => {
    const found = findEmbeddedBinaries(undefined);
    if (found === undefined) throw new Error('npm ci --include=optional brings the embedded Postgres');
    home = mkdtempSync(join(tmpdir(), 'ld-native-'));
    root = join(home, 'linux-x64');
    const original = dirname(dirname(found.folder));
    cpSync(join(original, 'native'), join(root, 'native'), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ version }));
    const listed = linksSchema.parse(JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')));
    links = listed.map(({ target }) => join(root, target));
    for (const link of links) rmSync(link, { force: true });
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('gets its links made once, and works then', async () => {
    expect([linkLibraries(root), linkLibraries(root)]).toEqual([true, true]);
    expect(links.every((link) => lstatSync(link).isSymbolicLink())).toBe(true);
    const found = binariesOf(root, undefined);
    expect(found.folder).toBe(join(root, 'native', 'bin'));
    expect((await runProcess(binary(found, 'initdb'), ['--version'])).stdout).toContain('PostgreSQL');
  });

  it.runIf(process.getuid?.() === 0)('is copied for an account that can not reach it, whatever its modes', async () => {
    // As root's npm with umask 077 leaves it.
    const close = (path: string): void => {
      const stat = lstatSync(path);
      chmodSync(path, stat.mode & 0o700);
      if (stat.isDirectory()) for (const name of readdirSync(path)) close(join(path, name));
    };
    close(root);
    const identity = postgresIdentity();
    const found = binariesOf(root, identity);
    const copy = dirname(dirname(found.folder));
    try {
      expect(copy).toBe(`/var/cache/lightdom/postgres-${version}-linux-x64`);
      expect(binariesOf(root, identity)).toEqual(found);
      for (const name of ['initdb', 'postgres'] as const) {
        const { stdout } = await runProcess(binary(found, name), ['--version'], { cwd: '/', identity });
        expect(stdout).toContain('PostgreSQL');
      }
      chmodSync(copy, 0o777);
      expect(() => binariesOf(root, identity)).toThrow('can be changed by another user');
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
