import type { GraphFile } from './graph-schema.ts';
import { compilerText, isAsIndexed, readWorkspaceFile } from './workspace-text.ts';

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
  const content = await readWorkspaceFile(root, range.file.path, range.file.bytes);
  if (content === undefined || !isAsIndexed(content, range.file)) {
    return { sourceNote: 'changed since the index; call graph_index' };
  }
  return cut(compilerText(content).slice(range.start, range.end));
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
