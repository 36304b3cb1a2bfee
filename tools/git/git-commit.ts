import { gitCommitAnswerSchema, gitCommitInputSchema, renderGitCommit } from '../../src/git/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const gitCommit = defineTool({
  name: 'git_commit',
  title: 'Commit changes',
  description:
    'Commits changes of the workspace on the branch that is checked out, and returns hash and files: all tracked files that differ, or those of `paths`. It is refused on protected branches (choose git_create_branch first), during a merge or rebase, and for what looks like a secret; then nothing is changed. Nothing is pushed: choose git_open_pr for that.',
  effect: 'write',
  idempotent: false,
  openWorld: false,
  outside: 'names in a git repository',
  input: gitCommitInputSchema,
  output: gitCommitAnswerSchema,
  summary: renderGitCommit,
  run: (input, { services, signal }) => services.git.commit(input, signal),
});
