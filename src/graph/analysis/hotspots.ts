import type { FileMetrics } from '../metrics/file-metrics.ts';

export interface Hotspot {
  readonly path: string;
  readonly commits: number;
  /** Sum over its functions. */
  readonly cognitive: number;
  readonly functions: number;
  /** From 0 to 1: its share of the most commits times its share of the most complexity. */
  readonly score: number;
}

export interface Hotspots {
  readonly found: readonly Hotspot[];
  readonly most: { readonly commits: number; readonly cognitive: number };
}

/**
 * Files that are both changed often and hard to understand, the worst first: A. Tornhill, "Your Code as a Crime Scene"
 * (2015), with cognitive complexity in place of lines. A single change makes no hotspot.
 */
export function findHotspots(commits: ReadonlyMap<string, number>, files: ReadonlyMap<string, FileMetrics>): Hotspots {
  const measured = [...files].map(([path, { functions }]) => ({
    path,
    commits: commits.get(path) ?? 0,
    cognitive: functions.reduce((sum, { cognitive }) => sum + cognitive, 0),
    functions: functions.length,
  }));
  const most = {
    commits: Math.max(1, ...measured.map((file) => file.commits)),
    cognitive: Math.max(1, ...measured.map((file) => file.cognitive)),
  };
  const found = measured
    .filter((file) => file.commits > 1 && file.cognitive > 0)
    .map(({ path, commits: count, cognitive, functions }) => {
      const score = (count / most.commits) * (cognitive / most.cognitive);
      return { path, commits: count, cognitive, functions, score };
    });
  return { found: found.toSorted((one, two) => two.score - one.score || (one.path < two.path ? -1 : 1)), most };
}
