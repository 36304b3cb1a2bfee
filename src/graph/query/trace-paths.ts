import { weaknessOf } from './expansion.ts';
import type { GraphView } from './graph-view.ts';
import type { Search, TraceHit } from './reach.ts';
import { searchBetween, tracePath } from './trace.ts';

export interface FoundPaths {
  /** Shortest first; then those whose first steps are the most certain. */
  readonly paths: readonly (readonly TraceHit[])[];
  /** Steps that a path could have at most. */
  readonly depth: number;
  /** A bound was met, so that there may be more of so many steps. */
  readonly isCut: boolean;
}

/** More are not read, and there may be millions. */
const MAX_PATHS = 50;
/** Detours beyond the shortest path that are looked at unless another depth is asked for: longer ones explain little. */
const DETOUR = 2;
/** Relations that are collected, and steps that are tried: bounds that keep the answer within a fraction of a second. */
const MAX_RELATIONS = 200_000;
const MAX_TRIED = 500_000;

/** Stands for all nodes where a path may begin. */
const START = -1;

/** Simple paths from one symbol, or anything in it, to another: none meets a node twice, nor its ends on the way. */
export function tracePaths(
  view: GraphView,
  ends: { readonly from: number; readonly to: number },
  bounds: { readonly depth?: number | undefined; readonly minConfidence?: number | undefined },
): FoundPaths {
  const shortest = tracePath(view, ends, bounds.minConfidence).count;
  const depth = bounds.depth ?? shortest + DETOUR;
  if (shortest === 0 || shortest > depth) return { paths: [], depth, isCut: false };
  const search = searchBetween(view, ends, { ...bounds, depth });
  return new PathSearch(search, relationsOf(view, search)).find();
}

type Step = Pick<TraceHit, 'row' | 'edge' | 'from' | 'weakness' | 'confidence'>;

interface Relations {
  /** Steps from a node, the most certain first, one to each other node. */
  readonly from: ReadonlyMap<number, readonly Step[]>;
  readonly isCut: boolean;
}

interface Between extends Search {
  readonly goals: ReadonlySet<number>;
}

/** All steps that a path of so many steps could take. */
function relationsOf(view: GraphView, { seeds, goals, expand, depth }: Between): Relations {
  const from = new Map<number, readonly Step[]>();
  const seen = new Set(seeds);
  const isSeed = new Set(seeds);
  let count = 0;
  let frontier: readonly { readonly node: number; readonly rows: readonly number[] }[] = [{ node: START, rows: seeds }];
  for (let distance = 1; distance <= depth && frontier.length > 0; distance += 1) {
    const next: { readonly node: number; readonly rows: readonly number[] }[] = [];
    for (const { node, rows } of frontier) {
      const best = new Map<number, Step>();
      for (const row of rows) {
        expand(view, row, (to, edge, { doubt, confidence }) => {
          const weakness = Math.max(doubt, weaknessOf(view, edge));
          const step = { row: to, edge, from: row, weakness, confidence };
          const known = best.get(to);
          if (!isSeed.has(to) && (known === undefined || byCertainty(step, known) < 0)) best.set(to, step);
        });
      }
      const steps = [...best.values()].toSorted((a, b) => byCertainty(a, b) || a.row - b.row);
      from.set(node, steps);
      count += steps.length;
      if (count > MAX_RELATIONS) return { from, isCut: true };
      for (const { row } of steps) {
        if (seen.has(row) || goals.has(row)) continue;
        seen.add(row);
        next.push({ node: row, rows: [row] });
      }
    }
    frontier = next;
  }
  return { from, isCut: false };
}

function byCertainty(a: Step, b: Step): number {
  return a.weakness - b.weakness || b.confidence - a.confidence;
}

/** Depth first for one length after the other, never where the end is too far for what is left. */
class PathSearch {
  readonly #search: Between;
  readonly #relations: Relations;
  readonly #left: ReadonlyMap<number, number>;
  readonly #paths: TraceHit[][] = [];
  readonly #path: TraceHit[] = [];
  readonly #onPath = new Set<number>();
  #tried = 0;

  constructor(search: Between, relations: Relations) {
    this.#search = search;
    this.#relations = relations;
    this.#left = stepsLeft(relations, search.goals);
  }

  find(): FoundPaths {
    const { depth } = this.#search;
    for (let length = this.#left.get(START) ?? Infinity; length <= depth; length += 1) this.#extend(START, length);
    const isCut = this.#relations.isCut || this.#isOver;
    return { paths: this.#paths.slice(0, MAX_PATHS), depth, isCut };
  }

  get #isOver(): boolean {
    return this.#paths.length > MAX_PATHS || this.#tried > MAX_TRIED;
  }

  #extend(node: number, length: number): void {
    for (const step of this.#relations.from.get(node) ?? []) {
      if (this.#isOver) return;
      this.#tried += 1;
      const isGoal = this.#search.goals.has(step.row);
      const least = isGoal ? 0 : (this.#left.get(step.row) ?? Infinity);
      // An end is only met at the end.
      if (least > length - 1 || isGoal !== (length === 1) || this.#onPath.has(step.row)) continue;
      const hit = this.#hitOf(step);
      if (hit.confidence < (this.#search.minConfidence ?? 0)) continue;
      this.#path.push(hit);
      if (isGoal) this.#paths.push([...this.#path]);
      else this.#goOn(step.row, length - 1);
      this.#path.pop();
    }
  }

  #goOn(row: number, length: number): void {
    this.#onPath.add(row);
    this.#extend(row, length);
    this.#onPath.delete(row);
  }

  #hitOf(step: Step): TraceHit {
    const before = this.#path.at(-1);
    return {
      ...step,
      distance: this.#path.length + 1,
      weakness: Math.max(before?.weakness ?? 0, step.weakness),
      confidence: (before?.confidence ?? 1) * step.confidence,
    };
  }
}

/** How many steps are left to the nearest end, by node. */
function stepsLeft({ from }: Relations, goals: ReadonlySet<number>): ReadonlyMap<number, number> {
  const before = new Map<number, number[]>();
  for (const [node, steps] of from) {
    for (const { row } of steps) {
      const known = before.get(row);
      if (known === undefined) before.set(row, [node]);
      else known.push(node);
    }
  }
  const left = new Map<number, number>();
  let frontier = [...goals];
  for (let distance = 1; frontier.length > 0; distance += 1) {
    const next: number[] = [];
    for (const node of frontier.flatMap((row) => before.get(row) ?? [])) {
      if (left.has(node)) continue;
      left.set(node, distance);
      next.push(node);
    }
    frontier = next;
  }
  return left;
}
