/** Configurations of the compiler, also those that others extend. */
const CONFIG = /^(?:ts|js)config(?:\..+)?\.json$/;

/** Written by whatever installs packages. */
const LOCK_FILES: ReadonlySet<string> = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
]);

/** By its name: whether other packages are installed when it has changed. */
export function isLockFile(name: string): boolean {
  return LOCK_FILES.has(name);
}

/** By its name: whether it has a say in which files there are and how they are compiled. */
export function isDeciding(name: string): boolean {
  return name === 'package.json' || name === '.gitignore' || CONFIG.test(name) || isLockFile(name);
}
