import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

const SOURCE_EXTENSIONS = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']);
const NOT_SOURCES = new Set(['.git', 'dist', 'coverage']);

/**
 * Copies a repository, so that no indexer can write into it. Installed packages are linked, not copied: types come
 * from them all the same.
 * @param {string} from
 * @param {string} to
 */
export function copyRepository(from, to) {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter(source, target) {
      if (basename(source) !== 'node_modules') return !NOT_SOURCES.has(basename(source)) || source === from;
      symlinkSync(source, target, 'dir');
      return false;
    },
  });
}

/**
 * @param {string} folder
 * @returns {{ files: number, kloc: number }} TypeScript and JavaScript outside node_modules; lines that are not blank
 */
export function sizeOf(folder) {
  let files = 0;
  let lines = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !SOURCE_EXTENSIONS.has(extname(entry.name)) || path.includes('node_modules')) continue;
    files += 1;
    lines += readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '').length;
  }
  return { files, kloc: lines / 1000 };
}

/** @param {string} folder */
export function hasTsconfig(folder) {
  return existsSync(join(folder, 'tsconfig.json'));
}
