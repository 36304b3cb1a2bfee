import { gitPrStatusAnswerSchema, gitPrStatusInputSchema, renderGitPrStatus } from '../../src/git/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const gitPrStatus = defineTool({
  name: 'git_pr_status',
  title: 'State of a pull request',
  description:
    'Returns how a pull request stands, by number or branch: open, closed or merged, whether it can be merged, its checks and the last word of its reviewers. Choose it after git_open_pr; choose git_status for what is not published.',
  effect: 'read',
  idempotent: true,
  openWorld: true,
  outside: 'answers of a git host',
  input: gitPrStatusInputSchema,
  output: gitPrStatusAnswerSchema,
  summary: renderGitPrStatus,
  run: (input, { services, signal }) => services.git.pullRequestStatus(input, signal),
});
