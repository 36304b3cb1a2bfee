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
  /** Otherwise it is written to files, whatever is configured by now. */
  readonly mayPush: boolean;
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
  /** Whether the host would merge it; `behind` where it has to be brought up to date first. */
  readonly mergeable: 'yes' | 'behind' | 'conflicts' | 'unknown';
  /** What a reviewer said last, where one did. */
  readonly review: 'approved' | 'changes_requested' | 'none';
}

/** A fix that has a pull request. */
export type OpenFix = CommittedFix & Pick<AgentPullRequest, 'repository' | 'base'>;

export interface FixStanding {
  /** `contained`: its base has the same change by now. */
  readonly kind: 'merges' | 'contained' | 'conflicts';
  /** Paths in the repository where both have changed the same. */
  readonly conflicts: readonly string[];
  /** Full hash of the base branch now. */
  readonly base: string;
  /** Whether what is checked out has that commit: a fix that is made anew begins after it. */
  readonly isBaseHere: boolean;
}

export interface Closing {
  readonly reason: string;
  readonly signal: AbortSignal;
}

export interface FixHosting {
  /** `owner/name`; undefined where there is no token or no repository that it is for. */
  repositoryOf(root: string, signal: AbortSignal): Promise<string | undefined>;
  /** Puts the branch into the user's repository, and touches nothing else of it. Throws `conflict` for one with commits of others. */
  deliverBranch(place: CommittedFix): Promise<void>;
  /** Pushes the branch and opens a pull request, or writes one to files. Throws as the host says. */
  propose(fix: ProposedFix): Promise<Proposal>;
  see(pullRequest: Pick<AgentPullRequest, 'repository' | 'number'>, signal: AbortSignal): Promise<SeenProposal>;
  /** Compares a fix, as it was pushed, with what its base branch is now, and changes neither. */
  standing(fix: OpenFix): Promise<FixStanding>;
  /**
   * Puts the fix on top of what its base branch is now, and pushes it with a lease. Returns the new commit; undefined when the
   * two conflict, or there is nothing to do. It is not verified again: the checks of the pull request do that.
   */
  sync(fix: OpenFix): Promise<string | undefined>;
  /** Closes a pull request of ours, and says why in a comment. Its branch may have another one. */
  close(pullRequest: Pick<AgentPullRequest, 'repository' | 'number'>, closing: Closing): Promise<void>;
}
