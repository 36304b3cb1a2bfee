import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { GraphFile } from '../graph-schema.ts';
import { readFailure } from './read-failure.ts';
import type { ListedFile } from './source-walk.ts';

/** Text has no zero bytes; git looks at the same number of bytes to tell binary files. */
const BINARY_PROBE_BYTES = 8_192;

/** Longer lines on average are not written by people; minified bundles have hundreds of thousands of characters. */
const MAX_AVERAGE_LINE_BYTES = 5_000;

const LINE_FEED = 10;

export interface InspectOptions {
  readonly maxFileBytes: number;
  /** What it was found to be before: it is not read again while it has the same size and time. */
  readonly known?: GraphFile | undefined;
}

/** Reads a file once and says what the graph can do with it. Never throws: a file that can't be used is `skipped`. */
export function inspectFile(
  root: string,
  listed: ListedFile,
  { maxFileBytes, known: former }: InspectOptions,
): GraphFile {
  const empty = { path: listed.path, hash: '', bytes: 0, modifiedMs: 0, lines: 0, unresolved: 0 };
  if (listed.refusal !== undefined) return { ...empty, state: 'skipped', note: listed.refusal };
  try {
    const absolute = `${root}/${listed.path}`;
    const stats = statSync(absolute);
    const known = { ...empty, bytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) };
    const isSame = former?.bytes === known.bytes && former.modifiedMs === known.modifiedMs && former.hash !== '';
    if (isSame && stats.isFile()) return former;
    // Something else may have taken the name since it was listed; opening a pipe would wait for ever.
    if (!stats.isFile()) return { ...known, state: 'skipped', note: 'not a regular file' };
    if (stats.size > maxFileBytes) {
      return { ...known, state: 'skipped', note: `${stats.size} bytes, more than the limit of ${maxFileBytes}` };
    }
    return { ...known, ...describeContent(readFileSync(absolute)) };
  } catch (error) {
    return { ...empty, state: 'skipped', note: readFailure(error) };
  }
}

type ContentFacts = Pick<GraphFile, 'hash' | 'bytes' | 'lines' | 'state' | 'note'>;

function describeContent(content: Buffer): ContentFacts {
  const facts = {
    hash: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    lines: countLines(content),
  };
  if (isUtf16(content)) return { ...facts, state: 'skipped', note: 'encoded as UTF-16, not UTF-8' };
  if (content.subarray(0, BINARY_PROBE_BYTES).includes(0))
    return { ...facts, state: 'skipped', note: 'binary content' };
  if (facts.lines > 0 && content.length / facts.lines > MAX_AVERAGE_LINE_BYTES) {
    const average = Math.round(content.length / facts.lines);
    return { ...facts, state: 'skipped', note: `generated or minified: ${average} bytes a line on average` };
  }
  // Names are found all the same; only letters in comments and strings are lost.
  const note = isUtf8(content) ? '' : 'not valid UTF-8: some characters are replaced';
  return { ...facts, state: 'typed', note };
}

function isUtf16(content: Buffer): boolean {
  return content.length >= 2 && [0xff_fe, 0xfe_ff].includes(content.readUInt16BE(0));
}

function countLines(content: Buffer): number {
  if (content.length === 0) return 0;
  let lines = content.at(-1) === LINE_FEED ? 0 : 1;
  for (let at = content.indexOf(LINE_FEED); at >= 0; at = content.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}
