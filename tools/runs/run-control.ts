import { z } from 'zod';
import { renderRun, RUN_ACTIONS, runSchema } from '../../src/runs/index.ts';
import { accessOf, defineTool } from '../../src/surface/index.ts';

export const runControl = defineTool({
  name: 'run_control',
  title: 'Control a run',
  description:
    'Changes the state of a run and of its parts, and returns it. pause and resume keep what was done; cancel ends it for good; retry goes on from the step that failed; approve or reject answers a run that waits for approval; prioritize moves one that waits. What does not apply is refused.',
  effect: 'destroy',
  idempotent: false,
  openWorld: false,
  scope: 'lightdom:run',
  input: z.object({
    runId: z.string().min(1).max(64).describe('Handle of the run.'),
    action: z.enum(RUN_ACTIONS).describe('What to do with it.'),
    reason: z.string().max(500).optional().describe('Why; kept with the run.'),
    priority: z.number().int().min(1).max(10).optional().describe('For prioritize; 10 goes first.'),
  }),
  output: z.object({ run: runSchema.describe('The run afterwards.') }),
  summary: ({ run }) => renderRun(run),
  async run({ runId, ...input }, { services, caller }) {
    return { run: await services.runs.control(runId, input, accessOf(caller)) };
  },
});
