import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const INTEROP = fileURLToPath(new URL('../interop', import.meta.url));

/**
 * The folder `interop/NAME`, with its packages installed as its lockfile has them. They are kept apart from the project's
 * own: most of us never need them.
 * @param {string} name
 * @returns {string}
 */
export function installedTools(name) {
  const folder = join(INTEROP, name);
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return folder;
  console.error(`installing interop/${name} (once) …`);
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (npm.status === 0) return folder;
  throw new Error(`Its packages could not be installed. Try: npm ci --prefix interop/${name}`);
}
