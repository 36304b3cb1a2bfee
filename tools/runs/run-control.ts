import { z } from 'zod';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const runControl = defineTool({
  name: 'run_control',
  title: 'Control a run',
  description:
    'Changes the state of a run and returns it. Choose cancel to end work that is pending or running; what it had published before stays.',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  input: z.object({
    runId: z.string().min(1).max(64).describe('Handle of the run.'),
    action: z.enum(['cancel']).describe('What to do with it.'),
    reason: z.string().max(500).optional().describe('Why; kept with the run.'),
  }),
  output: z.object({ run: runSchema.describe('The run afterwards.') }),
  summary: ({ run }) => renderRun(run),
  async run({ runId, action, reason }, { services }) {
    switch (action) {
      case 'cancel':
        return { run: await services.runs.cancel(runId, reason) };
    }
  },
});
