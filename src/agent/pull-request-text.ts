import type { AgentTask, Fixability, Patcher } from './agent-schema.ts';
import { codeSpan, fencedBlock, harmlessMarkdown, plainLine } from './neutral-markdown.ts';
import type { VerifyReport } from './verify/verify-report.ts';

/** What a reviewer is told of a fix: what was wrong, what was done, what was seen of it, and what was not. */

export interface PullRequestParts {
  readonly task: Pick<
    AgentTask,
    'taskId' | 'type' | 'source' | 'rule' | 'severity' | 'path' | 'line' | 'symbol' | 'message'
  >;
  readonly fix: {
    readonly patcher: Patcher;
    readonly fixer: string;
    readonly title: string;
    /** What speaks for it, a line each. */
    readonly evidence: readonly string[];
  };
  /** Diagnostics that were there before, as their program printed them. */
  readonly before: readonly string[];
  readonly report: VerifyReport;
  /** Markdown of what the checks said; without a heading, no wider than a section. */
  readonly evidence: string;
  readonly fixability: Fixability;
  /** With which a reviewer sees the same. */
  readonly commands: readonly string[];
  readonly seed: number;
  readonly baseCommit: string;
  readonly branch: string;
  readonly diff: { readonly files: readonly string[]; readonly addedLines: number; readonly removedLines: number };
  readonly model?:
    | { readonly provider: string; readonly name: string; readonly usd: number; readonly tokens: number }
    | undefined;
}

export interface PullRequestText {
  readonly title: string;
  readonly body: string;
}

const MAX_TITLE = 120;
/** GitHub takes 65,536. */
const MAX_BODY = 60_000;
const MAX_EVIDENCE = 40_000;
const MAX_SHOWN = 20;
const CUT = '\n\n… (cut; the whole evidence is with the task)';

/** Title and body of a pull request. Text from outside stands in code alone; secrets are taken out; the body is at most 60,000 characters. */
export function pullRequestTextOf(parts: PullRequestParts): PullRequestText {
  const sections = [
    section('What was wrong', problem(parts)),
    section('What was changed', change(parts)),
    section('What was seen of it', [bounded(harmlessMarkdown(parts.evidence), MAX_EVIDENCE)]),
    section('How sure it is', sureness(parts)),
    section('What was not verified', [list(limitsOf(parts.report))]),
    section('How to see the same', reproduction(parts)),
  ];
  return { title: titleOf(parts), body: bounded(sections.join('\n\n'), MAX_BODY) };
}

const PREFIXES = { code_fix: 'fix', refactor: 'refactor', documentation: 'docs' } as const;

function titleOf({ task, fix }: PullRequestParts): string {
  const place = task.symbol === undefined ? task.path : `${task.symbol} in ${task.path}`;
  const unsaid = [task.rule, place].filter((part) => !fix.title.includes(part));
  const suffix = unsaid.length === 0 ? '' : ` (${unsaid.join(', ')})`;
  return plainLine(`${PREFIXES[task.type]}: ${fix.title}${suffix}`, MAX_TITLE);
}

function section(title: string, parts: readonly string[]): string {
  return [`## ${title}`, ...parts.filter((part) => part !== '')].join('\n\n');
}

function problem({ task, before }: PullRequestParts): string[] {
  const place = task.line === undefined ? task.path : `${task.path}:${task.line}`;
  const head = `${codeSpan(task.source)} reports ${codeSpan(task.rule)} (${task.severity}) at ${codeSpan(place)}:`;
  const others = [...new Set(before)].filter((text) => !text.endsWith(task.message));
  const more = others.length > MAX_SHOWN ? [`… and ${others.length - MAX_SHOWN} more`] : [];
  const diagnostics = [...others.slice(0, MAX_SHOWN), ...more].join('\n');
  const also = others.length === 0 ? [] : ['What ends with the change, too:', fencedBlock(diagnostics)];
  return [head, fencedBlock(task.message), ...also];
}

const MAKERS: Readonly<Record<Patcher, string>> = {
  fixer: 'By the fixer',
  model: 'By a model,',
  client: 'Handed in by a client of the agent,',
};

function change({ fix, diff, model }: PullRequestParts): string[] {
  const files = diff.files.slice(0, MAX_SHOWN).map((path) => codeSpan(path));
  const more = diff.files.length > MAX_SHOWN ? [`and ${diff.files.length - MAX_SHOWN} more`] : [];
  const asked =
    model === undefined
      ? []
      : [
          `${codeSpan(model.name)} of ${codeSpan(model.provider)} was asked: ${model.tokens} tokens, ${model.usd.toFixed(4)} US dollars.`,
        ];
  return [
    `${MAKERS[fix.patcher]} ${codeSpan(fix.fixer)}: ${codeSpan(fix.title)}.`,
    fix.evidence.length === 0 ? '' : `Why this one:\n\n${list(fix.evidence.map((line) => codeSpan(line)))}`,
    ...asked,
    `${countOf(diff.addedLines, 'line')} added and ${diff.removedLines} removed in ${countOf(diff.files.length, 'file')}: ${[...files, ...more].join(', ')}.`,
  ];
}

function sureness({ fixability }: PullRequestParts): string[] {
  const { baseline, estimate, isEstimateUsed } = fixability;
  const [ofFixer, ofAll] = [estimate.toFixed(2), baseline.toFixed(2)];
  return [
    isEstimateUsed
      ? `Chance that a fix of this fixer for this rule is verified and accepted: ${ofFixer}, foretold before it was verified; the baseline, all fixes alike, is ${ofAll}.`
      : `Chance that a fix is verified and accepted: ${ofAll}, the baseline of all fixes alike. It foretold better than the estimate for this fixer and rule, ${ofFixer}.`,
    codeSpan(fixability.basis, 1_000),
  ];
}

/** What nobody has looked at, a sentence each; never empty. */
export function limitsOf(report: VerifyReport): string[] {
  const notRun = report.gates.filter(({ verdict }) => verdict === 'not_run');
  const broken = report.gates.filter(({ verdict }) => verdict === 'broken_before');
  const { strength, confinement } = report;
  return [
    ...notRun.map(({ kind, reason }) => `${kind}: not run${reason === undefined ? '' : `, ${codeSpan(reason)}`}.`),
    ...broken.map(({ kind }) => `${kind}: failed before the change too; it is only known to be no worse.`),
    ...(report.selectedTests.length > 0
      ? [`Of the tests only ${countOf(report.selectedTests.length, 'file')} were chosen because they reach the change.`]
      : []),
    ...strengthLimits(strength),
    ...(confinement?.network === false ? ['The checks could reach the network.'] : []),
    'Checks that pass do not prove that behaviour is as it was meant: please read the change.',
  ];
}

function strengthLimits(strength: VerifyReport['strength']): string[] {
  if (strength === undefined || strength.mutants === 0) return ['How strong the checks are: no mutants were made.'];
  const { mutants, killed, killedByTests } = strength;
  return [
    ...(killedByTests === 0 ? ['Tests noticed none of the mutants: they may not reach the change.'] : []),
    ...(killed < mutants ? [`${countOf(mutants - killed, 'mutant')} went unnoticed by all checks.`] : []),
  ];
}

function reproduction({ commands, seed, baseCommit, branch, task }: PullRequestParts): string[] {
  return [
    `Base commit ${codeSpan(baseCommit)}, branch ${codeSpan(branch)}, seed ${seed}, task ${codeSpan(task.taskId)}.`,
    ...(commands.length === 0
      ? []
      : [
          'On that branch, with `node_modules/.bin` in the `PATH`:',
          fencedBlock(commands.slice(0, MAX_SHOWN).join('\n'), { language: 'sh' }),
        ]),
  ];
}

function list(lines: readonly string[]): string {
  return lines
    .slice(0, MAX_SHOWN)
    .map((line) => `- ${line}`)
    .join('\n');
}

function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** A cut within a fence closes it, so that what follows is not swallowed. */
function bounded(markdown: string, maxLength: number): string {
  if (markdown.length <= maxLength) return markdown;
  const head = markdown.slice(0, maxLength - CUT.length - 100);
  const lines = head.slice(0, Math.max(head.lastIndexOf('\n'), 0));
  return `${lines}${openFence(lines)}${CUT}`;
}

function openFence(markdown: string): string {
  let fence = '';
  for (const line of markdown.split('\n')) {
    const [, mark = ''] = /^ {0,3}(`{3,90}|~{3,90})/.exec(line) ?? [];
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence) && line.trim() === mark) fence = '';
  }
  return fence === '' ? '' : `\n${fence}`;
}
