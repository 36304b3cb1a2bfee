import type { RestOperation } from './rest-operation.ts';

const GIT = 'Git';

/** The repository of a workspace, as calls of its tools. */
export const GIT_OPERATIONS: readonly RestOperation[] = [
  {
    operationId: 'getGitStatus',
    method: 'GET',
    path: '/api/git/status',
    tag: GIT,
    summary: 'Get the state of the repository',
    description: 'A call of the tool `git_status`.',
    answer: { kind: 'tool', tool: 'git_status' },
  },
  {
    operationId: 'getGitDiff',
    method: 'GET',
    path: '/api/git/diff',
    tag: GIT,
    summary: 'Get changed files and lines',
    description: 'A call of the tool `git_diff`.',
    answer: { kind: 'tool', tool: 'git_diff' },
  },
  {
    operationId: 'createGitBranch',
    method: 'POST',
    path: '/api/git/branch',
    tag: GIT,
    summary: 'Create a branch',
    description: 'A call of the tool `git_create_branch`.',
    answer: { kind: 'tool', tool: 'git_create_branch' },
  },
  {
    operationId: 'createGitCommit',
    method: 'POST',
    path: '/api/git/commit',
    tag: GIT,
    summary: 'Commit changes',
    description: 'A call of the tool `git_commit`.',
    answer: { kind: 'tool', tool: 'git_commit' },
  },
  {
    operationId: 'getPullRequest',
    method: 'GET',
    path: '/api/git/pr',
    tag: GIT,
    summary: 'Get the state of a pull request',
    description: 'A call of the tool `git_pr_status`.',
    answer: { kind: 'tool', tool: 'git_pr_status' },
  },
  {
    operationId: 'openPullRequest',
    method: 'POST',
    path: '/api/git/pr',
    tag: GIT,
    summary: 'Open a pull request',
    description: 'A call of the tool `git_open_pr`. It answers with a `plan` first: send its planId.',
    answer: { kind: 'tool', tool: 'git_open_pr' },
  },
];
