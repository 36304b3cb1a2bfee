import { closing, hitLine, pageLines } from './answer-text.ts';
import type { ReportAnswer, ReportFinding } from './report-schema.ts';

/** How the places of a finding stand to one another. */
const ARROWS: ReadonlyMap<string, string> = new Map([
  ['cycles', ' → '],
  ['clones', ' = '],
  ['co_change', ' + '],
]);

/** A report as compact text: one line a finding, uncertain ones marked, and what the index knows. */
export function renderReport(answer: ReportAnswer): string {
  const arrow = ARROWS.get(answer.report) ?? ' ';
  const findings = answer.findings.map((finding) => findingLine(finding, arrow));
  return [`${answer.report}: ${answer.total}`, ...findings, ...moreLines(answer), ...closing(answer)].join('\n');
}

function findingLine(finding: ReportFinding, arrow: string): string {
  const what = finding.places === undefined ? hitLine(finding) : finding.places.join(arrow);
  return `${finding.isCertain ? '' : '? '}${what} - ${finding.reason}`;
}

/** The head has said that there is nothing. */
function moreLines(answer: ReportAnswer): string[] {
  return answer.total === 0 ? [] : pageLines(answer, answer.findings.length);
}
