import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../test/interop', import.meta.url));
const INSTALLED = fileURLToPath(new URL('../.interop', import.meta.url));

/**
 * The folder `node_modules` with the packages of `test/interop/NAME`, installed as its lockfile has them. They are kept
 * apart from the project's own: most of us never need them.
 * @param {string} name
 * @returns {string}
 */
export function installedTools(name) {
  const [from, to] = [join(PACKAGES, name), join(INSTALLED, name)];
  const lock = 'package-lock.json';
  const isThere = existsSync(join(to, 'node_modules/.package-lock.json'));
  if (isThere && readFileSync(join(from, lock), 'utf8') === readFileSync(join(to, lock), 'utf8')) {
    return join(to, 'node_modules');
  }
  console.error(`installing the packages of test/interop/${name} into .interop/${name} …`);
  mkdirSync(to, { recursive: true });
  for (const file of ['package.json', lock]) copyFileSync(join(from, file), join(to, file));
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: to,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (npm.status === 0) return join(to, 'node_modules');
  throw new Error(`They could not be installed. Try: npm ci --prefix .interop/${name}`);
}
