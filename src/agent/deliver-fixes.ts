import { AppError } from '../core/errors.ts';
import type { RunContext } from '../runs/index.ts';
import type { AgentAttempt, AgentMode, AgentTask, AutonomyLevel } from './agent-schema.ts';
import { branchOf } from './fix-branch.ts';
import type { HealKit } from './heal-kit.ts';
import type { HealedTask } from './heal-report.ts';
import { proposalTextOf } from './proposal-text.ts';

export interface Delivery {
  readonly root: string;
  readonly mode: Exclude<AgentMode, 'dry_run'>;
  readonly tried: readonly HealedTask[];
  /** Somebody has handed in this very fix and asked for it: its chance does not hold it back. */
  readonly isAsked?: boolean | undefined;
}

type Deps = Pick<HealKit, 'tasks' | 'attempts' | 'pullRequests' | 'hosting' | 'settings'>;

const REPORT_ONLY = 'Its chance of being accepted is below that of a branch: it is reported only.';
const BRANCH_ONLY = 'Its chance of being accepted is below that of a pull request: it stays on its branch.';

/**
 * Hands over what was verified, as far as its chance lets it go: to branches of the user's repository, or to pull requests once
 * a person has agreed. What can't be handed over says why, and takes nothing from the others.
 */
export async function deliverFixes(deps: Deps, delivery: Delivery, context: RunContext): Promise<HealedTask[]> {
  const { tried } = delivery;
  const verified = tried.filter(({ outcome }) => outcome === 'verified');
  if (verified.length === 0) return [...tried];
  const agreed = await askToPush(deps, { delivery, verified }, context);
  const handed = new Map<string, HealedTask>();
  for (const [at, healed] of verified.entries()) {
    context.progress({ done: at, total: verified.length, unit: 'fixes', message: `handing over ${healed.path}` });
    const step = `hand over ${at + 1}`;
    const mayPush = agreed?.includes(healed.taskId) ?? true;
    const handing = { ...delivery, healed, mayPush };
    handed.set(healed.taskId, await context.step(step, () => handOver(deps, handing, context)));
  }
  return tried.map((task) => handed.get(task.taskId) ?? task);
}

/** Tasks whose fixes a person agrees to publish; undefined where nobody has to be asked. A person who refuses ends the run. */
async function askToPush(
  deps: Deps,
  { delivery, verified }: { readonly delivery: Delivery; readonly verified: readonly HealedTask[] },
  context: RunContext,
): Promise<readonly string[] | undefined> {
  if (delivery.mode !== 'pull_request' || deps.settings.approval !== 'required') return undefined;
  const pushed = await context.step('what would be pushed', () => taskIdsToPush(deps, delivery, context));
  const asked = verified.filter(({ taskId }) => pushed.includes(taskId));
  if (asked.length > 0) await context.approval(questionOf(asked));
  return pushed;
}

/** The others stay on this machine: nobody has to be asked. */
async function taskIdsToPush(
  { attempts, hosting }: Deps,
  { root, tried, isAsked = false }: Delivery,
  { signal }: RunContext,
): Promise<string[]> {
  const taskIds: string[] = [];
  if ((await hosting.repositoryOf(root, signal)) === undefined) return taskIds;
  for (const { taskId } of tried) {
    const [attempt] = await attempts.listOf(taskId, 1);
    if (attempt !== undefined && (isAsked || levelOf(attempt) === 'pull_request')) taskIds.push(taskId);
  }
  return taskIds;
}

function questionOf(verified: readonly HealedTask[]): string {
  const lines = verified.map(
    ({ title = 'a fix', path, strength }) => `- ${title}, ${path}${strength ? ` (${strength})` : ''}`,
  );
  const what =
    verified.length === 1
      ? 'a verified fix and open a pull request for it'
      : 'verified fixes and open a pull request for each';
  return `Push ${what}?\n${lines.join('\n')}`;
}

interface Handing extends Delivery {
  readonly healed: HealedTask;
  readonly mayPush: boolean;
}

async function handOver(
  deps: Deps,
  { healed, root, mode, isAsked = false, mayPush }: Handing,
  context: RunContext,
): Promise<HealedTask> {
  const task = await deps.tasks.find(healed.taskId);
  const [attempt] = await deps.attempts.listOf(healed.taskId, 1);
  if (task?.commit === undefined || attempt === undefined) return healed;
  const { commit } = task;
  const branch = await branchOf(deps.pullRequests, task);
  const level = isAsked ? 'pull_request' : levelOf(attempt);
  if (level === 'report') return { ...healed, reason: REPORT_ONLY };
  const proposing = { root, task: { ...task, branch, commit }, attempt, mayPush };
  try {
    if (mode === 'pull_request' && level === 'pull_request') {
      return { ...healed, branch, ...(await propose(deps, proposing, context)) };
    }
    await putOnBranch(deps, proposing, context);
    return { ...healed, branch, ...(mode === 'pull_request' && { reason: BRANCH_ONLY }) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal' || context.signal.aborted) throw error;
    context.log('warn', `${branch} could not be handed over: ${error.message}`);
    return { ...healed, reason: `It could not be handed over: ${error.message}` };
  }
}

function levelOf({ fixability }: AgentAttempt): AutonomyLevel {
  return fixability?.level ?? 'report';
}

interface Proposing {
  readonly root: string;
  readonly task: AgentTask & { readonly branch: string; readonly commit: string };
  readonly attempt: AgentAttempt;
  readonly mayPush: boolean;
}

async function putOnBranch({ hosting, tasks }: Deps, { root, task }: Proposing, { signal }: RunContext): Promise<void> {
  const { taskId, branch, commit, reason } = task;
  await hosting.deliverBranch({ root, branch, commit, signal });
  await tasks.change(taskId, { from: ['verified'], to: 'verified', reason, branch });
}

async function propose(
  { hosting, tasks, pullRequests, settings }: Deps,
  { root, task, attempt, mayPush }: Proposing,
  { signal }: RunContext,
): Promise<Partial<HealedTask>> {
  const { branch, commit, taskId } = task;
  await requireRoom({ pullRequests, settings }, { root, taskId });
  const { title, body } = proposalTextOf(task, attempt);
  const { baseCommit, attemptId } = attempt;
  const proposal = await hosting.propose({ root, branch, commit, baseCommit, title, body, mayPush, signal });
  if (proposal.kind === 'local') return { proposal: proposal.folder, reason: proposal.howToApply };
  const { repository, number, url, isDraft, base, outcome, notes } = proposal;
  if (outcome === 'rejected') {
    const reason = `A person closed ${url}; it is not opened again.`;
    await tasks.reject(taskId, { reason, coolDownDays: settings.coolDownDays });
    return { reason, proposal: url };
  }
  // One that was merged before shows an attempt of which no more is known.
  const shown = outcome === 'merged' ? {} : { attemptId };
  await pullRequests.save({ repository, number, url, isDraft, title, head: branch, base, taskId, ...shown });
  const to = outcome === 'merged' ? 'merged' : 'proposed';
  await tasks.change(taskId, { from: ['verified', 'proposed'], to, reason: url, branch });
  return { proposal: url, ...(notes.length > 0 && { reason: notes.join(' ') }) };
}

/** One that the task has already takes no more room. */
async function requireRoom(
  { pullRequests, settings }: Pick<Deps, 'pullRequests' | 'settings'>,
  { root, taskId }: { readonly root: string; readonly taskId: string },
): Promise<void> {
  const most = settings.maxOpenPullRequests;
  const open = await pullRequests.countOpen(root);
  if (open < most || (await pullRequests.listOf(taskId)).some(({ state }) => state === 'open')) return;
  throw new AppError('limit_reached', `${open} pull requests of the agent are open, and ${most} may be.`, {
    hint: 'Have some merged or closed first, or raise `services.agent.maxOpenPullRequests`.',
  });
}
