import { z } from 'zod';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const runDrill = defineTool({
  name: 'run_drill',
  title: 'Drill the workers',
  description:
    'Starts a drill and returns its run at once; follow it with run_get. All workers together compute and store many small rows exactly once; then they are counted and compared. Choose it to see that database, workers and recovery do what they should, and how fast.',
  effect: 'write',
  idempotent: false,
  openWorld: false,
  task: 'optional',
  view: 'ui://lightdom/run',
  input: z.object({
    operations: z.number().int().min(1).max(100_000_000).describe('Rows to compute and store.'),
    chunks: z.number().int().min(1).max(1000).default(16).describe('Parts that are shared out to the workers.'),
    seed: z.number().int().min(0).max(0xffff_ffff).default(1).describe('The same seed gives the same rows.'),
    keep: z.boolean().default(false).describe('true: the rows stay until the run is deleted.'),
  }),
  output: z.object({ run: runSchema.describe('The run that drills.') }),
  summary: ({ run }) => renderRun(run),
  next: ({ run: { runId } }) => [{ tool: 'run_get', arguments: { runId } }],
  run: async (input, { services, caller }) => ({
    run: await services.runs.start('drill', input, { owner: caller.principal }),
  }),
});
