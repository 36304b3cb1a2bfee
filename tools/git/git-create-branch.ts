import { gitCreateBranchAnswerSchema, gitCreateBranchInputSchema, renderGitBranch } from '../../src/git/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const gitCreateBranch = defineTool({
  name: 'git_create_branch',
  title: 'Create a branch',
  description:
    "Creates a branch in the workspace's repository, checks it out unless told otherwise, and returns it; uncommitted changes come along. Its name is given, or made of purpose and title: agent/bugfix/title-1a2b3c4d. Protected names are refused, and so is everything during a merge or rebase. Then choose git_commit.",
  effect: 'write',
  idempotent: false,
  openWorld: false,
  outside: 'names in a git repository',
  input: gitCreateBranchInputSchema,
  output: gitCreateBranchAnswerSchema,
  summary: renderGitBranch,
  run: (input, { services, signal }) => services.git.createBranch(input, signal),
});
