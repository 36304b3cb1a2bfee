import type { ContextAnswer, ContextInput } from '../context-schema.ts';
import type { NodeKind } from '../graph-schema.ts';
import type { PackageEntries } from '../package-entries.ts';
import { isTestPath } from '../test-path.ts';
import { overviewOf } from './context-overview.ts';
import { packed, shortened } from './context-pack.ts';
import { nearnessOf } from './context-ranks.ts';
import { relationTo } from './context-reasons.ts';
import { seedsOf } from './context-seeds.ts';
import type { Seeds } from './context-seeds.ts';
import { testFilesOf } from './context-tests.ts';
import { firstRows } from './first-rows.ts';
import type { GraphView } from './graph-view.ts';
import type { Answered } from './lookup-answer.ts';

type ContextBody = Omit<ContextAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

/** More than any budget holds. */
const MAX_CANDIDATES = 600;

/** Shown only when they are what was looked for: of their neighbours a class tells its fields, and a file is a heading. */
const LEFT_OUT: ReadonlySet<NodeKind> = new Set(['file', 'module', 'test', 'constructor', 'property', 'variable']);

const NO_ENTRIES: PackageEntries = { files: new Set(), scripts: '', areKnown: false };

/** Without a task and symbols the answer is a map of the workspace, for which it needs what packages offer. */
export function isOverview({ task, symbols }: ContextInput): boolean {
  return (task ?? '').trim() === '' && (symbols ?? []).length === 0;
}

/** What to read before a task or around symbols; the most important of all without either. */
export function answerContext(view: GraphView, input: ContextInput, entries?: PackageEntries): Answered<ContextBody> {
  const { task, symbols, budget } = input;
  if (isOverview(input)) return overviewOf(view, { budget, entries: entries ?? NO_ENTRIES });
  const seeds = seedsOf(view, task, symbols);
  const { byRow, unmatched } = seeds;
  const rows = nearRows(view, seeds);
  const note = noteOf(seeds, budget);
  const about = task === undefined ? 'around the symbols' : 'for the task';
  // What neither is a seed nor has to do with what is shown already would only puzzle.
  const reasonOf = (row: number, chosen: ReadonlySet<number>): string | undefined =>
    byRow.get(row)?.reason ?? relationTo(view, row, chosen);
  const parts = { about, note, unmatched, tests: testFilesOf(view, testedWeights(seeds)), budget };
  const { isCut, ...pack } = packed(view, { rows: rows.slice(0, MAX_CANDIDATES), reasonOf }, parts);
  const body = { about, ...pack, unmatched: [...unmatched], total: rows.length, budget };
  return { body: note === undefined ? body : { ...body, note }, isTruncated: isCut };
}

function testedWeights({ byRow, tests }: Seeds): Map<number, number> {
  return new Map([...[...byRow].map(([row, { weight }]) => [row, weight] as const), ...tests]);
}

/** What was named, then the nearest to the seeds. */
function nearRows(view: GraphView, { byRow }: Seeds): number[] {
  const weights = new Float64Array(view.nodeCount);
  for (const [row, { weight }] of byRow) weights[row] = weight;
  const nearness = nearnessOf(view, weights);
  const rows: number[] = [];
  for (const [row, near] of nearness.entries()) {
    const isShown = near > 0 && !LEFT_OUT.has(view.kindOf(row)) && !isTestPath(view.pathOf(row));
    if (isShown || byRow.has(row)) rows.push(row);
  }
  const isNamed = (row: number): boolean => byRow.get(row)?.isNamed === true;
  const ranked = firstRows(rows, nearness, rows.length);
  return [...ranked.filter(isNamed), ...ranked.filter((row) => !isNamed(row))];
}

function noteOf({ byRow, unmatchedCount, unknownWords }: Seeds, budget: number): string | undefined {
  const notes = [
    ...(byRow.size === 0 ? ['nothing to begin with: graph_search finds by words'] : []),
    ...(unmatchedCount === 0 ? [] : [`${unmatchedCount} of the symbols name none or several and are not in the pack`]),
    ...(unknownWords.length === 0 ? [] : [`no symbol has ${unknownWords.join(', ')}`]),
  ];
  return notes.length === 0 ? undefined : shortened(notes.join('; '), budget / 2);
}
