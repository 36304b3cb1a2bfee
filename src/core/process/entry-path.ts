import { fileURLToPath } from 'node:url';

/**
 * The JavaScript file of a worker or child entry. Run from `dist/` it is the neighbour itself; run from the sources
 * (as tests are) it is the file that the build made of it, since Node 20 cannot start TypeScript.
 */
export function entryPath(importerUrl: string, relative: string): string {
  const url = new URL(relative, importerUrl);
  const path = fileURLToPath(url);
  if (!importerUrl.endsWith('.ts')) return path.replace(/\.ts$/, '.js');
  return path.replace(/([\\/])src([\\/])(?!.*[\\/]src[\\/])/, '$1dist$1src$2').replace(/\.ts$/, '.js');
}
