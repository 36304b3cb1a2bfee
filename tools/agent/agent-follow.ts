import { z } from 'zod';
import { agentWorkspaceInputSchema } from '../../src/agent/index.ts';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentFollow = defineTool({
  name: 'agent_follow',
  title: 'Follow pull requests',
  description:
    'Starts a run that asks GitHub what became of the open pull requests of the agent, learns from what was merged or closed, brings those with conflicts up to date, and returns the run at once. Choose git_pr_status to see a single pull request.',
  effect: 'write',
  idempotent: true,
  openWorld: true,
  task: 'optional',
  view: 'ui://lightdom/run',
  outside: 'titles of pull requests',
  input: agentWorkspaceInputSchema,
  output: z.object({ run: runSchema.describe('The run that follows.') }),
  summary: ({ run }) => renderRun(run),
  next: ({ run: { runId } }) => [{ tool: 'run_get', arguments: { runId } }],
  async run({ workspace }, { services, caller }) {
    return { run: await services.agent.startFollow(workspace, caller.principal) };
  },
});
