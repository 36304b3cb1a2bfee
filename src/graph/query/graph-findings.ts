import { AppError } from '../../core/errors.ts';
import { findDeadCode } from '../analysis/dead-code.ts';
import { findHubs } from '../analysis/hubs.ts';
import type { Hub } from '../analysis/hubs.ts';
import { findImportCycles } from '../analysis/import-cycles.ts';
import type { ImportCycle } from '../analysis/import-cycles.ts';
import { checkLayers, parseLayeringRule } from '../analysis/layering-rules.ts';
import type { LayeringRule } from '../analysis/layering-rules.ts';
import { findUndocumented, MIN_FILES_THAT_USE } from '../analysis/undocumented.ts';
import { findUnusedExports } from '../analysis/unused-exports.ts';
import type { PackageEntries } from '../package-entries.ts';
import type { GraphReportName, ReportInput } from '../report-schema.ts';
import type { Finding, Findings, Place } from './report-answer.ts';
import type { GraphView } from './graph-view.ts';
import { isSyntaxGraph } from './zero-notes.ts';

const RULES_HINT = 'Give `rules`, one a pair of layers: ["src/core/** !> src/server/**"].';

export interface GraphQuestion {
  readonly report: GraphReportName;
  readonly rules?: ReportInput['rules'];
}

const NO_ENTRIES: PackageEntries = { files: new Set(), scripts: '', areKnown: false };

/** Whether a report asks what packages offer: reading all manifests takes time. */
export function needsEntries(report: GraphReportName): boolean {
  return report === 'dead_code' || report === 'unused_exports';
}

/** What the graph alone says, and for some reports ({@link needsEntries}) the manifests. Throws `invalid_input` for layers without rules, or with broken ones. */
export function graphFindings(
  view: GraphView,
  { report, rules }: GraphQuestion,
  entries: PackageEntries = NO_ENTRIES,
): Findings {
  const reports = {
    cycles: () => ({ items: cycleFindings(view), notes: missingUses(view) }),
    dead_code: () => deadFindings(view, entries),
    unused_exports: () => exportFindings(view, entries),
    layers: () => layerFindings(view, rules),
    hubs: () => ({ items: hubFindings(findHubs(view)), notes: [] }),
    undocumented: () => undocumentedFindings(view),
  } satisfies Record<GraphReportName, () => Findings>;
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
      places: placesOf(view, links),
    };
  });
}

/** The way round ends in the file that it began in. */
function placesOf(view: GraphView, links: ImportCycle['links']): Place[] {
  const steps = links.map(({ from, line }) => ({ path: view.pathOf(from), line }));
  return [...steps, ...steps.slice(0, 1).map(({ path }) => ({ path }))];
}

function deadFindings(view: GraphView, entries: PackageEntries): Findings {
  const items = findDeadCode(view, entries).map((finding) => asKnown(view, finding));
  return { items, notes: [...entriesNote(entries), ...missingUses(view)] };
}

function exportFindings(view: GraphView, entries: PackageEntries): Findings {
  const found = findUnusedExports(view, entries);
  const items = found.map(({ row, isShape, reason }) =>
    asKnown(view, { row, reason, isCertain: entries.areKnown && !isShape }),
  );
  return { items, notes: [...entriesNote(entries), ...missingUses(view)] };
}

/** Without types nothing is certain to be unused. */
function asKnown<T extends { readonly isCertain: boolean }>(view: GraphView, finding: T): T {
  return isSyntaxGraph(view) ? { ...finding, isCertain: false } : finding;
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

function hubFindings(hubs: readonly Hub[]): Finding[] {
  return hubs.map(({ row, users, files }) => ({
    row,
    isCertain: true,
    reason: `used by ${users} symbols in ${files} files`,
  }));
}

function undocumentedFindings(view: GraphView): Findings {
  const items = hubFindings(findUndocumented(view));
  return { items, notes: [`exported, without a comment, and used in ${MIN_FILES_THAT_USE} files or more`] };
}

function entriesNote({ files, areKnown }: PackageEntries): string[] {
  if (areKnown)
    return [`kept alive: tests, configs, files that nobody imports, and ${files.size} files that packages offer`];
  return [
    'no package.json names a source file as its entry, so that exports could be wanted outside: these are uncertain',
  ];
}

function missingUses(view: GraphView): string[] {
  if (isSyntaxGraph(view)) return ['types are not resolved yet: uses that only they show are unknown'];
  const untyped = view.columns.files.length - view.countFiles('typed');
  return untyped === 0 ? [] : [`uses in ${untyped} files that are not typed are unknown`];
}
