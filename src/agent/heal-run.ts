import { AppError } from '../core/errors.ts';
import { isTerminal } from '../runs/index.ts';
import type { RunContext, RunKind } from '../runs/index.ts';
import type { AgentTask, Fixability } from './agent-schema.ts';
import { attemptTask, safely } from './attempt-task.ts';
import type { AttemptResult } from './attempt-task.ts';
import { chooseTasks } from './choose-tasks.ts';
import type { TaskChoice } from './choose-tasks.ts';
import { commitMessageOf } from './commit-message.ts';
import { deliverFixes } from './deliver-fixes.ts';
import { branchOf } from './fix-branch.ts';
import { HEAL_RUN_KIND, healRunInputSchema } from './heal-input.ts';
import type { HealRunInput } from './heal-input.ts';
import type { HealKit } from './heal-kit.ts';
import type { ModelLimits, VerifyFix } from './heal-ports.ts';
import { healedOf, renderHealReport, strengthText } from './heal-report.ts';
import type { HealedTask } from './heal-report.ts';
import { HealSession } from './heal-session.ts';
import { learnedChoices } from './learned-choices.ts';
import { recordAttempt } from './record-attempt.ts';

/** With less no model can be asked anything. */
const LEAST_LEFT: ModelLimits = { usd: 0.001, tokens: 2_000 };

/** States from which a run may take a task: those of which the choice was made, unless another run was faster. */
const FREE = ['open', 'suggested', 'verified', 'merged', 'rejected', 'failed', 'gone'] as const;

/**
 * Healing as a run: detect, choose, then one step for each task, in which it is mended and verified, and at the end what was
 * verified is handed over. A run that is taken up again goes on with the task it was at.
 */
export function healRunKind(kit: HealKit): RunKind<HealRunInput> {
  return {
    kind: HEAL_RUN_KIND,
    // It needs the files and programs of this machine.
    queue: 'local',
    input: healRunInputSchema,
    title: ({ root, mode }) => `Heal ${root} (${mode.replace('_', ' ')})`,
    execute: (input, context) => heal(kit, input, context),
  };
}

async function heal(kit: HealKit, input: HealRunInput, context: RunContext): Promise<Record<string, unknown>> {
  const { root, mode } = input;
  await releaseLost(kit, context.runId);
  context.progress({ done: 0, total: 0, unit: 'tasks', message: 'collecting findings' });
  const { sources } = await kit.findings.collectWithin(root, context, input.sources);
  const session = new HealSession(kit, { workspace: root, signal: context.signal });
  try {
    const choice = await context.step('choose', () => chooseTasks(kit, { input, session }));
    const tried = await tryAll(kit, { input, choice, session, context });
    const handed = mode === 'dry_run' ? tried : await deliverFixes(kit, { root, mode, tried }, context);
    const report = { found: choice.found, tried: handed, left: choice.left };
    return { mode, sources, ...report, report: renderHealReport(report) };
  } finally {
    await session.close();
  }
}

/** What runs that are over, and this one before it was interrupted, were still at. */
async function releaseLost({ tasks, attempts, runs, checkouts }: HealKit, runId: string): Promise<void> {
  await checkouts.collectStale();
  for (const holder of await tasks.listWorkingRuns()) {
    if (holder !== runId && !(await isOver(runs, holder))) continue;
    await attempts.cancelOpen(holder);
    await tasks.release(holder);
  }
}

async function isOver(runs: HealKit['runs'], runId: string): Promise<boolean> {
  try {
    return isTerminal((await runs.get(runId)).status);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return true;
    throw error;
  }
}

interface Trying {
  readonly input: HealRunInput;
  readonly choice: TaskChoice;
  readonly session: HealSession;
  readonly context: RunContext;
}

async function tryAll(kit: HealKit, trying: Trying): Promise<HealedTask[]> {
  const { choice, context, input, session } = trying;
  const { signal } = context;
  const verify = kit.verifierFor({ root: input.root, session, limits: input.budget });
  const tried: HealedTask[] = [];
  const total = choice.taskIds.length;
  for (const [at, taskId] of choice.taskIds.entries()) {
    signal.throwIfAborted();
    context.progress({ done: at, total, unit: 'tasks', message: 'mending' });
    const limits = leftOf(kit, input, tried);
    const healed = await context.step(
      `attempt ${at + 1}`,
      async () => (await tryOne(kit, { ...trying, taskId, verify, limits })) ?? null,
    );
    if (healed === null) continue;
    tried.push(healed);
    context.log('info', `${healed.outcome}: ${healed.rule} ${healed.path}; ${healed.title ?? healed.reason ?? ''}`);
    if (!(await isWithinBudget(kit, { input, tried }, context))) break;
  }
  context.progress({ done: total, total, unit: 'tasks', message: 'tried' });
  return tried;
}

type Spending = Pick<Trying, 'input'> & { readonly tried: readonly HealedTask[] };

/** What models may still take of the budget of the run. */
function leftOf({ settings }: HealKit, input: HealRunInput, tried: readonly HealedTask[]): ModelLimits {
  const { usd = settings.budgets.usd, tokens = settings.budgets.tokens } = input.budget ?? {};
  const spent = spentOf(tried);
  return { usd: Math.max(0, usd - spent.usd), tokens: Math.max(0, tokens - spent.tokens) };
}

function spentOf(tried: readonly HealedTask[]): ModelLimits {
  const sum = (unit: 'usd' | 'tokens'): number => tried.reduce((total, task) => total + task[unit], 0);
  return { usd: sum('usd'), tokens: sum('tokens') };
}

/** Books what a model took of it for the last task. What was mended before it was used up is handed over all the same. */
async function isWithinBudget(kit: HealKit, { input, tried }: Spending, context: RunContext): Promise<boolean> {
  const { tokens = 0, usd = 0 } = tried.at(-1) ?? {};
  try {
    if (tokens > 0) await context.spend('tokens', tokens);
    if (usd > 0) await context.spend('usd', usd);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'limit_reached') throw error;
    context.log('warn', `No further task is tried: ${error.message}`);
    return false;
  }
  const [spent, left] = [spentOf(tried), leftOf(kit, input, tried)];
  const used = (['usd', 'tokens'] as const).find((unit) => spent[unit] > 0 && left[unit] < LEAST_LEFT[unit]);
  if (used === undefined) return true;
  context.log('warn', `No further task is tried: ${left[used]} ${used} are left of the budget of the run.`);
  return false;
}

interface TryingOne extends Trying {
  readonly taskId: string;
  readonly verify: VerifyFix;
  readonly limits: ModelLimits;
}

/** Undefined when another run was faster. */
async function tryOne(kit: HealKit, trying: TryingOne): Promise<HealedTask | undefined> {
  const { session, context, input, taskId, verify, limits } = trying;
  const { runId, signal } = context;
  const { baseCommit } = await session.base();
  const task = await kit.tasks.claim(taskId, { runId, baseCommit, from: FREE });
  if (task === undefined) return undefined;
  const { seed, root } = input;
  const attempt = await kit.attempts.start({
    taskId,
    number: task.attempts,
    patcher: 'fixer',
    baseCommit,
    seed,
    runId,
  });
  const learned = await learnedChoices(kit.outcomes, kit.settings);
  const { authorName: name, authorEmail: email } = kit.settings;
  const branch = await branchOf(kit.pullRequests, task);
  const result = await safely({ patcher: 'fixer' }, signal, () =>
    attemptTask(task, {
      session,
      branch,
      verify,
      model: kit.model,
      root,
      limits,
      order: learned.order,
      messageOf: (one, made) => commitMessageOf(one, made, runId),
      author: { name, email },
      seed,
      signal,
    }),
  );
  const fixability = learned.fixabilityOf(task, result.fixer);
  await recordAttempt(kit, { root, runId, task, attempt, result, fixability });
  return summaryOf(task, result, fixability);
}

function summaryOf(task: AgentTask, result: AttemptResult, fixability: Fixability | undefined): HealedTask {
  const { outcome, fixer, title, reason, report, usd = 0, tokens = 0 } = result;
  const strength = strengthText(report?.strength);
  const probability = fixability?.probability;
  return { ...healedOf(task), outcome, fixer, title, reason, strength, probability, usd, tokens };
}
