import { readdir, realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** Folders of this repository on which readers of code are compared: of every kind of file some. */
export const OWN_FOLDERS = ['test/fixtures', 'src/graph/engine', 'src/runs', 'tools', 'scripts', 'test/graph/engine'];

/** The sources of such a folder, relative to its real path. */
export async function ownSources(
  folder: string,
): Promise<{ readonly root: string; readonly paths: readonly string[] }> {
  const root = await realpath(fileURLToPath(new URL(`../../../${folder}`, import.meta.url)));
  const all = await readdir(root, { recursive: true });
  const paths = all.filter((path) => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) && !path.includes('node_modules'));
  expect(paths.length).toBeGreaterThan(0);
  return { root, paths };
}
