import { createPathFilter } from '../graph/index.ts';
import { targetOf } from './attempt-task.ts';
import type { HealRunInput } from './heal-input.ts';
import type { HealKit } from './heal-kit.ts';
import type { HealSession } from './heal-session.ts';
import { selectTasks } from './task-selection.ts';
import type { AttemptCost, LeftReason } from './task-selection.ts';
import { taskSeedOf } from './task-seed.ts';

export interface TaskChoice {
  /** Open findings that were looked at. */
  readonly found: number;
  /** In the order in which they are tried. */
  readonly taskIds: readonly string[];
  readonly left: Readonly<Partial<Record<LeftReason, number>>>;
}

/** More are not looked at: the gravest come first. */
const MAX_FINDINGS = 5_000;
const FIXER_COST: AttemptCost = { usd: 0, tokens: 0, wallMs: 20_000 };
/** What a small task took of a cheap model; a run that spends more stops at its budget all the same. */
const MODEL_COST: AttemptCost = { usd: 0.02, tokens: 40_000, wallMs: 120_000 };
const MINUTE_MS = 60_000;

/** Brings findings in as tasks, and chooses those that a run tries. */
export async function chooseTasks(
  kit: Pick<HealKit, 'findings' | 'tasks' | 'fixers' | 'model' | 'settings' | 'now'>,
  { input, session }: { readonly input: HealRunInput; readonly session: HealSession },
): Promise<TaskChoice> {
  const { root } = input;
  const { findings, isAll } = await kit.findings.listOpen(root, MAX_FINDINGS);
  const seeds = findings.map(taskSeedOf);
  const known = await kit.tasks.upsert(root, seeds);
  if (isAll) {
    const sources = [...new Set(known.map(({ source }) => source))];
    await kit.tasks.markGone(root, { sources, fingerprints: known.map(({ fingerprint }) => fingerprint) });
  }
  const { baseCommit } = await session.base();
  const { chosen, left } = selectTasks(
    known.map((task) => ({ seed: task, fixers: kit.fixers.namesFor(targetOf(task)), known: task })),
    limitsOf(kit, input, baseCommit),
  );
  const idOf = new Map(known.map((task) => [task.fingerprint, task.taskId]));
  const taskIds = chosen.flatMap(({ seed }) => idOf.get(seed.fingerprint) ?? []);
  return { found: findings.length, taskIds, left };
}

function limitsOf(
  { model, settings, now }: Pick<HealKit, 'model' | 'settings' | 'now'>,
  input: HealRunInput,
  baseCommit: string,
): Parameters<typeof selectTasks>[1] {
  const { budgets, minConfidence, maxAttempts } = settings;
  const { maxTasks, minSeverity, sources, scope, mode, budget } = input;
  return {
    maxTasks,
    minSeverity,
    sources,
    isInScope: scope === undefined ? () => true : createPathFilter(scope),
    minConfidence,
    graveConfidence: minConfidence,
    maxAttempts,
    mode,
    baseCommit,
    nowMs: now(),
    budget: {
      usd: budget?.usd ?? budgets.usd,
      tokens: budget?.tokens ?? budgets.tokens,
      wallMs: budget?.wallMs ?? budgets.wallMinutes * MINUTE_MS,
    },
    fixerCost: FIXER_COST,
    modelCost: model === undefined ? undefined : MODEL_COST,
  };
}
