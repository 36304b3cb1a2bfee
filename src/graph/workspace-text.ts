import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphFile } from './graph-schema.ts';
import { isInside } from './workspace-root.ts';

/** A file of the workspace; undefined when it is gone, larger than `maxBytes`, or lies outside the root by a link. */
export async function readWorkspaceFile(root: string, path: string, maxBytes: number): Promise<Buffer | undefined> {
  try {
    const real = await realpath(join(root, path));
    if (!isInside(root, real)) return undefined;
    const found = await stat(real);
    return found.isFile() && found.size <= maxBytes ? await readFile(real) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the content is what the graph was made from. */
export function isAsIndexed(content: Buffer | string | undefined, file: GraphFile): boolean {
  if (content === undefined) return false;
  return createHash('sha256').update(content).digest('hex') === file.hash;
}

/** The text as the compiler counts it: without the byte order mark. */
export function compilerText(content: Buffer | string): string {
  return content.toString('utf8').replace(/^\uFEFF/, '');
}
