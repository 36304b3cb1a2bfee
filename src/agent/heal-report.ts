import type { AgentTask, AttemptOutcome } from './agent-schema.ts';
import type { LeftReason } from './task-selection.ts';

/** One attempt, as the result of a run has it. */
export interface HealedTask {
  readonly taskId: string;
  readonly rule: string;
  readonly path: string;
  readonly line?: number | undefined;
  readonly outcome: AttemptOutcome;
  readonly fixer?: string | undefined;
  readonly title?: string | undefined;
  readonly reason?: string | undefined;
  /** `3 of 4 mutants killed` */
  readonly strength?: string | undefined;
  readonly probability?: number | undefined;
  readonly branch?: string | undefined;
  /** URL of the pull request, or folder of the files that stand for one. */
  readonly proposal?: string | undefined;
  readonly usd: number;
  readonly tokens: number;
}

export interface HealReport {
  readonly found: number;
  readonly tried: readonly HealedTask[];
  readonly left: Readonly<Partial<Record<LeftReason, number>>>;
}

const MAX_REASON = 300;
const LEFT_WORDS: Readonly<Record<LeftReason, string>> = {
  below_severity: 'not grave enough',
  other_source: 'of another source',
  out_of_scope: 'out of scope',
  not_eligible: 'not sure enough',
  no_fixer_and_no_model: 'that no fixer knows, and no model is configured',
  in_progress: 'another run is at',
  already_proposed: 'proposed already',
  already_done: 'done already at this commit',
  cool_down: 'rejected lately',
  attempts_used: 'given up after several attempts',
  budget: 'beyond the budget',
  limit: 'beyond the number of tasks',
};

/** A run in words: what was tried first, then what was left and why. */
export function renderHealReport({ found, tried, left }: HealReport): string {
  const reasons = Object.entries(left).map(([reason, count]) => `${count} ${wordsOf(reason)}`);
  return [
    `${found} open findings, ${tried.length} tried, ${tried.filter(({ outcome }) => outcome === 'verified').length} verified`,
    ...tried.flatMap(linesOf),
    ...(reasons.length === 0 ? [] : [`left: ${reasons.join(', ')}`]),
  ].join('\n');
}

function wordsOf(reason: string): string {
  return Object.entries(LEFT_WORDS).find(([key]) => key === reason)?.[1] ?? reason;
}

function linesOf(task: HealedTask): string[] {
  const place = task.line === undefined ? task.path : `${task.path}:${task.line}`;
  const made = [task.fixer, task.title].filter((part) => part !== undefined).join(': ');
  const sureness = task.probability === undefined ? [] : [`chance ${task.probability.toFixed(2)}`];
  const spent = task.tokens === 0 ? [] : [`${task.tokens} tokens, ${task.usd.toFixed(4)} usd`];
  const facts = [...(task.strength === undefined ? [] : [task.strength]), ...sureness, ...spent];
  const where = [task.branch, task.proposal].filter((part) => part !== undefined);
  return [
    `${task.outcome} ${task.rule} ${place} [${task.taskId}]`,
    ...(made === '' ? [] : [`  ${made}`]),
    ...(facts.length === 0 ? [] : [`  ${facts.join('; ')}`]),
    ...(task.reason === undefined || task.reason === '' ? [] : [`  ${task.reason.slice(0, MAX_REASON)}`]),
    ...where.map((one) => `  → ${one}`),
  ];
}

/** Undefined where nothing was measured. */
export function strengthText(strength: { readonly mutants: number; readonly killed: number } | undefined) {
  return strength === undefined || strength.mutants === 0
    ? undefined
    : `${strength.killed} of ${strength.mutants} mutants killed`;
}

export function healedOf(task: AgentTask): Pick<HealedTask, 'taskId' | 'rule' | 'path' | 'line'> {
  const { taskId, rule, path, line } = task;
  return { taskId, rule, path, line };
}
