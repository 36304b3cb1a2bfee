import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './master-process.ts';

/** Some hundred files of ours: an index takes long enough to be interrupted, and no longer. */
const FOLDERS = ['src/core', 'src/graph'];
const MANIFESTS = ['package.json', 'tsconfig.json'];

/** A workspace with a part of the sources of this repository, and its packages. */
export function createSourcesWorkspace(): { readonly root: string; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ld-sources-')));
  for (const name of [...FOLDERS, ...MANIFESTS]) {
    cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
