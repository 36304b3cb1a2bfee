import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/** Ignore files, manifests and compiler configurations are small; a larger one is not what its name says. */
const MAX_BYTES = 1_000_000;

/** The text of a regular file of modest size, or undefined when there is none or it can't be read. */
export function readSmallText(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MAX_BYTES ? withoutMark(readFileSync(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}

/** The same where others wait meanwhile: questions are answered in the thread that serves all. */
export async function loadSmallText(path: string): Promise<string | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() && stats.size <= MAX_BYTES ? withoutMark(await readFile(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
