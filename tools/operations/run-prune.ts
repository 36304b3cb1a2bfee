import { z } from 'zod';
import { defineTool } from '../../src/surface/index.ts';

export const runPrune = defineTool({
  name: 'run_prune',
  title: 'Delete old runs',
  description:
    'Deletes runs that ended some days ago, with their logs, their parts and what they stored, and returns how many; by default it only counts them. Runs that have not ended stay. Choose run_control to end a run.',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  input: z.object({
    olderThanDays: z
      .number()
      .min(0)
      .max(3650)
      .optional()
      .describe('Days since their end; the configured `runs.retentionDays` without it.'),
    dryRun: z.boolean().default(true).describe('true: count, delete nothing.'),
  }),
  output: z.object({
    runs: z.number().int().describe('Runs that were deleted, or would be.'),
    olderThanDays: z.number().describe('Days since their end; 0 with no runs: they are kept for ever.'),
    dryRun: z.boolean().describe('Whether they were only counted.'),
  }),
  summary: ({ runs, olderThanDays, dryRun }) =>
    `${runs} ${runs === 1 ? 'run' : 'runs'} that ended more than ${olderThanDays} days ago ${dryRun ? 'would be' : 'were'} deleted`,
  async run({ olderThanDays, dryRun }, { services, signal }) {
    const report = await services.runs.prune({ olderThanDays, isDryRun: dryRun, signal });
    return { runs: report.runs, olderThanDays: report.olderThanDays, dryRun };
  },
});
