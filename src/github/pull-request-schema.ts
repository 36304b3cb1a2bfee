import { z } from 'zod';

/** What is said of repositories, pull requests and issues; every surface shows these. */

/** A repository by the two names in its address. */
export const repositoryNameSchema = z.object({
  owner: z
    .string()
    .max(100)
    .regex(/^[\w.-]+$/)
    .describe('Account or organization.'),
  name: z
    .string()
    .max(100)
    .regex(/^(?!\.{1,2}$)[\w.-]+$/)
    .describe('Name of the repository.'),
});
export type RepositoryName = z.infer<typeof repositoryNameSchema>;

export const PULL_REQUEST_STATES = ['open', 'closed', 'merged'] as const;

export const pullRequestSchema = z.object({
  number: z.number().int().describe('Number in its repository.'),
  url: z.string().describe('Page of it.'),
  title: z.string().describe('Its title.'),
  state: z.enum(PULL_REQUEST_STATES).describe('`closed` is without a merge.'),
  isDraft: z.boolean().describe('Whether it is a draft.'),
  head: z.string().describe('Branch that is to be merged.'),
  headOwner: z.string().optional().describe('Who owns that branch; absent when its repository is gone.'),
  headCommit: z.string().describe('Last commit of it that GitHub knows.'),
  base: z.string().describe('Branch that it is to be merged into.'),
  author: z.string().optional().describe('Account that opened it.'),
  labels: z.array(z.string()).describe('Its labels.'),
  createdAt: z.string().describe('When it was opened.'),
  closedAt: z.string().optional().describe('When it was closed or merged.'),
  mergeCommit: z.string().optional().describe('Commit that it was merged as.'),
});
export type PullRequest = z.infer<typeof pullRequestSchema>;

export const CHECK_STATES = ['passing', 'failing', 'pending', 'none'] as const;

export const checkSummarySchema = z.object({
  state: z
    .enum(CHECK_STATES)
    .describe('Check runs and commit statuses together: one that fails is `failing`, else one that runs is `pending`.'),
  passing: z.number().int().describe('How many passed or were skipped.'),
  failing: z.number().int().describe('How many failed.'),
  pending: z.number().int().describe('How many have not ended.'),
  failures: z
    .array(z.object({ name: z.string(), url: z.string().optional() }))
    .describe('Those that failed, the first 20.'),
});
export type CheckSummary = z.infer<typeof checkSummarySchema>;

export const pullRequestStatusSchema = pullRequestSchema.extend({
  mergeable: z
    .enum(['yes', 'behind', 'conflicts', 'unknown'])
    .describe(
      '`behind` where its base wants it up to date first; `unknown` while GitHub works it out, and when closed.',
    ),
  review: z
    .enum(['approved', 'changes_requested', 'none'])
    .describe('Last word of those reviewers who belong to the repository.'),
  checks: checkSummarySchema.describe('What checks of its last commit say.'),
  notes: z.array(z.string()).describe('What could not be seen, and why.'),
});
export type PullRequestStatus = z.infer<typeof pullRequestStatusSchema>;

export const PULL_REQUEST_OUTCOMES = ['opened', 'existing', 'merged', 'rejected'] as const;

export const openedPullRequestSchema = z.object({
  outcome: z
    .enum(PULL_REQUEST_OUTCOMES)
    .describe('`existing`: one of the branch was open already. `rejected`: a person closed it, and it stays closed.'),
  pullRequest: pullRequestSchema.describe('The pull request of the branch.'),
  notes: z.array(z.string()).describe('What was done otherwise than asked, and why.'),
});
export type OpenedPullRequest = z.infer<typeof openedPullRequestSchema>;

export const createdIssueSchema = z.object({
  outcome: z
    .enum(['created', 'existing', 'rejected'])
    .describe('`existing`: it was open already. `rejected`: it was closed, and stays closed.'),
  number: z.number().int().describe('Number in its repository.'),
  url: z.string().describe('Page of it.'),
  notes: z.array(z.string()).describe('What was done otherwise than asked, and why.'),
});
export type CreatedIssue = z.infer<typeof createdIssueSchema>;

export const repositoryFactsSchema = repositoryNameSchema.extend({
  url: z.string().describe('Page of the repository.'),
  gitUrl: z.string().describe('Where git fetches from and pushes to, over HTTPS.'),
  defaultBranch: z.string().describe('Branch that a clone begins with.'),
  isPrivate: z.boolean().describe('Whether only chosen people see it.'),
  isArchived: z.boolean().describe('Whether it is read-only for everybody.'),
  isFork: z.boolean().describe('Whether it is a fork of another one.'),
  parent: repositoryNameSchema.optional().describe('What it is a fork of.'),
  canPush: z.boolean().describe('Whether the token may push to it.'),
});
export type RepositoryFacts = z.infer<typeof repositoryFactsSchema>;

/** Where a branch is pushed to, for a pull request against a repository. */
export interface PushTarget extends RepositoryName {
  readonly gitUrl: string;
  readonly isFork: boolean;
}
