import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphFile } from './graph-schema.ts';
import { isInside } from './workspace-root.ts';

const MAX_LINES = 400;
const MAX_BYTES = 20 * 1024;

export interface SourceSlice {
  readonly source?: string;
  readonly sourceNote?: string;
}

export interface SourceRange {
  readonly file: GraphFile;
  /** Offsets in UTF-16 units, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** The text of a declaration, while its file is the one that was indexed: otherwise the offsets mean nothing. */
export async function readSourceSlice(root: string, range: SourceRange): Promise<SourceSlice> {
  const content = await readIndexedFile(root, range.file);
  if (content === undefined) return { sourceNote: 'changed since the index; call graph_index' };
  // The compiler counts without the byte order mark.
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  return cut(text.slice(range.start, range.end));
}

/** Undefined when the file is gone, lies outside the root by a link, or is not what was indexed. */
async function readIndexedFile(root: string, file: GraphFile): Promise<Buffer | undefined> {
  try {
    const path = await realpath(join(root, file.path));
    if (!isInside(root, path) || (await stat(path)).size !== file.bytes) return undefined;
    const content = await readFile(path);
    return createHash('sha256').update(content).digest('hex') === file.hash ? content : undefined;
  } catch {
    return undefined;
  }
}

function cut(text: string): SourceSlice {
  const lines = text.split('\n');
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(0, MAX_LINES)) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > MAX_BYTES) break;
    kept.push(line);
  }
  if (kept.length === lines.length) return { source: text };
  if (kept.length === 0) return { source: text.slice(0, MAX_BYTES / 4), sourceNote: 'cut inside its first line' };
  return { source: kept.join('\n'), sourceNote: `the first ${kept.length} of ${lines.length} lines` };
}
