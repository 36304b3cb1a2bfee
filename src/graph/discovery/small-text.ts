import { readFileSync, statSync } from 'node:fs';

/** Ignore files, manifests and compiler configurations are small; a larger one is not what its name says. */
const MAX_BYTES = 1_000_000;

/** The text of a regular file of modest size, or undefined when there is none or it can't be read. */
export function readSmallText(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MAX_BYTES ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : undefined;
  } catch {
    return undefined;
  }
}
