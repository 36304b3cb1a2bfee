import { neighboursOf } from '../query/csr.ts';
import { MODULES, USES } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';
import { traceImpactOfAll } from '../query/trace.ts';
import type { TraceHit } from '../query/reach.ts';
import type { FileImpact } from './changed-nodes.ts';

/** A use of something that is gone, on a line that the change has left as it was. */
export interface BrokenUse {
  readonly user: number;
  readonly target: number;
  readonly edge: number;
  /** The user's file was changed as well, or the index does not know its lines for sure. */
  readonly isCertain: boolean;
}

/** A test file that may notice the change. */
export interface TestFile {
  readonly path: string;
  /** 0 when it was changed itself. */
  readonly depth: number;
  /** The nearest way to it; none for a file that was changed or that imports what was. */
  readonly hit?: TraceHit;
  /** The changed file that it imports. */
  readonly imports?: string;
  /** Rows of the tests in it that are reached, nearest first. */
  readonly tests: readonly number[];
}

export interface ChangeImpact {
  /** Without tests, nearest first. */
  readonly affected: readonly TraceHit[];
  readonly tests: readonly TestFile[];
  readonly broken: readonly BrokenUse[];
  readonly isCut: boolean;
}

/** Kinds that do what is inside of them: a change inside is a change of theirs. */
const HOLDERS = new Set(['function', 'method', 'accessor', 'constructor', 'component', 'test', 'variable']);
const RUNNABLE_NAME = /\.(?:test|spec|e2e|cy)\.[cm]?[jt]sx?$/;

/** What a change reaches: users of what was changed, tests among them, and uses of what is gone. */
export function impactOfChange(view: GraphView, files: readonly FileImpact[], depth: number): ChangeImpact {
  const seeds = new Set(files.flatMap((file) => file.nodes.flatMap(({ row }) => seedsOf(view, row))));
  const { hits, isCut } = traceImpactOfAll(view, [...seeds], depth);
  const runnable = runnableFiles(view);
  const affected = hits.filter(({ row }) => !runnable.has(view.pathOf(row)));
  return { affected, tests: testsToRun(view, { files, hits, runnable }), broken: brokenUses(view, files), isCut };
}

/** The node, what is in it, and what holds it and thereby does something else now. */
function seedsOf(view: GraphView, row: number): number[] {
  const rows = view.withDescendants(row);
  let outer = view.containerOf(row);
  for (; outer >= 0 && HOLDERS.has(view.kindOf(outer)); outer = view.containerOf(outer)) rows.push(outer);
  return rows;
}

/** Paths of files that hold tests, not only what tests are made with. */
function runnableFiles(view: GraphView): ReadonlySet<string> {
  const paths = new Set(view.columns.files.map(({ path }) => path).filter((path) => RUNNABLE_NAME.test(path)));
  for (let row = 0; row < view.nodeCount; row += 1) if (view.kindOf(row) === 'test') paths.add(view.pathOf(row));
  return paths;
}

interface Reached {
  readonly files: readonly FileImpact[];
  readonly hits: readonly TraceHit[];
  readonly runnable: ReadonlySet<string>;
}

function testsToRun(view: GraphView, reached: Reached): TestFile[] {
  const byPath = new Map(changedTests(view, reached).map((test) => [test.path, test]));
  for (const hit of reached.hits) {
    const path = view.pathOf(hit.row);
    if (!reached.runnable.has(path)) continue;
    const known = byPath.get(path) ?? { path, depth: hit.distance, hit, tests: [] };
    const tests = view.kindOf(hit.row) === 'test' ? [...known.tests, hit.row] : known.tests;
    byPath.set(path, { ...known, tests });
  }
  for (const test of importingTests(view, reached)) if (!byPath.has(test.path)) byPath.set(test.path, test);
  return [...byPath.values()].toSorted((a, b) => a.depth - b.depth || (a.path < b.path ? -1 : 1));
}

function changedTests(view: GraphView, { files, runnable }: Reached): TestFile[] {
  const changed = files.filter(({ file: { path, status } }) => {
    return status !== 'deleted' && (runnable.has(path) || RUNNABLE_NAME.test(path));
  });
  return changed.map(({ file, nodes }) => {
    const tests = nodes.map(({ row }) => row).filter((row) => view.kindOf(row) === 'test');
    return { path: file.path, depth: 0, tests };
  });
}

/** What stands outside of symbols has no users that could be followed, but whoever imports the file runs it. */
function importingTests(view: GraphView, { files, runnable }: Reached): TestFile[] {
  return files.flatMap(({ file, fileRow, looseLines }) => {
    const isMoved = file.status === 'deleted' || file.status === 'renamed';
    if (fileRow === undefined || (looseLines.length === 0 && !isMoved)) return [];
    const paths = neighboursOf(view.reverse, fileRow, MODULES).map((user) => view.pathOf(user));
    const imports = view.pathOf(fileRow);
    return paths.filter((path) => runnable.has(path)).map((path) => ({ path, depth: 1, imports, tests: [] }));
  });
}

/** Uses that were left behind: of removed symbols, and of files that are gone from their path. */
function brokenUses(view: GraphView, files: readonly FileImpact[]): BrokenUse[] {
  const impacts = new Map<string, FileImpact>();
  for (const impact of files) if (impact.fileRow !== undefined) impacts.set(view.pathOf(impact.fileRow), impact);
  const gone = new Set(files.flatMap((impact) => goneRows(view, impact)));
  const broken: BrokenUse[] = [];
  for (const target of gone) {
    for (const edge of edgesTo(view, target)) {
      const user = view.columns.edges.source[edge] ?? 0;
      const impact = impacts.get(view.pathOf(user));
      if (gone.has(user) || isMended(impact, view.columns.edges.line[edge] ?? 0)) continue;
      broken.push({ user, target, edge, isCertain: impact === undefined || impact.mapping === 'before' });
    }
  }
  return onePerPlace(view, broken);
}

/** Rows of the edges by which something is used. */
function edgesTo({ reverse }: GraphView, target: number): number[] {
  const { starts, ends, kind, edge } = reverse;
  const places = Array.from({ length: (ends[target] ?? 0) - (starts[target] ?? 0) }, (_, at) => {
    return (starts[target] ?? 0) + at;
  });
  return places.filter((at) => ((USES >> (kind[at] ?? 0)) & 1) === 1).map((at) => edge[at] ?? 0);
}

/** The use went away with its file, or its line is part of the change. */
function isMended(impact: FileImpact | undefined, line: number): boolean {
  if (impact === undefined) return false;
  return impact.file.status === 'deleted' || (impact.mapping !== 'rough' && impact.isTouched(line));
}

function goneRows(view: GraphView, { file, fileRow, nodes }: FileImpact): number[] {
  if (fileRow === undefined) return [];
  const isGone = file.status === 'deleted' || (file.status === 'renamed' && view.pathOf(fileRow) === file.from);
  const removed = nodes.filter(({ change }) => change === 'removed').flatMap(({ row }) => view.withDescendants(row));
  return [...(isGone ? [fileRow] : []), ...removed];
}

/** An import names a file and things in it on one line, `new X()` a class and its constructor: told once. */
function onePerPlace(view: GraphView, uses: readonly BrokenUse[]): BrokenUse[] {
  const { file, line, column } = view.columns.edges;
  const seen = new Set<string>();
  const order = uses.toSorted(
    (a, b) => (file[a.edge] ?? 0) - (file[b.edge] ?? 0) || (line[a.edge] ?? 0) - (line[b.edge] ?? 0) || a.edge - b.edge,
  );
  return order.filter(({ edge }) => {
    const place = `${file[edge]}:${line[edge]}:${column[edge]}`;
    const isNew = !seen.has(place);
    seen.add(place);
    return isNew;
  });
}
