import { findComplexFunctions, MAX_COGNITIVE, MAX_CYCLOMATIC } from '../analysis/complex-functions.ts';
import type { ComplexFunction } from '../analysis/complex-functions.ts';
import type { ReportFacts } from '../metrics/report-facts.ts';
import type { FactReportName } from '../report-schema.ts';
import type { OpenView } from '../graph-views.ts';
import type { Finding, Findings } from './report-answer.ts';

/** What texts say together with the graph. Throws what reading them throws. */
export function factFindings(open: OpenView, report: FactReportName, facts: ReportFacts): Promise<Findings> {
  const reports = {
    complexity: () => complexityFindings(open, facts),
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
