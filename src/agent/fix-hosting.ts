import type { AgentPullRequest, PullRequestState } from './agent-schema.ts';

/** Where fixes go: the user's repository, and what hosts it. */

export interface CommittedFix {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly branch: string;
  /** Full hash; it is in the private repository of the workspace. */
  readonly commit: string;
  readonly signal: AbortSignal;
}

export interface ProposedFix extends CommittedFix {
  readonly baseCommit: string;
  readonly title: string;
  readonly body: string;
}

/** What became of a pull request that was asked for. */
export type Proposal =
  | {
      readonly kind: 'remote';
      /** `rejected`: a person closed one of this branch before; it stays closed. */
      readonly outcome: 'opened' | 'existing' | 'merged' | 'rejected';
      readonly repository: string;
      readonly number: number;
      readonly url: string;
      readonly isDraft: boolean;
      readonly base: string;
      readonly notes: readonly string[];
    }
  /** Without a token: files, and what to type to use them. */
  | { readonly kind: 'local'; readonly folder: string; readonly howToApply: string };

export interface SeenProposal {
  readonly state: PullRequestState;
  readonly isDraft: boolean;
  readonly checks: AgentPullRequest['checks'];
  /** The branch it goes to has changed what it changes. */
  readonly hasConflicts: boolean;
  /** What a reviewer said last, where one did. */
  readonly review: 'approved' | 'changes_requested' | 'none';
}

export interface FixHosting {
  /** `owner/name`; undefined where there is no token or no repository that it is for. */
  repositoryOf(root: string, signal: AbortSignal): Promise<string | undefined>;
  /** Puts the branch into the user's repository, and touches nothing else of it. Throws `conflict` for one with commits of others. */
  deliverBranch(place: CommittedFix): Promise<void>;
  /** Pushes the branch and opens a pull request, or writes one to files. Throws as the host says. */
  propose(fix: ProposedFix): Promise<Proposal>;
  see(pullRequest: Pick<AgentPullRequest, 'repository' | 'number'>, signal: AbortSignal): Promise<SeenProposal>;
  /**
   * Puts the fix on top of what its base branch is now, and pushes it with a lease. Returns the new commit; undefined when the
   * two conflict, or there is nothing to do. It is not verified again: the checks of the pull request do that.
   */
  sync(asked: CommittedFix & Pick<AgentPullRequest, 'repository' | 'base'>): Promise<string | undefined>;
}
