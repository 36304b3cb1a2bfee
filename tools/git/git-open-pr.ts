import { gitOpenPrAnswerSchema, gitOpenPrInputSchema, renderGitOpenPr } from '../../src/git/index.ts';
import { confirm, defineTool, planField, planIdField, renderPlan } from '../../src/surface/index.ts';

export const gitOpenPr = defineTool({
  name: 'git_open_pr',
  title: 'Open a pull request',
  description:
    'Pushes a branch and opens a pull request, or finds the one that is open, and returns its number and URL, once the user has agreed: a form asks them, or the answer is a plan to be given back. Protected branches are refused. Commit first, with git_commit; choose git_pr_status to see how it goes on.',
  effect: 'write',
  idempotent: true,
  openWorld: true,
  outside: 'answers of a git host',
  input: gitOpenPrInputSchema.extend({ planId: planIdField }),
  output: gitOpenPrAnswerSchema.extend({ plan: planField }),
  summary: ({ plan, ...answer }) => (plan === undefined ? renderGitOpenPr(answer) : renderPlan('git_open_pr', plan)),
  async run({ planId, ...input }, context) {
    const { signal, services } = context;
    const planned = await services.git.planPullRequest(input, signal);
    const plan = await confirm(context, { action: planned.action, planId });
    if (plan === undefined) return services.git.openPullRequest(planned, signal);
    const { workspace, proposal, notes } = planned;
    return { workspace, branch: proposal.branch, kind: 'planned' as const, notes: [...notes], plan };
  },
});
