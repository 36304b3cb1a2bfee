import { rowAt } from '../analysis/row-at.ts';
import { MIN_CLONE_TOKENS } from '../metrics/clone-limits.ts';
import type { CloneClass } from '../metrics/find-clones.ts';
import type { GraphView } from './graph-view.ts';
import { findComplexFunctions, MAX_COGNITIVE, MAX_CYCLOMATIC } from '../analysis/complex-functions.ts';
import type { ComplexFunction } from '../analysis/complex-functions.ts';
import type { ReportFacts } from '../metrics/report-facts.ts';
import type { FactReportName } from '../report-schema.ts';
import type { OpenView } from '../graph-views.ts';
import { dependencyFindings } from './dependency-answer.ts';
import { coChangeFindings, hotspotFindings } from './history-findings.ts';
import type { Finding, Findings } from './report-answer.ts';

/** More of them make no other finding; the reason counts them. */
const MAX_PLACES = 12;

/** What texts and history say together with the graph. Throws what reading them throws. */
export function factFindings(open: OpenView, report: FactReportName, facts: ReportFacts): Promise<Findings> {
  const reports = {
    complexity: () => complexityFindings(open, facts),
    clones: () => cloneFindings(open, facts),
    hotspots: () => hotspotFindings(open, facts),
    co_change: () => coChangeFindings(open, facts),
    dependencies: () => dependencyFindings(open, facts),
  } satisfies Record<FactReportName, () => Promise<Findings>>;
  return reports[report]();
}

async function complexityFindings({ root, view }: OpenView, facts: ReportFacts): Promise<Findings> {
  const { byPath, notes } = await facts.metrics.measure({ root, files: view.columns.files });
  const items = findComplexFunctions(view, byPath).map(complexityFinding);
  const count = [...byPath.values()].reduce((sum, { functions }) => sum + functions.length, 0);
  const limits = `of ${count} functions, those above cognitive ${MAX_COGNITIVE} (SonarSource) or cyclomatic ${MAX_CYCLOMATIC} (McCabe)`;
  return { items, notes: [limits, ...notes] };
}

function complexityFinding({ row, name, kind, line, ...measured }: ComplexFunction): Finding {
  const { cognitive, cyclomatic, lines } = measured;
  const reason = `cognitive ${cognitive}, cyclomatic ${cyclomatic}, ${lines} lines`;
  return { row, name, kind, line, isCertain: true, reason };
}

async function cloneFindings({ root, view }: OpenView, facts: ReportFacts): Promise<Findings> {
  const { classes, notes } = await facts.metrics.findClones({ root, files: view.columns.files });
  const items = classes.map((found) => cloneFinding(view, found));
  const tests = classes.filter(({ isAside }) => isAside).length;
  const apart = tests === 0 ? [] : [`${tests} in tests, benches and examples only, at the end`];
  return { items, notes: [`whole statements or members of ${MIN_CLONE_TOKENS} tokens and more`, ...apart, ...notes] };
}

function cloneFinding(view: GraphView, { type, similarity = 1, tokens, places, isAside }: CloneClass): Finding {
  const [first] = places;
  const row = first === undefined ? undefined : rowAt(view, first.path, first.start);
  const kind = type === 'near' ? `${Math.floor(similarity * 100)} % alike` : type;
  const count = places.length > 2 ? `, ${places.length} places` : '';
  return {
    row,
    ...(first !== undefined && { path: first.path, line: first.line }),
    isCertain: type !== 'near',
    reason: `${kind}, ${tokens} tokens${count}${isAside ? ', beside the program' : ''}`,
    places: places.slice(0, MAX_PLACES),
  };
}
