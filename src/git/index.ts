/**
 * Git repositories, through the git program. Owns how it is called. Invariants: the repository of a person is read and
 * not written, not even its index, but for a branch `agent/…` that is delivered on demand; nothing that a repository
 * configures to be run is run but its clean filters; revisions are checked before use; output and time are bounded.
 */
export { requireOwnBranch } from './deliver-branch.ts';
export type { DeliverRequest } from './deliver-branch.ts';
export { GitReader } from './git-reader.ts';
export type { GitDiff, GitDiffRequest, GitHistoryRequest } from './git-reader.ts';
export type { ChangedFile, ChangedLines, ChangeStatus } from './diff-reader.ts';
export type { GitHistory, HistoryCommit } from './history-reader.ts';
export type { CommitRequest, GitPerson, OwnWorktree, WorktreeDiff } from './own-worktree.ts';
export { PrivateRepository } from './private-repository.ts';
export type { MergeForecast, RebaseOutcome, RebaseRequest, WorktreeRequest } from './private-repository.ts';
export type { SourcePlace } from './source-repository.ts';
