/** One commit, as far as it touched the folder that was asked about. */
export interface HistoryCommit {
  /** Paths as they are today: what was renamed since goes by its new name. */
  readonly paths: readonly string[];
}

export interface GitHistory {
  /** Newest first, without merges. */
  readonly commits: readonly HistoryCommit[];
  /** ISO 8601, of the newest commit that there is. */
  readonly until: string;
  /** The clone has a part of the history only, or there were more commits than are read. */
  readonly isCut: boolean;
}

/** What `git log -z --name-status` has to print before each commit for {@link parseHistory} to tell them apart. */
export const HISTORY_FORMAT = '--format=%x01';

/**
 * Reads `git log -z --name-status` with {@link HISTORY_FORMAT}, newest first: letters and paths parted by NUL. Renames are
 * followed as git tells them: a path that was renamed later is counted for its new name.
 */
export function parseHistory(text: string): HistoryCommit[] {
  const names = new Map<string, string>();
  const commits = text.split('\u0001').slice(1);
  return commits.map((commit) => ({ paths: pathsOf(commit, names) }));
}

function pathsOf(commit: string, names: Map<string, string>): string[] {
  const fields = commit.split('\0').map((field) => field.replace(/^\n+/, ''));
  const paths = new Set<string>();
  const former: [string, string][] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const letter = /^([A-Z])\d*$/.exec(fields[at] ?? '')?.[1];
    if (letter === undefined) continue;
    const first = fields[++at] ?? '';
    const path = letter === 'R' || letter === 'C' ? (fields[++at] ?? '') : first;
    const today = names.get(path) ?? path;
    paths.add(today);
    // Before it was added, another file may have had its name.
    if (letter === 'A' || letter === 'R' || letter === 'C') names.delete(path);
    if (letter === 'R') former.push([first, today]);
  }
  for (const [before, today] of former) names.set(before, today);
  return [...paths];
}
