import { z } from 'zod';
import { confirm, defineTool, planField, planIdField, renderPlan } from '../../src/surface/index.ts';

export const runPrune = defineTool({
  name: 'run_prune',
  title: 'Delete old runs',
  description:
    'Deletes runs that ended some days ago, with their logs, their parts and what they stored, and returns how many; by default it only counts them. It deletes once the user has agreed: a form asks them, or the answer is a plan to be given back. Runs that have not ended stay. Choose run_control to end a run.',
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
    planId: planIdField,
  }),
  output: z.object({
    runs: z.number().int().describe('Runs that were deleted, or would be.'),
    olderThanDays: z.number().describe('Days since their end; 0 with no runs: they are kept for ever.'),
    dryRun: z.boolean().describe('Whether they were only counted.'),
    plan: planField,
  }),
  summary({ runs, olderThanDays, dryRun, plan }) {
    if (plan !== undefined) return renderPlan('run_prune', plan);
    return `${endedRuns(runs, olderThanDays)} ${dryRun ? 'would be' : 'were'} deleted`;
  },
  async run({ olderThanDays: wanted, dryRun, planId }, context) {
    const { signal } = context;
    const prune = context.services.runs.prune.bind(context.services.runs);
    const { runs, olderThanDays } = await prune({ olderThanDays: wanted, isDryRun: true });
    if (dryRun || runs === 0) return { runs, olderThanDays, dryRun };
    const action = `Delete ${endedRuns(runs, olderThanDays)}, with their logs and what they stored`;
    const plan = await confirm(context, { action, planId });
    if (plan !== undefined) return { runs, olderThanDays, dryRun, plan };
    return { runs: (await prune({ olderThanDays, signal })).runs, olderThanDays, dryRun };
  },
});

function endedRuns(runs: number, days: number): string {
  return `${runs} ${runs === 1 ? 'run' : 'runs'} that ended more than ${days} days ago`;
}
