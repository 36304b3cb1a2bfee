import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

/**
 * Path of the compiler that is installed with `typescript`. Its own client looks beside itself, but is part of other files
 * once the product is linked. Throws where no compiler is installed for this platform.
 */
export function nativeProgram(): string {
  const name = `@typescript/typescript-${process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'tsc.exe' : 'tsc';
  return join(folderOf(name), 'lib', file);
}

/** Where a package lies that `typescript` depends on. */
function folderOf(name: string): string {
  try {
    const { resolve } = createRequire(createRequire(import.meta.url).resolve('typescript/package.json'));
    return dirname(resolve(`${name}/package.json`));
  } catch (cause) {
    throw new Error(`${name} is not installed: there is no native compiler for this platform.`, { cause });
  }
}
