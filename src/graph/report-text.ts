import { closing, hitLine, pageLines } from './answer-text.ts';
import type { ReportAnswer, ReportFinding } from './report-schema.ts';

/** A report as compact text: one line a finding, uncertain ones marked, and what the index knows. */
export function renderReport(answer: ReportAnswer): string {
  const findings = answer.findings.map(findingLine);
  return [`${answer.report}: ${answer.total}`, ...findings, ...moreLines(answer), ...closing(answer)].join('\n');
}

function findingLine(finding: ReportFinding): string {
  const { loop, reason } = finding;
  const what = loop === undefined ? hitLine(finding) : loopText(loop);
  return `${finding.isCertain ? '' : '? '}${what} - ${reason}`;
}

function loopText(loop: readonly { readonly path: string; readonly line: number }[]): string {
  const back = loop[0] === undefined ? '' : ` → ${loop[0].path}`;
  return `${loop.map(({ path, line }) => `${path}:${line}`).join(' → ')}${back}`;
}

/** The head has said that there is nothing. */
function moreLines(answer: ReportAnswer): string[] {
  return answer.total === 0 ? [] : pageLines(answer, answer.findings.length);
}
