import { NODE_KINDS } from '../graph-schema.ts';
import { CALLS, DEPENDENCIES, MODULES, USES } from './edge-groups.ts';
import { constructorsOf, expandToUsed, expandToUsers } from './expansion.ts';
import type { Expand } from './expansion.ts';
import type { GraphView } from './graph-view.ts';

/** A node reached, by the shortest way; among equally short ones the most certain. */
export interface TraceHit {
  readonly row: number;
  readonly distance: number;
  /** The row of the edge over which it was reached, and the node on its other side. */
  readonly edge: number;
  readonly from: number;
  /** Index into PROVENANCES: that of the least certain edge on the way. */
  readonly weakness: number;
}

export interface Reach {
  /** Nearest first; then the most certain, then in the order of the rows. */
  readonly hits: readonly TraceHit[];
  /** The bound on visited nodes was met, so that there may be more. */
  readonly isCut: boolean;
}

/** Beyond this nobody reads on, and an answer stays in milliseconds. */
const MAX_VISITED = 50_000;

const FILE = NODE_KINDS.indexOf('file');

/** Who calls or constructs the symbol. Of a class also its constructor's callers; of a file those of all that is in it. */
export function traceCallers(view: GraphView, row: number, depth: number): Reach {
  const isFile = view.columns.nodes.kind[row] === FILE;
  const seeds = isFile ? view.withDescendants(row) : [row, ...constructorsOf(view, row)];
  return reach(view, { seeds, depth, expand: expandToUsers(CALLS) });
}

/** What the symbol calls or constructs, as is written in it and in the functions inside it. */
export function traceCallees(view: GraphView, row: number, depth: number): Reach {
  return reach(view, { seeds: view.withDescendants(row), depth, expand: expandToUsed(CALLS) });
}

/**
 * What may change or break when the symbol or anything in it changes: all its users, their users and so on. Imports are
 * followed for a file alone, since the file of a symbol is imported by many that never use it.
 */
export function traceImpact(view: GraphView, row: number, depth: number): Reach {
  const mask = view.columns.nodes.kind[row] === FILE ? USES : DEPENDENCIES;
  return reach(view, { seeds: view.withDescendants(row), depth, expand: expandToUsers(mask) });
}

/** The same of several symbols at once, of none of them more than is given. */
export function traceImpactOfAll(view: GraphView, rows: readonly number[], depth: number): Reach {
  return reach(view, { seeds: rows, depth, expand: expandToUsers(DEPENDENCIES) });
}

/**
 * Every place that mentions the symbol, certain ones first, then in the order of files and lines. A place counts once:
 * `new X()` is an edge to the class and one to its constructor.
 */
export function traceReferences(view: GraphView, row: number): Reach {
  const { edges } = view.columns;
  const hits: TraceHit[] = [];
  const seen = new Set<string>();
  for (const target of [row, ...constructorsOf(view, row)]) {
    expandToUsers(USES)(view, target, (from, edge, weakness) => {
      const place = `${from} ${edges.file[edge]}:${edges.line[edge]}:${edges.column[edge]}`;
      if (seen.has(place)) return;
      seen.add(place);
      hits.push({ row: from, distance: 1, edge, from: target, weakness });
    });
  }
  const place = (column: Int32Array, hit: TraceHit): number => column[hit.edge] ?? 0;
  hits.sort(
    (a, b) =>
      a.weakness - b.weakness ||
      place(edges.file, a) - place(edges.file, b) ||
      place(edges.line, a) - place(edges.line, b) ||
      place(edges.column, a) - place(edges.column, b) ||
      a.edge - b.edge,
  );
  return { hits, isCut: false };
}

/**
 * The shortest way from a symbol, or anything in it, to another or anything in that, over whatever one uses. The first
 * hit is the first step; none when there is no way.
 */
export function tracePath(view: GraphView, from: number, to: number): Reach {
  const goals = new Set(view.withDescendants(to));
  const seeds = view.withDescendants(from).filter((row) => !goals.has(row));
  const isBetweenFiles = [from, to].every((row) => view.columns.nodes.kind[row] === FILE);
  const expand = expandToUsed(isBetweenFiles ? DEPENDENCIES | MODULES : DEPENDENCIES);
  const search = { seeds, depth: view.nodeCount, expand, goals };
  const { hits, isCut } = reach(view, search);
  const byRow = new Map(hits.map((hit) => [hit.row, hit]));
  const path: TraceHit[] = [];
  let current = hits.find((hit) => goals.has(hit.row));
  while (current !== undefined) {
    path.push(current);
    current = byRow.get(current.from);
  }
  return { hits: path.toReversed(), isCut: isCut && path.length === 0 };
}

interface Search {
  readonly seeds: readonly number[];
  readonly depth: number;
  readonly expand: Expand;
  /** Ends after the level in which one of these is met. */
  readonly goals?: ReadonlySet<number>;
}

/** Breadth first, level by level; cycles end at nodes already met. Leaves the view's scratch column as it was: zero. */
function reach(view: GraphView, search: Search): Reach {
  const level = view.scratch;
  const hits: TraceHit[] = [];
  try {
    return walk(view, { search, level, hits });
  } finally {
    for (const seed of search.seeds) level[seed] = 0;
    for (const { row } of hits) level[row] = 0;
  }
}

interface Walk {
  readonly search: Search;
  /** By node: 0 not met, -1 a seed, else its distance. */
  readonly level: Int32Array;
  readonly hits: TraceHit[];
}

function walk(view: GraphView, { search, level, hits }: Walk): Reach {
  for (const seed of search.seeds) level[seed] = -1;
  let frontier: readonly TraceHit[] = search.seeds.map((row) => ({
    row,
    distance: 0,
    edge: -1,
    from: -1,
    weakness: 0,
  }));
  for (let distance = 1; distance <= search.depth && frontier.length > 0; distance += 1) {
    frontier = nextLevel(view, { search, frontier, level, distance });
    for (const hit of frontier) hits.push(hit);
    if (hits.length > MAX_VISITED) return { hits: hits.slice(0, MAX_VISITED), isCut: true };
    if (search.goals !== undefined && frontier.some(({ row }) => search.goals?.has(row) === true)) break;
  }
  return { hits, isCut: false };
}

interface Level extends Omit<Walk, 'hits'> {
  readonly frontier: readonly TraceHit[];
  readonly distance: number;
}

/** The nodes one step further, the most certain first, each by its most certain edge. */
function nextLevel(view: GraphView, { search, frontier, level, distance }: Level): TraceHit[] {
  const found = new Map<number, TraceHit>();
  for (const { row: from, weakness: sofar } of frontier) {
    search.expand(view, from, (row, edge, weakness) => {
      const known = level[row] ?? 0;
      if (known !== 0 && known !== distance) return;
      const weakest = Math.max(sofar, weakness);
      if (weakest >= (found.get(row)?.weakness ?? Infinity)) return;
      level[row] = distance;
      found.set(row, { row, distance, edge, from, weakness: weakest });
    });
  }
  return [...found.values()].toSorted((a, b) => a.weakness - b.weakness || a.row - b.row);
}
