import type { ContextAnswer } from '../context-schema.ts';
import type { NodeKind } from '../graph-schema.ts';
import type { PackageEntries } from '../package-entries.ts';
import { isTestPath } from '../test-path.ts';
import { packed, shortened } from './context-pack.ts';
import { expandToUsers } from './expansion.ts';
import { DEPENDENCIES } from './edge-groups.ts';
import { firstRows } from './first-rows.ts';
import { breadthOf } from './importance.ts';
import type { GraphView } from './graph-view.ts';
import type { Answered } from './lookup-answer.ts';

type ContextBody = Omit<ContextAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

/** Where everything can be imported, nothing is an entry in particular. */
const MAX_ENTRIES = 8;
const MAX_FOLDERS = 8;
const MAX_CANDIDATES = 800;

/** What makes up a code base. Its fields, variables and inner functions are details. */
const PARTS: ReadonlySet<NodeKind> = new Set(['class', 'interface', 'enum', 'type', 'function', 'method', 'component']);

/** Each further symbol of a file counts less, so that one file does not fill the map. */
const NEXT_IN_FILE = 0.8;
const NOT_EXPORTED = 0.3;
const METHOD = 0.5;
/** With as many files that use it, half of its weight: what one file alone uses is that file's own matter. */
const FEW_FILES = 3;

/** The map of a repository, by file: what most leans on, above all where it also brings much together. */
export function overviewOf(
  view: GraphView,
  { budget, entries }: { budget: number; entries: PackageEntries },
): Answered<ContextBody> {
  const breadth = breadthOf(view);
  const { total, weighty } = weightiest(view, breadth);
  const about = shortened(aboutOf(view, entriesOf(view, entries, breadth)), budget / 2);
  const byRow = new Map(weighty.map((one) => [one.row, one]));
  const reasonOf = (row: number): string => {
    const { users = 0, files = 0 } = byRow.get(row) ?? {};
    return users === 0 ? 'used by none' : `used by ${users} in ${files} ${files === 1 ? 'file' : 'files'}`;
  };
  const parts = { about, unmatched: [], tests: [], note: undefined, budget };
  const { isCut, ...pack } = packed(view, { rows: [...byRow.keys()], reasonOf }, parts);
  return { body: { about, ...pack, unmatched: [], total, budget }, isTruncated: isCut };
}

interface Weighty {
  readonly row: number;
  readonly users: number;
  readonly files: number;
}

function weightiest(
  view: GraphView,
  breadth: Float64Array,
): { readonly total: number; readonly weighty: readonly Weighty[] } {
  const scores = Float32Array.from(view.importance, (importance, row) => Math.sqrt(importance * (breadth[row] ?? 0)));
  const rows: number[] = [];
  for (let row = 0; row < view.nodeCount; row += 1) {
    const kind = view.kindOf(row);
    if (!PARTS.has(kind) || isTestPath(view.pathOf(row))) continue;
    const exported = view.isExported(row) ? 1 : NOT_EXPORTED;
    scores[row] = (scores[row] ?? 0) * exported * (kind === 'method' ? METHOD : 1);
    rows.push(row);
  }
  const weighty = firstRows(rows, scores, MAX_CANDIDATES).map((row) => weightyOf(view, row));
  for (const { row, files } of weighty) scores[row] = ((scores[row] ?? 0) * files) / (files + FEW_FILES);
  lowerNextInFile(view, weighty, scores);
  const byScore = (a: Weighty, b: Weighty): number => (scores[b.row] ?? 0) - (scores[a.row] ?? 0) || a.row - b.row;
  return { total: rows.length, weighty: weighty.toSorted(byScore) };
}

function lowerNextInFile(view: GraphView, weighty: readonly Weighty[], scores: Float32Array): void {
  const inFile = new Map<string, number>();
  for (const { row } of weighty.toSorted((a, b) => (scores[b.row] ?? 0) - (scores[a.row] ?? 0))) {
    const path = view.pathOf(row);
    const before = inFile.get(path) ?? 0;
    inFile.set(path, before + 1);
    scores[row] = (scores[row] ?? 0) * NEXT_IN_FILE ** before;
  }
}

function weightyOf(view: GraphView, row: number): Weighty {
  const users = new Set<number>();
  expandToUsers(DEPENDENCIES)(view, row, (user) => users.add(user));
  const files = new Set([...users].map((user) => view.pathOf(user)));
  return { row, users: users.size, files: files.size };
}

/** Files that packages offer or run, those that bring the most together first. */
function entriesOf(view: GraphView, { files }: PackageEntries, breadth: Float64Array): string[] {
  const entries = [...files].filter((path) => !isTestPath(path));
  const breadthOfFile = (path: string): number => breadth[view.rowOfFile(path) ?? -1] ?? 0;
  return entries.toSorted((a, b) => breadthOfFile(b) - breadthOfFile(a) || (a < b ? -1 : 1));
}

function aboutOf({ columns, nodeCount }: GraphView, entries: readonly string[]): string {
  const paths = columns.files.map(({ path }) => path);
  const tests = paths.filter(isTestPath).length;
  const begins =
    entries.length > MAX_ENTRIES ? `${entries.length} entries` : `entries: ${entries.join(', ') || 'none named'}`;
  return `${paths.length} files (${tests} tests), ${nodeCount} symbols; ${begins}; files in ${foldersOf(paths)}`;
}

/** Folders of the first two levels, those with the most files first. */
function foldersOf(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = path.split('/').slice(0, -1).slice(0, 2).join('/') || '.';
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const ranked = [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return ranked
    .slice(0, MAX_FOLDERS)
    .map(([folder, count]) => `${folder} ${count}`)
    .join(', ');
}
