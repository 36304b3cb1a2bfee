import type { Finding, FindingListAnswer } from './finding-schema.ts';

/** Findings as compact text: one line each, `severity rule path:line message`, its id at the end. */
export function renderFindings({ findings, total, nextCursor, counts, note }: FindingListAnswer): string {
  const more = nextCursor === undefined ? [] : [`${findings.length} of ${total}, more: cursor=${nextCursor}`];
  const head = `${total} findings (of all: ${counts.open} open, ${counts.fixed} fixed, ${counts.ignored} ignored)`;
  return [head, ...findings.map(renderFinding), ...more, ...(note === undefined ? [] : [`note: ${note}`])].join('\n');
}

export function renderFinding(finding: Finding): string {
  const { severity, rule, path, line, occurrences, state, reason, findingId } = finding;
  const [message = '', ...rest] = finding.message.split('\n');
  const times = occurrences === 1 ? '' : ` (${occurrences} times)`;
  const now = state === 'open' ? '' : ` ${state.toUpperCase()}${reason === undefined ? '' : `: ${reason}`}`;
  const place = line === undefined ? path : `${path}:${line}`;
  return `${severity} ${rule} ${place} ${message}${rest.length === 0 ? '' : ' …'}${times}${now} ${findingId}`;
}
