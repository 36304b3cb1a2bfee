import type { GitDiff } from '../../git/index.ts';
import type { ChangedSymbol, DiffAnswer, DiffFile, DiffInput, TestFileAnswer } from '../diff-schema.ts';
import type { GraphView } from '../query/graph-view.ts';
import { hitOf, traceHitOf } from '../query/hit-shapes.ts';
import type { Answered } from '../query/lookup-answer.ts';
import { pageOf } from '../query/page-cursor.ts';
import type { TraceHit } from '../query/reach.ts';
import { impactOfChange } from './change-impact.ts';
import type { BrokenUse, TestFile } from './change-impact.ts';
import type { ChangedNode, FileImpact } from './changed-nodes.ts';
import { notesOf } from './diff-notes.ts';

type DiffBody = Omit<DiffAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

/** Beyond these a list is no longer read; how many there are is told. */
const MAX_FILES = 200;
const MAX_CHANGED = 200;
const MAX_BROKEN = 100;
const MAX_TEST_FILES = 200;
const MAX_TEST_NAMES = 5;
const MAX_LOOSE_LINES = 10;

/** What is gone may break others, what is new can't: the first of a long list matter most. */
const WEIGHTS = { removed: 0, modified: 1, added: 2 } as const;

/** Throws `invalid_input` for a cursor of another change or question. */
export function answerDiff(
  view: GraphView,
  input: DiffInput,
  change: { readonly diff: GitDiff; readonly files: readonly FileImpact[] },
): Answered<DiffBody> {
  const { diff, files } = change;
  const changed = files.flatMap(({ nodes }) => nodes).toSorted((a, b) => WEIGHTS[a.change] - WEIGHTS[b.change]);
  const impact = impactOfChange(view, files, input.depth);
  const page = pageOf(impact.affected, {
    edition: view.edition,
    question: ['diff', diff.base, diff.head, input.depth, changed.map(({ row, change }) => [row, change])],
    cursor: input.cursor,
    limit: input.limit,
  });
  const body = {
    base: diff.base,
    head: diff.head ?? 'working tree',
    files: files.toSorted(knownFirst).slice(0, MAX_FILES).map(fileAnswer),
    fileTotal: files.length,
    changed: changed.slice(0, MAX_CHANGED).map((node) => changedAnswer(view, node)),
    changedTotal: changed.length,
    broken: impact.broken.slice(0, MAX_BROKEN).map((use) => brokenAnswer(view, use)),
    brokenTotal: impact.broken.length,
    affected: page.items.map((hit) => affectedAnswer(view, hit)),
    tests: impact.tests.slice(0, MAX_TEST_FILES).map((test) => testAnswer(view, test)),
    testFileTotal: impact.tests.length,
    notes: notesOf(view, { files, isCut: impact.isCut, depth: input.depth }),
    total: impact.affected.length,
    ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
  };
  const isShort =
    body.files.length < files.length ||
    body.changed.length < changed.length ||
    body.broken.length < impact.broken.length ||
    body.tests.length < impact.tests.length;
  return { body, isTruncated: isShort || impact.isCut || page.nextCursor !== undefined };
}

function knownFirst(a: FileImpact, b: FileImpact): number {
  const rank = (impact: FileImpact): number => (impact.fileRow === undefined ? 1 : 0);
  return rank(a) - rank(b) || (a.file.path < b.file.path ? -1 : 1);
}

function fileAnswer({ file, nodes, looseLines, mapping }: FileImpact): DiffFile {
  const { path, status, from } = file;
  return {
    path,
    status,
    ...(from !== undefined && { from }),
    symbols: nodes.length,
    looseLines: looseLines.slice(0, MAX_LOOSE_LINES),
    mapping,
  };
}

function changedAnswer(view: GraphView, { row, change, isCertain }: ChangedNode): ChangedSymbol {
  return { ...hitOf(view, row), change, isCertain };
}

/** Also at the first step it is told which changed symbol it uses. */
function affectedAnswer(view: GraphView, hit: TraceHit): DiffAnswer['affected'][number] {
  return { ...traceHitOf(view, hit), through: view.qualifiedNameOf(hit.from) };
}

function brokenAnswer(view: GraphView, { user, target, edge, isCertain }: BrokenUse): DiffAnswer['broken'][number] {
  const { edges, files } = view.columns;
  return {
    path: files[edges.file[edge] ?? -1]?.path ?? '',
    line: edges.line[edge] ?? 0,
    user: view.qualifiedNameOf(user),
    target: view.qualifiedNameOf(target),
    isCertain,
  };
}

function testAnswer(view: GraphView, test: TestFile): TestFileAnswer {
  return {
    path: test.path,
    depth: test.depth,
    reason: reasonOf(view, test),
    tests: test.tests.slice(0, MAX_TEST_NAMES).map((row) => view.nameOf(row)),
    testTotal: test.tests.length,
  };
}

function reasonOf(view: GraphView, { hit, imports }: TestFile): string {
  if (hit !== undefined) {
    const line = view.columns.edges.line[hit.edge] ?? 0;
    return `${view.edgeKindOf(hit.edge)}@${line} ${view.qualifiedNameOf(hit.from)}`;
  }
  return imports === undefined ? 'was changed' : `imports ${imports}`;
}
