import type { GraphView } from '../query/graph-view.ts';
import { fileLinksOf } from './file-links.ts';
import type { FileLink } from './file-links.ts';
import { strongComponents } from './strong-components.ts';

export interface ImportCycle {
  /** The shortest way round: each link leads to the file of the next, the last to that of the first. */
  readonly links: readonly FileLink[];
  /** Files that reach one another; at least those on the way round. */
  readonly fileCount: number;
  /** Exists for the compiler only: some import on each way round names types alone. */
  readonly isTypeOnly: boolean;
}

/** In larger knots, the way round is the shortest through one of so many files. */
const MAX_STARTS = 300;

/**
 * One cycle for each knot of files that import one another, largest knots first, and after them those that disappear
 * at run time. A file that imports itself is a cycle of one.
 */
export function findImportCycles(view: GraphView): ImportCycle[] {
  const links = fileLinksOf(view);
  const atRunTime = cyclesOf(
    view,
    links.filter((link) => !link.isTypeOnly),
  );
  const known = new Set(atRunTime.flatMap(({ files }) => files));
  const withTypes = cyclesOf(view, links).filter(({ files }) => !files.some((file) => known.has(file)));
  const shaped = (isTypeOnly: boolean) => (cycle: Knot) => ({
    links: cycle.links,
    fileCount: cycle.files.length,
    isTypeOnly,
  });
  return [...atRunTime.map(shaped(false)), ...withTypes.map(shaped(true))];
}

interface Knot {
  readonly files: readonly number[];
  readonly links: readonly FileLink[];
}

function cyclesOf(view: GraphView, links: readonly FileLink[]): Knot[] {
  const outgoing = new Map<number, FileLink[]>();
  for (const link of links) outgoing.set(link.from, [...(outgoing.get(link.from) ?? []), link]);
  const successors = Array.from({ length: view.nodeCount }, (_, row) => (outgoing.get(row) ?? []).map(({ to }) => to));
  const knots = strongComponents(successors).map((files) => ({ files, links: shortestLoop(files, outgoing) }));
  const own = links.filter(({ from, to }) => from === to).map((link) => ({ files: [link.from], links: [link] }));
  return [...knots, ...own].toSorted((a, b) => b.files.length - a.files.length);
}

function shortestLoop(files: readonly number[], outgoing: ReadonlyMap<number, readonly FileLink[]>): FileLink[] {
  const inside = new Set(files);
  let best: FileLink[] = [];
  for (const start of files.slice(0, MAX_STARTS)) {
    const loop = loopFrom(start, inside, outgoing);
    if (best.length === 0 || loop.length < best.length) best = loop;
    if (best.length === 2) break;
  }
  return best;
}

/** Breadth first, back to the start. */
function loopFrom(
  start: number,
  inside: ReadonlySet<number>,
  outgoing: ReadonlyMap<number, readonly FileLink[]>,
): FileLink[] {
  const cameBy = new Map<number, FileLink>();
  const queue = [start];
  // The queue grows while it is walked.
  for (const file of queue) {
    for (const link of outgoing.get(file) ?? []) {
      if (link.to === file || !inside.has(link.to) || cameBy.has(link.to)) continue;
      cameBy.set(link.to, link);
      if (link.to === start) return wayBack(start, cameBy);
      queue.push(link.to);
    }
  }
  return [];
}

function wayBack(start: number, cameBy: ReadonlyMap<number, FileLink>): FileLink[] {
  const links: FileLink[] = [];
  for (let link = cameBy.get(start); link !== undefined; link = cameBy.get(link.from)) {
    links.push(link);
    if (link.from === start) break;
  }
  return links.toReversed();
}
