import { gitStatusAnswerSchema, gitStatusInputSchema, renderGitStatus } from '../../src/git/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const gitStatus = defineTool({
  name: 'git_status',
  title: 'State of the repository',
  description:
    "Returns how the workspace's repository stands: branch, HEAD, upstream with commits ahead and behind, staged, unstaged, untracked and conflicted files, a merge or rebase in progress, remotes without credentials. Choose it before git_commit; choose git_diff for what was changed in the files.",
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'names in a git repository',
  input: gitStatusInputSchema,
  output: gitStatusAnswerSchema,
  summary: renderGitStatus,
  run: (input, { services, signal }) => services.git.status(input, signal),
});
