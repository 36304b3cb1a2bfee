import { weaknessOf } from './expansion.ts';
import type { Visit } from './edge-walk.ts';
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
  /** How likely the way is taken at run time, of 1: the product of its dispatching steps. */
  readonly confidence: number;
  /** Which of several paths it is a step of, from 1. */
  readonly way?: number;
}

export interface Reach {
  readonly count: number;
  /** A bound was met, so that there may be more. */
  readonly isCut: boolean;
  /** Nearest first; then the most certain; then tests last; then in the order of the rows. Makes an object for each. */
  readonly hits: readonly TraceHit[];
  /** Some of the hits, by their places in that order, `to` exclusive. */
  slice(from: number, to: number): readonly TraceHit[];
}

export interface Search {
  readonly seeds: readonly number[];
  readonly depth: number;
  readonly expand: Expand;
  /** Steps that make a way less likely than this are not taken. */
  readonly minConfidence?: number | undefined;
  /** Ends after the level in which one of these is met. */
  readonly goals?: ReadonlySet<number>;
}

/** Beyond this nobody reads on, and an answer stays in milliseconds. */
export const MAX_VISITED = 50_000;
/** What a level is sorted by is packed into one number of 53 bits: whether it is a test, its row, its place in the level. */
const PLACES = 2 ** 22;
const ROWS = 2 ** 30;

/** Breadth first, level by level; cycles end at nodes already met. Leaves the view's scratch column as it was: zero. */
export function reach(view: GraphView, search: Search): ReachedRows {
  const met = new MetRows();
  // By node: 0 not met, -1 a seed, else its slot + 1.
  const mark = view.scratch;
  try {
    for (const seed of search.seeds) mark[seed] = -1;
    walkLevels(view, search, { met, mark });
  } finally {
    for (const seed of search.seeds) mark[seed] = 0;
    for (const row of met.rows) mark[row] = 0;
  }
  return new ReachedRows(view, search.seeds, met);
}

/** Makes an answer of hits that are known already. */
export function listedHits(hits: readonly TraceHit[], isCut: boolean): Reach {
  return { count: hits.length, isCut, hits, slice: (from, to) => hits.slice(from, to) };
}

/** What a traversal met, as columns by slot, in the order in which it was met. Small ones are the rule: they start empty. */
class MetRows {
  readonly rows: number[] = [];
  readonly edges: number[] = [];
  /** Slot of the hit before it; of a seed `-1 -` its place among them. */
  readonly before: number[] = [];
  readonly weakness: number[] = [];
  readonly confidence: number[] = [];
  /** Slots at which levels begin, and the end of the last. */
  readonly levels = [0];

  /** Negative when one slot comes first among hits of the same distance. */
  compare(a: number, b: number): number {
    return (
      (this.weakness[a] ?? 0) - (this.weakness[b] ?? 0) ||
      (this.confidence[b] ?? 0) - (this.confidence[a] ?? 0) ||
      (this.rows[a] ?? 0) - (this.rows[b] ?? 0)
    );
  }
}

function walkLevels(view: GraphView, search: Search, { met, mark }: { met: MetRows; mark: Int32Array }): void {
  const { seeds, depth, expand, goals, minConfidence = 0 } = search;
  const { rows, levels } = met;
  let [start, before, weakness, confidence] = [0, -1, 0, 1];
  const meet: Visit = (row, edge, { doubt, confidence: share }) => {
    const known = mark[row] ?? 0;
    if (known !== 0 && known <= start) return;
    const weakest = Math.max(weakness, doubt, weaknessOf(view, edge));
    const likelihood = confidence * share;
    if (likelihood < minConfidence) return;
    const slot = known === 0 ? rows.length : known - 1;
    if (known === 0) mark[row] = slot + 1;
    else if (!isBetter(met, slot, { weakest, likelihood, before })) return;
    rows[slot] = row;
    met.edges[slot] = edge;
    met.before[slot] = before;
    met.weakness[slot] = weakest;
    met.confidence[slot] = likelihood;
  };
  for (const [place, seed] of seeds.entries()) {
    before = -1 - place;
    expand(view, seed, meet);
  }
  for (let distance = 1; rows.length > start; distance += 1) {
    const first = start;
    start = rows.length;
    levels.push(start);
    if (distance >= depth || start > MAX_VISITED || hasMet(rows, first, goals)) return;
    for (let slot = first; slot < start; slot += 1) {
      before = slot;
      weakness = met.weakness[slot] ?? 0;
      confidence = met.confidence[slot] ?? 1;
      expand(view, rows[slot] ?? 0, meet);
    }
  }
}

function hasMet(rows: readonly number[], from: number, goals: ReadonlySet<number> | undefined): boolean {
  if (goals === undefined) return false;
  for (let slot = from; slot < rows.length; slot += 1) if (goals.has(rows[slot] ?? -1)) return true;
  return false;
}

interface Way {
  readonly weakest: number;
  readonly likelihood: number;
  readonly before: number;
}

/** Whether a way is better than the known one; of equal ways that through the first in the order of hits is. */
function isBetter(met: MetRows, slot: number, { weakest, likelihood, before }: Way): boolean {
  const known = met.weakness[slot] ?? 0;
  if (weakest !== known) return weakest < known;
  const confidence = met.confidence[slot] ?? 0;
  if (likelihood !== confidence) return likelihood > confidence;
  const other = met.before[slot] ?? -1;
  // Seeds are met in their own order.
  return other >= 0 && other !== before && met.compare(before, other) < 0;
}

/** What was reached, put in order and made into objects only as far as it is asked for. */
export class ReachedRows implements Reach {
  readonly count: number;
  readonly isCut: boolean;
  readonly #view: GraphView;
  readonly #seeds: readonly number[];
  readonly #met: MetRows;
  /** Slots in the order of hits, of levels that were asked for. */
  readonly #ordered = new Map<number, Int32Array>();

  constructor(view: GraphView, seeds: readonly number[], met: MetRows) {
    this.#view = view;
    this.#seeds = seeds;
    this.#met = met;
    this.count = Math.min(met.rows.length, MAX_VISITED);
    this.isCut = met.rows.length > MAX_VISITED;
  }

  get hits(): readonly TraceHit[] {
    return this.slice(0, this.count);
  }

  slice(from: number, to: number): readonly TraceHit[] {
    const hits: TraceHit[] = [];
    const end = Math.min(to, this.count);
    const { levels } = this.#met;
    for (let level = 0; level + 1 < levels.length; level += 1) {
      const [start = 0, next = 0] = [levels[level], levels[level + 1]];
      if (next <= from || start >= end) continue;
      const slots = this.#orderOf(level);
      for (let at = Math.max(from, start); at < Math.min(end, next); at += 1) {
        hits.push(this.#hitAt(slots[at - start] ?? 0, level + 1));
      }
    }
    return hits;
  }

  /** The steps to the first of some nodes in the order of hits; none when it was not met. */
  pathTo(goals: ReadonlySet<number>): TraceHit[] {
    const path: TraceHit[] = [];
    const { levels, rows, before } = this.#met;
    for (let level = 0; level + 1 < levels.length && path.length === 0; level += 1) {
      let slot = this.#orderOf(level).find((each) => goals.has(rows[each] ?? -1)) ?? -1;
      for (let distance = level + 1; slot >= 0; distance -= 1) {
        path.push(this.#hitAt(slot, distance));
        slot = before[slot] ?? -1;
      }
    }
    return path.toReversed();
  }

  #orderOf(level: number): Int32Array {
    const known = this.#ordered.get(level);
    if (known !== undefined) return known;
    const order = orderOf(this.#view, this.#met, level);
    this.#ordered.set(level, order);
    return order;
  }

  #hitAt(slot: number, distance: number): TraceHit {
    const { rows, edges, weakness, confidence } = this.#met;
    const before = this.#met.before[slot] ?? -1;
    return {
      row: rows[slot] ?? 0,
      distance,
      edge: edges[slot] ?? 0,
      from: (before < 0 ? this.#seeds[-1 - before] : rows[before]) ?? 0,
      weakness: weakness[slot] ?? 0,
      confidence: confidence[slot] ?? 0,
    };
  }
}

/** Slots of a level: the certain ones, most of all, tests last, by their rows, which is quick; then the others. */
function orderOf(view: GraphView, met: MetRows, level: number): Int32Array {
  const [start = 0, end = 0] = [met.levels[level], met.levels[level + 1]];
  const keys = new Float64Array(end - start);
  const doubtful: number[] = [];
  let certain = 0;
  for (let slot = start; slot < end; slot += 1) {
    if (met.weakness[slot] !== 0) {
      doubtful.push(slot);
      continue;
    }
    const row = met.rows[slot] ?? 0;
    keys[certain] = ((view.isTest(row) ? ROWS : 0) + row) * PLACES + (slot - start);
    certain += 1;
  }
  const order = new Int32Array(end - start);
  for (const [at, key] of keys.subarray(0, certain).toSorted().entries()) order[at] = start + (key % PLACES);
  order.set(
    doubtful.toSorted((a, b) => met.compare(a, b)),
    certain,
  );
  return order;
}
