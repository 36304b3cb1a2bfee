import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { RunContext, RunKind } from '../runs/index.ts';
import type { AgentPullRequest, AgentTask } from './agent-schema.ts';
import type { OpenFix, SeenProposal } from './fix-hosting.ts';
import type { HealKit } from './heal-kit.ts';

export const FOLLOW_RUN_KIND = 'agent_follow';

/** The root is absolute and real. */
const followRunInputSchema = z.object({ root: z.string() });
type FollowRunInput = z.output<typeof followRunInputSchema>;

type Deps = Pick<HealKit, 'tasks' | 'outcomes' | 'pullRequests' | 'hosting' | 'settings'>;

/** What was seen of one pull request, and what was done about it. */
interface Followed {
  readonly url: string;
  readonly state: AgentPullRequest['state'];
  readonly checks: AgentPullRequest['checks'];
  /** `to_be_made_anew`: it has conflicts, and the next run that heals makes the fix from the commit that is checked out. */
  readonly did:
    | 'nothing'
    | 'learned_merged'
    | 'learned_rejected'
    | 'brought_up_to_date'
    | 'has_conflicts'
    | 'to_be_made_anew'
    | 'closed'
    | 'failed';
  readonly reason?: string;
}

/** More are not the agent's way; the others come the next time. */
const MAX_FOLLOWED = 50;
const STALE: ReadonlySet<SeenProposal['mergeable']> = new Set(['behind', 'conflicts']);
const SHOWN_DIGITS = 10;
const MAX_SHOWN_PATHS = 5;

/** Looks after open pull requests as a run: what became of each, and what is learned from it. */
export function followRunKind(deps: Deps): RunKind<FollowRunInput> {
  return {
    kind: FOLLOW_RUN_KIND,
    // Bringing a branch up to date needs the private repository of this machine.
    queue: 'local',
    input: followRunInputSchema,
    title: ({ root }) => `Follow pull requests of ${root}`,
    execute: async ({ root }, context) => {
      const open = await deps.pullRequests.listOpen(root, MAX_FOLLOWED);
      const followed: Followed[] = [];
      for (const [at, pullRequest] of open.entries()) {
        context.signal.throwIfAborted();
        context.progress({ done: at, total: open.length, unit: 'pull requests', message: pullRequest.url });
        followed.push(await follow(deps, { root, pullRequest }, context));
      }
      context.progress({ done: open.length, total: open.length, unit: 'pull requests', message: 'followed' });
      return { followed };
    },
  };
}

async function follow(
  deps: Deps,
  { root, pullRequest }: { readonly root: string; readonly pullRequest: AgentPullRequest },
  context: RunContext,
): Promise<Followed> {
  const { url, repository, number } = pullRequest;
  try {
    const seen = await deps.hosting.see({ repository, number }, context.signal);
    await deps.pullRequests.see({ repository, number, ...seen });
    const done = await actOn(deps, { root, pullRequest, seen }, context);
    return { url, state: done.did === 'closed' ? 'closed' : seen.state, checks: seen.checks, ...done };
  } catch (error) {
    // One that can't be seen now is looked at the next time.
    if (!(error instanceof AppError) || error.code === 'internal' || context.signal.aborted) throw error;
    const { state, checks } = pullRequest;
    context.log('warn', `${url}: ${error.message}`);
    return { url, state, checks, did: 'failed', reason: error.message };
  }
}

interface Acting {
  readonly root: string;
  readonly pullRequest: AgentPullRequest;
  readonly seen: SeenProposal;
}

type Done = Pick<Followed, 'did' | 'reason'>;

async function actOn(deps: Deps, acting: Acting, { signal }: RunContext): Promise<Done> {
  const { tasks, outcomes, settings } = deps;
  const { root, pullRequest, seen } = acting;
  const { taskId, attemptId, url, head: branch, repository, base } = pullRequest;
  if (seen.state === 'merged') {
    if (attemptId !== undefined) await outcomes.decide(attemptId, true);
    await tasks.change(taskId, { from: ['proposed', 'verified'], to: 'merged', reason: `${url} was merged` });
    return { did: 'learned_merged' };
  }
  if (seen.state === 'closed') {
    if (attemptId !== undefined) await outcomes.decide(attemptId, false);
    await tasks.reject(taskId, { reason: `${url} was closed`, coolDownDays: settings.coolDownDays });
    return { did: 'learned_rejected' };
  }
  const task = await tasks.find(taskId);
  if (task?.commit === undefined) return { did: 'nothing' };
  return keepUp(deps, acting, { task, fix: { root, branch, commit: task.commit, repository, base, signal } });
}

interface Keeping {
  readonly task: AgentTask;
  readonly fix: OpenFix;
}

/** An open one follows its base: it is closed when it is needed no longer, and made anew where both have changed the same. */
async function keepUp(deps: Deps, acting: Acting, { task, fix }: Keeping): Promise<Done> {
  const { hosting, tasks } = deps;
  const { pullRequest, seen } = acting;
  const { kind, conflicts, base, isBaseHere } = await hosting.standing(fix);
  const at = `${fix.base} at ${base.slice(0, SHOWN_DIGITS)}`;
  if (kind === 'contained') {
    return closeNeedless(deps, acting, { task, fix, reason: `${at} has the same change already.` });
  }
  if (kind === 'conflicts') {
    const reason = `It conflicts with ${at} in ${conflicts.slice(0, MAX_SHOWN_PATHS).join(', ')}.`;
    if (!isBaseHere) return { did: 'has_conflicts', reason: `${reason} With that commit here it is made anew.` };
    if (task.state === 'gone') return closeNeedless(deps, acting, { task, fix, reason: `${at} mends it otherwise.` });
    await tasks.change(task.taskId, { from: ['proposed'], to: 'open', reason: `${pullRequest.url}: ${reason}` });
    return { did: 'to_be_made_anew', reason };
  }
  if (task.state !== 'proposed' || !STALE.has(seen.mergeable)) return { did: 'nothing' };
  const commit = await hosting.sync(fix);
  if (commit === undefined) return { did: seen.mergeable === 'conflicts' ? 'has_conflicts' : 'nothing' };
  await tasks.change(task.taskId, { from: ['proposed'], to: 'proposed', reason: pullRequest.url, commit });
  return { did: 'brought_up_to_date' };
}

/** Nobody has refused it: nothing is learned of the fix. */
async function closeNeedless(
  { hosting, pullRequests, tasks }: Deps,
  { pullRequest, seen }: Acting,
  { task, fix, reason }: Keeping & { readonly reason: string },
): Promise<Done> {
  const { repository, number, url } = pullRequest;
  await hosting.close(pullRequest, { reason: `Closed by the agent that opened it: ${reason}`, signal: fix.signal });
  await pullRequests.see({ repository, number, ...seen, state: 'closed' });
  await tasks.change(task.taskId, { from: ['proposed'], to: 'gone', reason: `${url} was closed: ${reason}` });
  return { did: 'closed', reason };
}
