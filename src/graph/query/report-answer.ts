import { AppError } from '../../core/errors.ts';
import { findDeadCode } from '../analysis/dead-code.ts';
import { findHubs } from '../analysis/hubs.ts';
import { findImportCycles } from '../analysis/import-cycles.ts';
import { checkLayers, parseLayeringRule } from '../analysis/layering-rules.ts';
import type { LayeringRule } from '../analysis/layering-rules.ts';
import { findUnusedExports } from '../analysis/unused-exports.ts';
import type { PackageEntries } from '../package-entries.ts';
import type { ReportAnswer, ReportFinding, ReportInput, ReportName } from '../report-schema.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import type { Answered } from './lookup-answer.ts';
import { pageOf } from './page-cursor.ts';
import { createPathFilter } from './path-filter.ts';

type ReportBody = Omit<ReportAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

const RULES_HINT = 'Give `rules`, one a pair of layers: ["src/core/** !> src/server/**"].';

/** All findings of a report in their order, each made into an answer's shape only when its page is asked for. */
interface Findings {
  readonly items: readonly Finding[];
  readonly notes: readonly string[];
}

interface Finding {
  readonly row: number;
  /** Where the finding is, if not at its row's own line. */
  readonly line?: number;
  readonly isCertain: boolean;
  readonly reason: string;
  readonly loop?: readonly { readonly row: number; readonly line: number }[];
}

/** Throws `invalid_input` for layers without rules or with broken ones, and a cursor of another question. */
export function answerReport(
  view: GraphView,
  input: ReportInput,
  entriesOf: () => PackageEntries,
): Answered<ReportBody> {
  const { report, path, rules } = input;
  const { items, notes } = findingsOf(view, input, entriesOf);
  const isWanted = path === undefined ? () => true : createPathFilter(path);
  const wanted = items.filter(({ row, loop = [] }) =>
    [row, ...loop.map((link) => link.row)].some((each) => isWanted(view.pathOf(each))),
  );
  const question = ['report', report, path, rules];
  const page = pageOf(wanted, { generation: view.generation, question, cursor: input.cursor, limit: input.limit });
  const hidden = items.length - wanted.length;
  const note = [...notes, ...(hidden === 0 ? [] : [`${hidden} findings elsewhere than in ${path}`])].join('; ');
  return {
    body: {
      report,
      findings: page.items.map((finding) => shaped(view, finding)),
      total: wanted.length,
      ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
      ...(note !== '' && { note }),
    },
    isTruncated: page.nextCursor !== undefined,
  };
}

function shaped(view: GraphView, { row, line, isCertain, reason, loop }: Finding): ReportFinding {
  const hit = hitOf(view, row);
  return {
    ...hit,
    ...(line !== undefined && { line }),
    isCertain,
    reason,
    ...(loop !== undefined && { loop: loopOf(view, loop) }),
  };
}

function loopOf(view: GraphView, loop: NonNullable<Finding['loop']>): string[] {
  const steps = loop.map(({ row, line }) => `${view.pathOf(row)}:${line}`);
  return [...steps, ...loop.slice(0, 1).map(({ row }) => view.pathOf(row))];
}

function findingsOf(view: GraphView, { report, rules }: ReportInput, entriesOf: () => PackageEntries): Findings {
  const reports = {
    cycles: () => ({ items: cycleFindings(view), notes: missingUses(view) }),
    dead_code: () => deadFindings(view, entriesOf()),
    unused_exports: () => exportFindings(view, entriesOf()),
    layers: () => layerFindings(view, rules),
    hubs: () => ({ items: hubFindings(view), notes: [] }),
  } satisfies Record<ReportName, () => Findings>;
  return reports[report]();
}

function cycleFindings(view: GraphView): Finding[] {
  return findImportCycles(view).map(({ links, fileCount, isTypeOnly }) => {
    const knot =
      fileCount > links.length ? `the shortest way round of ${fileCount} files that import one another; ` : '';
    return {
      row: links[0]?.from ?? 0,
      isCertain: true,
      reason: `${knot}${isTypeOnly ? 'used as types only, gone at run time unless imports are kept verbatim' : 'at run time'}`,
      loop: links.map(({ from, line }) => ({ row: from, line })),
    };
  });
}

function deadFindings(view: GraphView, entries: PackageEntries): Findings {
  return { items: findDeadCode(view, entries), notes: [...entriesNote(entries), ...missingUses(view)] };
}

function exportFindings(view: GraphView, entries: PackageEntries): Findings {
  const found = findUnusedExports(view, entries);
  const items = found.map(({ row, isShape, reason }) => ({ row, reason, isCertain: entries.areKnown && !isShape }));
  return { items, notes: [...entriesNote(entries), ...missingUses(view)] };
}

function layerFindings(view: GraphView, rules: ReportInput['rules'] = []): Findings {
  if (rules.length === 0) throw new AppError('invalid_input', 'Layers need rules.', { hint: RULES_HINT });
  const { breaches, idle } = checkLayers(view, rules.map(ruleOf));
  const items = breaches.map(({ link, rule }) => ({
    row: link.from,
    line: link.line,
    isCertain: true,
    reason: `imports ${view.pathOf(link.to)} at line ${link.line}${link.isTypeOnly ? ' (types only)' : ''}; ${rule.from} may not import ${rule.mayNotImport}`,
  }));
  const notes = idle.map((rule) => `${rule.from} or ${rule.mayNotImport} matches no file`);
  return { items, notes: [...notes, ...missingUses(view)] };
}

function ruleOf(text: string): LayeringRule {
  const rule = parseLayeringRule(text);
  if (rule !== undefined) return rule;
  throw new AppError('invalid_input', `\`${text}\` is not a layering rule.`, { hint: RULES_HINT });
}

function hubFindings(view: GraphView): Finding[] {
  return findHubs(view).map(({ row, users, files }) => ({
    row,
    isCertain: true,
    reason: `used by ${users} symbols in ${files} files`,
  }));
}

function entriesNote({ files, areKnown }: PackageEntries): string[] {
  if (areKnown)
    return [`kept alive: tests, configs, files that nobody imports, and ${files.size} files that packages offer`];
  return [
    'no package.json names a source file as its entry, so that exports could be wanted outside: these are uncertain',
  ];
}

function missingUses(view: GraphView): string[] {
  const untyped = view.columns.files.length - view.countFiles('typed');
  return untyped === 0 ? [] : [`uses in ${untyped} files that are not typed are unknown`];
}
