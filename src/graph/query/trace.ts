import { NODE_KINDS } from '../graph-schema.ts';
import { CALLS, DEPENDENCIES, MODULES, USES } from './edge-groups.ts';
import { expandToUsed, expandToUsers, weaknessOf } from './expansion.ts';
import type { GraphView } from './graph-view.ts';
import { listedHits, reach } from './reach.ts';
import type { Reach, Search, TraceHit } from './reach.ts';

const FILE = NODE_KINDS.indexOf('file');

/** How far to go, and how likely a way has to be, of 1. */
export type Bounds = Pick<Search, 'depth' | 'minConfidence'>;

/** Who calls or constructs the symbol. Of a class also its constructor's callers; of a file those of all that is in it. */
export function traceCallers(view: GraphView, row: number, bounds: Bounds): Reach {
  const isFile = view.columns.nodes.kind[row] === FILE;
  const seeds = isFile ? view.withDescendants(row) : [row, ...view.dispatch.constructorsOf(row)];
  return reach(view, { ...bounds, seeds, expand: expandToUsers(CALLS) });
}

/** What the symbol calls or constructs, as is written in it and in the functions inside it. */
export function traceCallees(view: GraphView, row: number, bounds: Bounds): Reach {
  return reach(view, { ...bounds, seeds: view.withDescendants(row), expand: expandToUsed(CALLS) });
}

/**
 * What may change or break when the symbol or anything in it changes: all its users, their users and so on. Imports are
 * followed for a file alone, since the file of a symbol is imported by many that never use it.
 */
export function traceImpact(view: GraphView, row: number, bounds: Bounds): Reach {
  const mask = view.columns.nodes.kind[row] === FILE ? USES : DEPENDENCIES;
  return reach(view, { ...bounds, seeds: view.withDescendants(row), expand: expandToUsers(mask) });
}

/** The same of several symbols at once, of none of them more than is given. */
export function traceImpactOfAll(view: GraphView, rows: readonly number[], depth: number): Reach {
  return reach(view, { seeds: rows, depth, expand: expandToUsers(DEPENDENCIES) });
}

/**
 * Every place that mentions the symbol, certain ones first, then in the order of files and lines. A place counts once:
 * `new X()` is an edge to the class and one to its constructor.
 */
export function traceReferences(view: GraphView, row: number, minConfidence = 0): Reach {
  const { edges } = view.columns;
  const hits: TraceHit[] = [];
  const seen = new Set<string>();
  for (const target of [row, ...view.dispatch.constructorsOf(row)]) {
    expandToUsers(USES)(view, target, (from, edge, { doubt, confidence }) => {
      const weakness = Math.max(doubt, weaknessOf(view, edge));
      if (confidence < minConfidence) return;
      const place = `${from} ${edges.file[edge]}:${edges.line[edge]}:${edges.column[edge]}`;
      if (seen.has(place)) return;
      seen.add(place);
      hits.push({ row: from, distance: 1, edge, from: target, weakness, confidence });
    });
  }
  const place = (column: Int32Array, hit: TraceHit): number => column[hit.edge] ?? 0;
  hits.sort(
    (a, b) =>
      a.weakness - b.weakness ||
      b.confidence - a.confidence ||
      place(edges.file, a) - place(edges.file, b) ||
      place(edges.line, a) - place(edges.line, b) ||
      place(edges.column, a) - place(edges.column, b) ||
      a.edge - b.edge,
  );
  return listedHits(hits, false);
}

export interface Ends {
  readonly from: number;
  readonly to: number;
}

/**
 * The shortest way from a symbol, or anything in it, to another or anything in that, over whatever one uses. The first
 * hit is the first step; none when there is no way.
 */
export function tracePath(view: GraphView, ends: Ends, minConfidence = 0): Reach {
  const search = searchBetween(view, ends, { depth: view.nodeCount, minConfidence });
  const reached = reach(view, search);
  const path = reached.pathTo(search.goals);
  return listedHits(path, reached.isCut && path.length === 0);
}

/** What leads from one symbol, or anything in it, to another: relations of use, between files also imports. */
export function searchBetween(
  view: GraphView,
  { from, to }: Ends,
  bounds: Bounds,
): Search & { readonly goals: ReadonlySet<number> } {
  const goals = new Set(view.withDescendants(to));
  const seeds = view.withDescendants(from).filter((row) => !goals.has(row));
  const isBetweenFiles = [from, to].every((row) => view.columns.nodes.kind[row] === FILE);
  const expand = expandToUsed(isBetweenFiles ? DEPENDENCIES | MODULES : DEPENDENCIES);
  return { ...bounds, seeds, expand, goals };
}
