import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import { lookUpSymbol } from './symbol-lookup.ts';
import { taskHitsOf } from './task-hits.ts';
import type { TaskHits } from './task-hits.ts';

export interface Seed {
  /** Relative to other seeds. */
  readonly weight: number;
  readonly reason: string;
  /** By its name, not found by words: it is shown before its neighbours, however near they are to it. */
  readonly isNamed: boolean;
}

export interface Seeds {
  readonly byRow: ReadonlyMap<number, Seed>;
  /** A line a candidate: asked symbols that name none or several. */
  readonly unmatched: readonly string[];
  readonly unmatchedCount: number;
  readonly tests: TaskHits['tests'];
  /** Words of the task that no symbol has. */
  readonly unknownWords: readonly string[];
}

/** What is named outright counts as much as many hits by words. */
const NAMED_WEIGHT = 3;
const MAX_CANDIDATES = 5;

/** A word of a sentence that can hardly be anything but a name in code: `runStore`, `Runs.start`, `src/a.ts`. */
const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$]*(?:[./#-]+[\p{L}\p{N}_$]+)*/gu;
const LOOKS_LIKE_CODE = /\p{Ll}\p{Lu}|[._/#$]\p{L}/u;

const NO_TASK: TaskHits = { hits: [], tests: new Map(), unknown: [] };

/** Where a pack begins: symbols that were named, names in the task, and what its words find. */
export function seedsOf(view: GraphView, task: string | undefined, symbols: readonly string[] = []): Seeds {
  const byRow = new Map<number, Seed>();
  const unmatched: string[] = [];
  let unmatchedCount = 0;
  for (const symbol of symbols) {
    const lookup = lookUpSymbol(view, symbol);
    if (lookup.match === 'one') byRow.set(lookup.row, { weight: NAMED_WEIGHT, reason: 'asked for', isNamed: true });
    else {
      unmatchedCount += 1;
      unmatched.push(...candidatesOf(view, symbol, lookup.match === 'many' ? lookup.rows : lookup.similar));
    }
  }
  const { hits, tests, unknown } = task === undefined ? NO_TASK : taskHitsOf(view, task);
  for (const row of rowsNamedIn(view, task ?? '')) {
    if (!byRow.has(row)) byRow.set(row, { weight: NAMED_WEIGHT, reason: 'named in the task', isNamed: true });
  }
  for (const { row, ...seed } of hits) if (!byRow.has(row)) byRow.set(row, { ...seed, isNamed: false });
  return { byRow, unmatched, unmatchedCount, tests, unknownWords: unknown };
}

function candidatesOf(view: GraphView, symbol: string, rows: readonly number[]): string[] {
  if (rows.length === 0) return [`${symbol}: no symbol has this name, and none a similar one`];
  const hits = rows.slice(0, MAX_CANDIDATES).map((row) => hitOf(view, row));
  const lines = hits.map(({ id, kind, name, path, line }) => `${symbol}: ${id} ${kind} ${name} ${path}:${line}`);
  const left = rows.length - hits.length;
  return left === 0 ? lines : [...lines, `${symbol}: ${left} more; graph_symbol lists them`];
}

/** Names that are not exactly one symbol's are left to the search by words. */
function rowsNamedIn(view: GraphView, task: string): number[] {
  const names = (task.match(IDENTIFIER) ?? []).filter((name) => LOOKS_LIKE_CODE.test(name));
  return names.flatMap((name) => {
    const lookup = lookUpSymbol(view, name);
    return lookup.match === 'one' ? [lookup.row] : [];
  });
}
