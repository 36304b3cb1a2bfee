/**
 * Git repositories, read through the git program. Owns how it is called. Invariants: nothing is written, not even the
 * index; nothing that a repository configures to be run is run but its clean filters; revisions are checked before use;
 * output and time are bounded.
 */
export { GitReader } from './git-reader.ts';
export type { GitDiff, GitDiffRequest, GitHistoryRequest } from './git-reader.ts';
export type { ChangedFile, ChangedLines, ChangeStatus } from './diff-reader.ts';
export type { GitHistory, HistoryCommit } from './history-reader.ts';
