import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { RunContext, RunKind } from '../runs/index.ts';
import type { AgentPullRequest } from './agent-schema.ts';
import type { SeenProposal } from './fix-hosting.ts';
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
  readonly did: 'nothing' | 'learned_merged' | 'learned_rejected' | 'brought_up_to_date' | 'has_conflicts' | 'failed';
  readonly reason?: string;
}

/** More are not the agent's way; the others come the next time. */
const MAX_FOLLOWED = 50;

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
    const did = await actOn(deps, { root, pullRequest, seen }, context);
    return { url, state: seen.state, checks: seen.checks, did };
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

async function actOn(deps: Deps, { root, pullRequest, seen }: Acting, context: RunContext): Promise<Followed['did']> {
  const { tasks, outcomes, hosting, settings } = deps;
  const { taskId, attemptId, url, head: branch, repository, base } = pullRequest;
  if (seen.state === 'merged') {
    if (attemptId !== undefined) await outcomes.decide(attemptId, true);
    await tasks.change(taskId, { from: ['proposed', 'verified'], to: 'merged', reason: `${url} was merged` });
    return 'learned_merged';
  }
  if (seen.state === 'closed') {
    if (attemptId !== undefined) await outcomes.decide(attemptId, false);
    await tasks.reject(taskId, { reason: `${url} was closed`, coolDownDays: settings.coolDownDays });
    return 'learned_rejected';
  }
  if (!seen.hasConflicts) return 'nothing';
  const task = await tasks.find(taskId);
  if (task?.commit === undefined) return 'has_conflicts';
  const place = { root, branch, commit: task.commit, signal: context.signal };
  const commit = await hosting.sync({ ...place, repository, base });
  if (commit === undefined) return 'has_conflicts';
  await tasks.change(taskId, { from: ['proposed'], to: 'proposed', reason: url, commit });
  return 'brought_up_to_date';
}
