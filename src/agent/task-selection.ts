import { SEVERITIES } from '../findings/index.ts';
import type { AgentMode, AgentTask, TaskSource } from './agent-schema.ts';
import { priorityOf } from './task-seed.ts';
import type { TaskSeed } from './task-seed.ts';

/** Which findings a run tries, in which order, and why the others are left. */

export const LEFT_REASONS = [
  'below_severity',
  'other_source',
  'out_of_scope',
  'not_eligible',
  'no_fixer_and_no_model',
  'in_progress',
  'already_proposed',
  'already_done',
  'cool_down',
  'attempts_used',
  'budget',
  'limit',
] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

/** What an attempt is expected to take. */
export interface AttemptCost {
  readonly usd: number;
  readonly tokens: number;
  readonly wallMs: number;
}

export interface TaskCandidate {
  readonly seed: TaskSeed;
  /** Names of the fixers that say they can mend it. */
  readonly fixers: readonly string[];
  /** What is known from former runs. */
  readonly known?:
    | Pick<AgentTask, 'state' | 'attempts' | 'baseCommit' | 'branch' | 'coolDownUntil' | 'updatedAt'>
    | undefined;
}

export interface SelectionLimits {
  readonly maxTasks: number;
  readonly minSeverity: AgentTask['severity'];
  readonly sources?: readonly TaskSource[] | undefined;
  readonly isInScope: (path: string) => boolean;
  /** Confidence above which a finding of low or medium severity is eligible. */
  readonly minConfidence: number;
  /** Confidence from which a critical or high one is. */
  readonly graveConfidence: number;
  readonly maxAttempts: number;
  readonly mode: AgentMode;
  readonly baseCommit: string;
  readonly nowMs: number;
  /** What is left to spend. */
  readonly budget: AttemptCost;
  readonly fixerCost: AttemptCost;
  /** Absent: no model may be asked. */
  readonly modelCost?: AttemptCost | undefined;
}

export interface ChosenTask {
  readonly seed: TaskSeed;
  readonly fixers: readonly string[];
  readonly priority: number;
  readonly cost: AttemptCost;
}

export interface TaskSelection {
  readonly chosen: readonly ChosenTask[];
  /** Reasons that occurred, with how many were left for each. A finding is counted once, for the first that holds. */
  readonly left: Readonly<Partial<Record<LeftReason, number>>>;
}

/** A merged fix may not have reached this workspace yet; after this time the fault has come back. */
const MERGED_REST_MS = 7 * 86_400_000;

/**
 * Gravest first, then surest, then cheapest, then by path and line. Candidates are taken in that order while budget and number
 * allow; one that is too dear is passed over for those after it.
 */
export function selectTasks(candidates: readonly TaskCandidate[], limits: SelectionLimits): TaskSelection {
  const left: Partial<Record<LeftReason, number>> = {};
  const leave = (reason: LeftReason): void => {
    left[reason] = (left[reason] ?? 0) + 1;
  };
  const fit: ChosenTask[] = [];
  for (const candidate of candidates) {
    const reason = reasonToLeave(candidate, limits);
    if (reason === undefined) fit.push(chosenOf(candidate, limits));
    else leave(reason);
  }
  const chosen: ChosenTask[] = [];
  const spent = { usd: 0, tokens: 0, wallMs: 0 };
  for (const task of fit.toSorted(byOrder)) {
    if (chosen.length >= limits.maxTasks) leave('limit');
    else if (isTooDear(task.cost, spent, limits.budget)) leave('budget');
    else {
      chosen.push(task);
      for (const unit of UNITS) spent[unit] += task.cost[unit];
    }
  }
  return { chosen, left };
}

const UNITS = ['usd', 'tokens', 'wallMs'] as const;

function isTooDear(cost: AttemptCost, spent: AttemptCost, budget: AttemptCost): boolean {
  return UNITS.some((unit) => spent[unit] + cost[unit] > budget[unit]);
}

function reasonToLeave(candidate: TaskCandidate, limits: SelectionLimits): LeftReason | undefined {
  const { seed, fixers, known } = candidate;
  if (SEVERITIES.indexOf(seed.severity) > SEVERITIES.indexOf(limits.minSeverity)) return 'below_severity';
  if (limits.sources !== undefined && !limits.sources.includes(seed.source)) return 'other_source';
  if (!limits.isInScope(seed.path)) return 'out_of_scope';
  if (!isEligible(seed, limits)) return 'not_eligible';
  if (fixers.length === 0 && limits.modelCost === undefined) return 'no_fixer_and_no_model';
  return known === undefined ? undefined : reasonOfHistory(known, limits);
}

/**
 * Style and dead code always; low and medium when the finding is sure enough. The seed left the gravest ones to people although
 * it puts them first: here they need more sureness.
 */
export function isEligible(
  { category, severity, confidence }: Pick<TaskSeed, 'category' | 'severity' | 'confidence'>,
  { minConfidence, graveConfidence }: Pick<SelectionLimits, 'minConfidence' | 'graveConfidence'>,
): boolean {
  if (category === 'style' || category === 'dead_code') return true;
  if (severity === 'critical' || severity === 'high') return confidence >= graveConfidence;
  return confidence > minConfidence;
}

function reasonOfHistory(known: NonNullable<TaskCandidate['known']>, limits: SelectionLimits): LeftReason | undefined {
  switch (known.state) {
    case 'open':
    case 'gone':
    case 'failed':
      return known.attempts >= limits.maxAttempts ? 'attempts_used' : undefined;
    case 'working':
      return 'in_progress';
    case 'proposed':
      return 'already_proposed';
    case 'merged':
      return Date.parse(known.updatedAt) + MERGED_REST_MS > limits.nowMs ? 'already_proposed' : undefined;
    case 'rejected':
      return Date.parse(known.coolDownUntil ?? '') > limits.nowMs ? 'cool_down' : undefined;
    case 'suggested':
    case 'verified':
      return isDone(known, limits) ? 'already_done' : undefined;
  }
}

/** At the same commit the same means come to the same end. */
function isDone({ state, baseCommit, branch }: NonNullable<TaskCandidate['known']>, limits: SelectionLimits): boolean {
  if (baseCommit !== limits.baseCommit) return false;
  return state === 'suggested' ? limits.modelCost === undefined : !goesFurther(branch, limits.mode);
}

/** A fix that was shown may be committed, and one that was committed may be proposed. */
function goesFurther(branch: string | undefined, mode: AgentMode): boolean {
  return mode === 'pull_request' || (mode === 'branch' && branch === undefined);
}

function chosenOf({ seed, fixers }: TaskCandidate, { fixerCost, modelCost }: SelectionLimits): ChosenTask {
  const cost = fixers.length > 0 ? fixerCost : (modelCost ?? fixerCost);
  return { seed, fixers, priority: priorityOf(seed), cost };
}

function byOrder(a: ChosenTask, b: ChosenTask): number {
  return (
    SEVERITIES.indexOf(a.seed.severity) - SEVERITIES.indexOf(b.seed.severity) ||
    b.seed.confidence - a.seed.confidence ||
    a.cost.usd - b.cost.usd ||
    a.cost.tokens - b.cost.tokens ||
    a.cost.wallMs - b.cost.wallMs ||
    compare(a.seed.path, b.seed.path) ||
    (a.seed.line ?? 0) - (b.seed.line ?? 0) ||
    compare(a.seed.fingerprint, b.seed.fingerprint)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
