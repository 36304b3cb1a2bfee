import { z } from 'zod';

/** Where branches become pull requests. Another part of the system knows how; this is what is asked and answered. */

export interface PullRequestProposal {
  /** Root of the working tree. */
  readonly root: string;
  /** Local branch that is pushed. */
  readonly branch: string;
  /** Full hash of it: what was agreed to be published, wherever the branch is by then. */
  readonly commit: string;
  /** Branch that it is to be merged into; the default one without it. */
  readonly base?: string | undefined;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export type ProposedPullRequest =
  | {
      readonly kind: 'remote';
      readonly url: string;
      readonly number: number;
      readonly state: PullRequestState;
      /** False where one of that branch was open already. */
      readonly isNew: boolean;
      readonly notes?: readonly string[] | undefined;
    }
  /** Nothing was published: text and patch lie in a folder. */
  | { readonly kind: 'local'; readonly folder: string; readonly notes?: readonly string[] | undefined };

export interface PullRequestQuestion {
  readonly root: string;
  /** Number of a pull request, or a branch whose newest one is meant. */
  readonly numberOrBranch: number | string;
  readonly signal?: AbortSignal | undefined;
}

export interface PullRequestHost {
  /** Pushes the branch and opens a pull request, or finds the open one. */
  open(proposal: PullRequestProposal): Promise<ProposedPullRequest>;
  /** Throws `not_found` where there is none. */
  status(question: PullRequestQuestion): Promise<SeenPullRequestState>;
}

export const PULL_REQUEST_STATE_NAMES = ['open', 'closed', 'merged'] as const;
export type PullRequestState = (typeof PULL_REQUEST_STATE_NAMES)[number];

export const seenPullRequestSchema = z.object({
  number: z.number().int().describe('Number in its repository.'),
  url: z.string().describe('Page of it.'),
  title: z.string().describe('Title.'),
  state: z.enum(PULL_REQUEST_STATE_NAMES).describe('`closed` is without a merge.'),
  isDraft: z.boolean().describe('Whether it is a draft.'),
  head: z.string().describe('Branch that is to be merged.'),
  base: z.string().describe('Branch that it is to be merged into.'),
  mergeable: z
    .enum(['yes', 'behind', 'conflicts', 'unknown'])
    .describe('Whether it can be merged as it is; `behind` when it has to be brought up to date first.'),
  review: z.enum(['approved', 'changes_requested', 'none']).describe('Last word of its reviewers.'),
  checks: z.enum(['passing', 'failing', 'pending', 'none']).describe('Of its last commit.'),
  failures: z.array(z.string()).describe('Names of checks that failed; the first 20.'),
  notes: z.array(z.string()).describe('What could not be seen.'),
});
export type SeenPullRequestState = z.infer<typeof seenPullRequestSchema>;
