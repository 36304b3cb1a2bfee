import type { HistoryCommit } from '../../git/index.ts';

export interface CommitCounts {
  /** Files of the workspace that each commit touched. */
  readonly commits: readonly (readonly string[])[];
  /** How many commits touched a file. */
  readonly byPath: ReadonlyMap<string, number>;
  /** Commits that touched so many files that they say nothing about any of them. */
  readonly huge: number;
}

/** Reformatting, renaming and importing code touches everything at once. */
export const MAX_COMMIT_FILES = 50;

/** The commits that touched files among `known`, and how often each file was touched. */
export function countCommits(history: readonly HistoryCommit[], known: (path: string) => boolean): CommitCounts {
  const byPath = new Map<string, number>();
  const commits: string[][] = [];
  let huge = 0;
  for (const { paths } of history) {
    if (paths.length > MAX_COMMIT_FILES) {
      huge += 1;
      continue;
    }
    const own = paths.filter(known);
    if (own.length > 0) commits.push(own);
    for (const path of own) byPath.set(path, (byPath.get(path) ?? 0) + 1);
  }
  return { commits, byPath, huge };
}
