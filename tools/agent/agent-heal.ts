import { z } from 'zod';
import { agentHealInputSchema } from '../../src/agent/index.ts';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentHeal = defineTool({
  name: 'agent_heal',
  title: 'Heal a repository',
  description:
    "Starts a run that collects findings, mends what it can in private copies of the repository, verifies each fix by the repository's own checks, and returns the run at once. dry_run only shows; branch commits each fix to a branch agent/…; pull_request asks a person before it pushes. Follow it with run_get; then choose agent_task for the evidence. Choose agent_next to mend with your own model instead.",
  effect: 'write',
  idempotent: false,
  openWorld: true,
  task: 'optional',
  view: 'ui://lightdom/run',
  outside: 'findings in code and output of programs',
  input: agentHealInputSchema,
  output: z.object({ run: runSchema.describe('The run that heals.') }),
  summary: ({ run }) => renderRun(run),
  next: ({ run: { runId } }) => [{ tool: 'run_get', arguments: { runId } }],
  async run(input, { services, caller }) {
    return { run: await services.agent.startHeal(input, caller.principal) };
  },
});
