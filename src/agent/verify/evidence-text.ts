import { visibleText } from '../../core/outside-text.ts';
import { redactText } from '../../core/redact.ts';
import type { Gate, GateRun, VerifyReport } from './verify-report.ts';

/** GitHub takes 65,536 characters for a body, of which this is a part. */
const MAX_CHARACTERS = 24_000;
const MAX_LINE = 300;
const MAX_TAIL = 1_500;
const MAX_ITEMS = 20;

/**
 * The evidence for the body of a pull request, as Markdown. Whatever the workspace, its programs or a model said stands in
 * fences, without secrets, and reads as no mention, no closing keyword and no link even where fences don't count.
 */
export function evidenceMarkdown(report: VerifyReport, maxCharacters = MAX_CHARACTERS): string {
  const sections = [
    headMarkdown(report),
    table(report),
    ...report.gates.map(gateMarkdown),
    ...selectionMarkdown(report),
    ...strengthMarkdown(report),
    footer(report),
  ].filter((section) => section !== '');
  return bounded(sections, maxCharacters);
}

/** The same as plain text, for answers; a line each, what is from outside indented. */
export function evidenceText(report: VerifyReport, maxCharacters = MAX_CHARACTERS): string {
  const sections = [
    [`Verification: ${report.verdict}.`, ...indented(report.reasons)].join('\n'),
    ...(report.target === undefined ? [] : [targetText(report.target)]),
    ...report.gates.map((gate) =>
      [
        `${gate.kind}: ${gate.verdict}; ${runsText(gate)}`,
        ...indented([gate.command, ...(gate.reason === undefined ? [] : [gate.reason])]),
        ...indented(gate.added.map((text) => `new: ${text}`)),
        ...indented(gate.removed.map((text) => `gone: ${text}`)),
        ...indented(gate.flaky.map((text) => `flaky: ${text}`)),
      ].join('\n'),
    ),
    ...(report.strength === undefined
      ? []
      : [[strengthText(report.strength), ...indented(strengthLines(report.strength))].join('\n')]),
    footer(report),
  ];
  return bounded(sections, maxCharacters, '\n');
}

/**
 * Text from outside so that it can do nothing: without what is hidden or secret, and with a blank in whatever would mention
 * somebody, close an issue or become a link.
 */
export function neutralText(text: string): string {
  return redactText(visibleText(text))
    .replaceAll(/@(?=[\p{L}\p{N}_-])/gu, '@ ')
    .replaceAll(/#(?=\d)/g, '# ')
    .replaceAll(/\bGH-(?=\d)/gi, 'GH- ')
    .replaceAll(/([a-z]):\/\//gi, '$1: //')
    .replaceAll(/\bwww\./gi, 'www .');
}

function inLine(text: string): string {
  const line = neutralText(text).replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`;
}

/** Longer than every run of backticks within, so that nothing in it ends it. */
function fenced(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text\n${text}\n${fence}`];
}

function indented(lines: readonly string[]): string[] {
  return lines.slice(0, MAX_ITEMS).map((line) => `    ${inLine(line)}`);
}

/** What is wrong with a change has to be said; that nothing is, the table says. */
function headMarkdown({ verdict, target, reasons }: VerifyReport): string {
  const line = [`Verification: ${verdict}.`, ...(target === undefined ? [] : [targetText(target)])].join(' ');
  return [line, ...(verdict === 'verified' ? [] : fenced(reasons.map(inLine)))].join('\n\n');
}

const VERDICTS = {
  passed: 'passed',
  failed: 'failed',
  broken_before: 'no worse than before',
  not_run: 'not run',
} as const;

function table({ gates }: VerifyReport): string {
  if (gates.length === 0) return '';
  const hasReruns = gates.some(({ rerun }) => rerun !== undefined);
  const rows = gates.map(({ kind, verdict, before, after, rerun }, index) => [
    `${index + 1}`,
    kind,
    VERDICTS[verdict],
    runText(before),
    runText(after),
    ...(hasReruns ? [runText(rerun)] : []),
  ]);
  const head = ['gate', 'looks at', 'verdict', 'before', 'with the change', ...(hasReruns ? ['once more'] : [])];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function targetText({ before, after }: NonNullable<VerifyReport['target']>): string {
  return `Findings of this kind in the file: ${before} before, ${after} with the change.`;
}

function runsText({ before, after, rerun }: Gate): string {
  const once = rerun === undefined ? '' : `; once more: ${runText(rerun)}`;
  return `before: ${runText(before)}; with the change: ${runText(after)}${once}`;
}

function runText(run: GateRun | undefined): string {
  if (run === undefined) return 'not run';
  const ending = run.endedBy === 'exit' ? `exit code ${run.exitCode ?? 'none'}` : `ended by ${run.endedBy}`;
  const said = run.diagnostics === undefined ? '' : `, ${countOf(run.diagnostics, 'diagnostic')}`;
  return `${ending}${said}, ${secondsOf(run.durationMs)}`;
}

function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function secondsOf(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}

function gateMarkdown(gate: Gate, index: number): string {
  const { command, reason, added, removed, flaky, verdict, after } = gate;
  const lists = [
    ['new', added],
    ['gone', removed],
    ['flaky', flaky],
  ] as const;
  const lines = [
    `gate ${index + 1}: $ ${inLine(command)}`,
    ...(reason === undefined ? [] : [inLine(reason)]),
    ...lists.flatMap(([name, items]) => items.slice(0, MAX_ITEMS).map((item) => `${name}: ${inLine(item)}`)),
    ...(verdict === 'failed' && after !== undefined ? ['', ...tailLines(after.tail)] : []),
  ];
  return fenced(lines).join('\n\n');
}

function tailLines(tail: string): string[] {
  return neutralText(tail)
    .slice(-MAX_TAIL)
    .split('\n')
    .map((line) => line.slice(0, MAX_LINE));
}

function selectionMarkdown({ selection, selectedTests }: VerifyReport): string[] {
  if (selection === undefined) return [];
  const lines = [selection, ...selectedTests.slice(0, MAX_ITEMS)].map(inLine);
  const more = selectedTests.length > MAX_ITEMS ? [`and ${selectedTests.length - MAX_ITEMS} more`] : [];
  return [['Tests that were run:', ...fenced([...lines, ...more])].join('\n\n')];
}

function strengthMarkdown({ strength }: VerifyReport): string[] {
  if (strength === undefined) return [];
  return [[strengthText(strength), ...fenced(strengthLines(strength).map(inLine))].join('\n\n')];
}

type Strength = NonNullable<VerifyReport['strength']>;

function strengthLines({ note, survived }: Strength): string[] {
  return [...(note === undefined ? [] : [note]), ...survived.map((text) => `survived: ${text}`)];
}

function strengthText({ mutants, killed, killedByTests, durationMs }: Strength): string {
  if (mutants === 0) return 'No mutants (small faults put into the change) were made.';
  const noticed = `the gates noticed ${killed}, tests ${killedByTests} of these`;
  return `Of ${countOf(mutants, 'mutant')} (small faults put into the change) ${noticed} (${secondsOf(durationMs)}).`;
}

function footer({ confinement, seed, durationMs }: VerifyReport): string {
  const parts = `Seed ${seed}; ${secondsOf(durationMs)} in all.`;
  if (confinement === undefined) return `Nothing was run. ${parts}`;
  const inForce = Object.entries(confinement).flatMap(([name, isOn]) => (isOn ? [name] : []));
  const missing = Object.entries(confinement).flatMap(([name, isOn]) => (isOn ? [] : [name]));
  const without = missing.length === 0 ? '' : `, not of ${missing.join(', ')}`;
  return `Programs were shut in: ${inForce.length === 0 ? 'nothing' : inForce.join(', ')}${without}. ${parts}`;
}

/** First and last stay; of those between, what has room. A section is whole or not there. */
function bounded(sections: readonly string[], most: number, gap = '\n\n'): string {
  const [first = '', ...rest] = sections;
  const last = rest.pop() ?? '';
  const left = 'More was left out.';
  const kept = [first.length <= most ? first : (first.split('\n')[0] ?? '')];
  let room = most - (kept[0] ?? '').length - last.length - left.length - gap.length * 3;
  let isCut = kept[0] !== first;
  for (const section of rest) {
    if (section.length + gap.length > room) isCut = true;
    else {
      kept.push(section);
      room -= section.length + gap.length;
    }
  }
  return [...kept, ...(isCut ? [left] : []), last].filter((part) => part !== '').join(gap);
}
