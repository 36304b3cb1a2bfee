/**
 * Git repositories, through the git program. Owns how it is called. Invariants: reading writes nothing, not even the index;
 * what is written is what somebody asked for in their own checkout, the whole of it or nothing, and a branch `agent/…` that is
 * delivered on demand; no hook runs unless that was asked for, and nothing else that a repository configures but its filters;
 * names and revisions are checked before use; credentials are in the environment of one git alone; output and time are bounded.
 */
export { requireOwnBranch } from './deliver-branch.ts';
export type { DeliverRequest } from './deliver-branch.ts';
export { GitReader } from './git-reader.ts';
export type { GitDiff, GitDiffRequest, GitHistoryRequest } from './git-reader.ts';
export type { ChangedFile, ChangedLines, ChangeStatus } from './diff-reader.ts';
export type { GitHistory, HistoryCommit } from './history-reader.ts';
export type { GitPerson, OwnWorktree, TreeCommit, WorktreeDiff } from './own-worktree.ts';
export { PrivateRepository } from './private-repository.ts';
export type { MergeStanding, RebaseOutcome, RebaseRequest, WorktreeRequest } from './private-repository.ts';
export type { SourcePlace } from './source-repository.ts';
export { agentBranch, BRANCH_PURPOSES, purposeBranch, slugOf } from './branch-name.ts';
export type { BranchPurpose } from './branch-name.ts';
export { PROTECTED_BRANCHES } from './branch-protection.ts';
export { commitText, commitTypeOfCategory, commitTypeOfPurpose } from './commit-text.ts';
export type { CommitText, CommitType } from './commit-text.ts';
export type { DiffSummary, DiffSummaryRequest } from './diff-summary.ts';
export {
  gitCommitAnswerSchema,
  gitCommitInputSchema,
  gitCreateBranchAnswerSchema,
  gitCreateBranchInputSchema,
  gitDiffAnswerSchema,
  gitDiffInputSchema,
  gitOpenPrAnswerSchema,
  gitOpenPrInputSchema,
  gitPrStatusAnswerSchema,
  gitPrStatusInputSchema,
  gitStatusAnswerSchema,
  gitStatusInputSchema,
} from './git-schema.ts';
export type { GitService, PlannedPullRequest } from './git-service.ts';
export type { GitStateReader } from './git-state-reader.ts';
export {
  renderGitBranch,
  renderGitCommit,
  renderGitDiff,
  renderGitOpenPr,
  renderGitPrStatus,
  renderGitStatus,
} from './git-text.ts';
export type { FetchRequest, GitTransfer, PushedBranch, PushRequest } from './git-transfer.ts';
export type { CommitRequest, CreateBranchRequest, CreatedBranch, GitWriter, MadeCommit } from './git-writer.ts';
export type { MergeConflict, MergeForecast, MergeForecastRequest } from './merge-forecast.ts';
export type {
  ProposedPullRequest,
  PullRequestHost,
  PullRequestProposal,
  PullRequestQuestion,
  SeenPullRequestState,
} from './pull-request-host.ts';
export type { RepositoryState } from './state-schema.ts';
