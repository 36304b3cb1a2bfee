/** What happened to a file; `untracked` is new and not yet known to git. */
export type ChangeStatus =
  | 'added'
  | 'modified'
  | 'deleted'
  | 'renamed'
  | 'copied'
  | 'retyped'
  | 'unmerged'
  | 'untracked';

/** Lines that took the place of others, 1-based; with count 0 on a side, `start` is the line after which they stood. */
export interface ChangedLines {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

export interface ChangedFile {
  /** Relative to the folder that was asked about, of the new side; of the old one for what was deleted. */
  readonly path: string;
  readonly status: ChangeStatus;
  /** The path on the old side, where it is another. */
  readonly from?: string;
  /** In order; empty for a file that is only moved, binary, or of no interest. */
  readonly lines: readonly ChangedLines[];
}

export const CHANGE_LETTERS: Readonly<Record<string, ChangeStatus>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  C: 'copied',
  T: 'retyped',
  U: 'unmerged',
};

/** Reads `git diff --raw -z`: `:modes hashes S`, a path, and a second path for renames and copies, parted by NUL. */
export function parseRawDiff(text: string): ChangedFile[] {
  const fields = text.split('\0');
  const files = new Map<string, ChangedFile>();
  for (let at = 0; at < fields.length; at += 1) {
    const letter = /^:.* ([A-Z])\d*$/.exec(fields[at] ?? '')?.[1];
    if (letter === undefined) continue;
    const status = CHANGE_LETTERS[letter] ?? 'modified';
    const first = fields[++at] ?? '';
    const path = status === 'renamed' || status === 'copied' ? (fields[++at] ?? '') : first;
    // A conflict is told first, and then once more as what stands in the working tree.
    if (!files.has(path)) files.set(path, { path, status, ...(path !== first && { from: first }), lines: [] });
  }
  return [...files.values()];
}

/** Reads `git diff --unified=0` with the prefixes `a/` and `b/`: the changed lines of each path, the new one if there is one. */
export function parseChangedLines(text: string): ReadonlyMap<string, readonly ChangedLines[]> {
  const byPath = new Map<string, ChangedLines[]>();
  const lines = text.split('\n');
  let oldPath: string | undefined;
  let current: ChangedLines[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('--- ')) oldPath = pathOfHeader(line);
    if (line.startsWith('+++ ')) current = listOf(byPath, pathOfHeader(line) ?? oldPath ?? '');
    const hunk = hunkOf(line);
    if (hunk === undefined) continue;
    current.push(hunk);
    // The text of a line may look like a header: it is passed over by its number.
    at += hunk.oldCount + hunk.newCount;
  }
  return byPath;
}

export function hunkOf(line: string): ChangedLines | undefined {
  const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
  if (match === null) return undefined;
  const [, oldStart, oldCount = '1', newStart, newCount = '1'] = match;
  return {
    oldStart: Number(oldStart),
    oldCount: Number(oldCount),
    newStart: Number(newStart),
    newCount: Number(newCount),
  };
}

function listOf(byPath: Map<string, ChangedLines[]>, path: string): ChangedLines[] {
  const list = byPath.get(path) ?? [];
  byPath.set(path, list);
  return list;
}

/** The path behind `--- a/` or `+++ b/`; undefined for /dev/null. A tab follows a name that holds spaces. */
export function pathOfHeader(line: string): string | undefined {
  const text = line.slice(4).replace(/\t$/, '');
  const plain = text.startsWith('"') ? unquoted(text.slice(1, -1)) : text;
  return plain === '/dev/null' ? undefined : plain.slice(2);
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** Quoting as in C: `\t`, `\"`, and octal digits for bytes. */
function unquoted(text: string): string {
  const parts = [...text.matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)].map(([whole, octal, letter]) => {
    if (octal !== undefined) return Buffer.of(Number.parseInt(octal, 8));
    if (letter !== undefined) return Buffer.of(ESCAPES[letter] ?? letter.charCodeAt(0));
    return Buffer.from(whole);
  });
  return Buffer.concat(parts).toString('utf8');
}
