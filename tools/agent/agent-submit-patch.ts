import { z } from 'zod';
import { agentSubmitInputSchema } from '../../src/agent/index.ts';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentSubmitPatch = defineTool({
  name: 'agent_submit_patch',
  title: 'Submit a patch for verification',
  description:
    "Takes search/replace blocks for a task of agent_next, refuses those that do not fit its base commit, and starts a run that verifies them in a private copy by the repository's own checks. The result of the run (run_get) has the verdict with its evidence. Nothing is written into the workspace; mode branch or pull_request hands a verified patch over.",
  effect: 'write',
  idempotent: false,
  openWorld: true,
  task: 'optional',
  view: 'ui://lightdom/run',
  outside: 'code of the workspace and output of programs',
  input: agentSubmitInputSchema,
  output: z.object({ run: runSchema.describe('The run that verifies.') }),
  summary: ({ run }) => renderRun(run),
  next: ({ run: { runId } }) => [{ tool: 'run_get', arguments: { runId } }],
  async run(input, { services, caller, signal }) {
    const client = caller.client?.name ?? 'unknown';
    return { run: await services.agent.submit(input, { owner: caller.principal, client, signal }) };
  },
});
