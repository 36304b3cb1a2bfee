import { z } from 'zod';
import type { PullRequest, RepositoryFacts } from './pull-request-schema.ts';

/** What is read of GitHub's answers, and our words for it. All else in them is left alone. */

const account = z.object({ login: z.string() });

const repositoryName = z.object({ name: z.string(), owner: account });

export const repositoryAnswer = repositoryName
  .extend({
    html_url: z.string(),
    clone_url: z.string(),
    default_branch: z.string(),
    private: z.boolean(),
    archived: z.boolean(),
    fork: z.boolean(),
    permissions: z.object({ push: z.boolean() }).optional(),
    parent: repositoryName.optional(),
  })
  .transform(({ name, owner, parent, permissions, ...rest }): RepositoryFacts => ({
    owner: owner.login,
    name,
    url: rest.html_url,
    gitUrl: rest.clone_url,
    defaultBranch: rest.default_branch,
    isPrivate: rest.private,
    isArchived: rest.archived,
    isFork: rest.fork,
    ...(parent !== undefined && { parent: { owner: parent.owner.login, name: parent.name } }),
    canPush: permissions?.push ?? false,
  }));

const pullRequestShape = z.object({
  number: z.number().int(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().optional(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  created_at: z.string(),
  closed_at: z.string().nullish(),
  mergeable: z.boolean().nullish(),
  mergeable_state: z.string().nullish(),
  user: account.nullish(),
  labels: z.array(z.object({ name: z.string() })),
  head: z.object({ ref: z.string(), sha: z.string(), repo: repositoryName.nullish(), user: account.nullish() }),
  base: z.object({ ref: z.string() }),
});

/** The answer in our words, with what only decisions are made of. */
export interface SeenPullRequest {
  readonly pullRequest: PullRequest;
  readonly body: string;
  readonly mergeable: 'yes' | 'behind' | 'conflicts' | 'unknown';
}

export const pullRequestAnswer = pullRequestShape.transform((wire): SeenPullRequest => ({
  pullRequest: pullRequestOf(wire),
  body: wire.body ?? '',
  mergeable: mergeableOf(wire),
}));

export const pullRequestsAnswer = z.array(pullRequestAnswer);

function pullRequestOf(wire: z.infer<typeof pullRequestShape>): PullRequest {
  const owner = wire.head.repo?.owner.login ?? wire.head.user?.login;
  const isMerged = typeof wire.merged_at === 'string';
  return {
    number: wire.number,
    url: wire.html_url,
    title: wire.title,
    state: isMerged ? 'merged' : wire.state,
    isDraft: wire.draft ?? false,
    head: wire.head.ref,
    ...(owner !== undefined && { headOwner: owner }),
    headCommit: wire.head.sha,
    base: wire.base.ref,
    ...(typeof wire.user?.login === 'string' && { author: wire.user.login }),
    labels: wire.labels.map(({ name }) => name),
    createdAt: wire.created_at,
    ...(typeof wire.closed_at === 'string' && { closedAt: wire.closed_at }),
    // Of one that is open it is a merge that GitHub tried.
    ...(isMerged && typeof wire.merge_commit_sha === 'string' && { mergeCommit: wire.merge_commit_sha }),
  };
}

function mergeableOf({
  mergeable,
  mergeable_state: state,
}: z.infer<typeof pullRequestShape>): SeenPullRequest['mergeable'] {
  if (typeof mergeable !== 'boolean') return 'unknown';
  if (!mergeable) return 'conflicts';
  return state === 'behind' ? 'behind' : 'yes';
}

export const reviewsAnswer = z.array(
  z.object({ user: account.nullish(), state: z.string(), author_association: z.string() }),
);
export type SeenReview = z.infer<typeof reviewsAnswer>[number];

/** One thing that was checked, whether GitHub calls it a check run or a status. */
export interface SeenCheck {
  readonly name: string;
  readonly verdict: 'passing' | 'failing' | 'pending';
  readonly url?: string | undefined;
}

const PASSED = new Set(['success', 'neutral', 'skipped']);

export const checkRunsAnswer = z
  .object({
    check_runs: z.array(
      z.object({
        name: z.string(),
        status: z.string(),
        conclusion: z.string().nullish(),
        html_url: z.string().nullish(),
      }),
    ),
  })
  .transform(({ check_runs: runs }): readonly SeenCheck[] =>
    runs.map((run) => ({
      name: run.name,
      verdict: run.status === 'completed' ? (PASSED.has(run.conclusion ?? '') ? 'passing' : 'failing') : 'pending',
      url: run.html_url ?? undefined,
    })),
  );

export const statusesAnswer = z
  .object({
    statuses: z.array(z.object({ context: z.string(), state: z.string(), target_url: z.string().nullish() })),
  })
  .transform(({ statuses }): readonly SeenCheck[] =>
    statuses.map((status) => ({
      name: status.context,
      verdict: status.state === 'success' ? 'passing' : status.state === 'pending' ? 'pending' : 'failing',
      url: status.target_url ?? undefined,
    })),
  );

export const issueAnswer = z.object({
  number: z.number().int(),
  html_url: z.string(),
  state: z.string(),
  body: z.string().nullish(),
  /** There for pull requests, which GitHub lists as issues too. */
  pull_request: z.unknown().optional(),
});
export const issuesAnswer = z.array(issueAnswer);
export type SeenIssue = z.infer<typeof issueAnswer>;

export const commentsAnswer = z.array(z.object({ id: z.number(), body: z.string().nullish() }));
