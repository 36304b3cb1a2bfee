import type { ProjectModel, WorkspaceModel } from '../type-source.ts';

/** Each share reads all files again and starts a compiler: below this it is slower than what it saves. */
const MIN_FILES = 1_500;

/** Into how many parts the resolving of a workspace is worth dividing, on so many processors. */
export function shareCountOf({ files }: WorkspaceModel, processors: number): number {
  const read = files.filter(({ state }) => state !== 'skipped').length;
  return Math.max(1, Math.min(processors, Math.floor(read / MIN_FILES)));
}

interface Unit {
  readonly paths: readonly string[];
  readonly lines: number;
}

/**
 * Divides the files of a workspace into shares of about the same number of lines, by relative paths. Projects stay whole,
 * since each has to be loaded, but for those larger than a share. The largest unit goes to the least share (Graham, 1969).
 */
export function planShares(workspace: WorkspaceModel, count: number): ReadonlySet<string>[] {
  const linesOf = new Map(workspace.files.map(({ path, lines }) => [path, lines]));
  const total = workspace.files.reduce((sum, { lines }) => sum + lines, 0);
  const units = workspace.projects.flatMap((project) => unitsOf(project, { workspace, linesOf, most: total / count }));
  const shares = Array.from({ length: count }, () => ({ paths: new Set<string>(), lines: 0 }));
  for (const { paths, lines } of units.toSorted((one, two) => two.lines - one.lines)) {
    const least = shares.reduce((best, share) => (share.lines < best.lines ? share : best));
    for (const path of paths) least.paths.add(path);
    least.lines += lines;
  }
  return shares.map(({ paths }) => paths);
}

function unitsOf(
  { files }: ProjectModel,
  { workspace, linesOf, most }: { workspace: WorkspaceModel; linesOf: ReadonlyMap<string, number>; most: number },
): Unit[] {
  const paths = files.map((path) => path.slice(workspace.root.length + 1));
  const lines = paths.reduce((sum, path) => sum + (linesOf.get(path) ?? 0), 0);
  const parts = Math.max(1, Math.ceil(lines / Math.max(1, most)));
  const units: Unit[] = [];
  let part: string[] = [];
  let partLines = 0;
  for (const path of paths) {
    part.push(path);
    partLines += linesOf.get(path) ?? 0;
    if (partLines < lines / parts) continue;
    units.push({ paths: part, lines: partLines });
    part = [];
    partLines = 0;
  }
  return part.length === 0 ? units : [...units, { paths: part, lines: partLines }];
}
