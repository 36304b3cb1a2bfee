import { z } from 'zod';
import { consentFor, renderRun, RUN_ACTIONS, runSchema } from '../../src/runs/index.ts';
import { accessOf, confirm, defineTool, planField, planIdField, renderPlan } from '../../src/surface/index.ts';

export const runControl = defineTool({
  name: 'run_control',
  title: 'Control a run',
  description:
    'Changes the state of a run and of its parts, and returns it. pause and resume keep what was done; cancel ends it for good; retry goes on from the step that failed; approve or reject answers a run that waits for approval; prioritize moves one that waits. What does not apply is refused. The user has to agree to cancel, approve and reject: a form asks them, or the answer is a plan to be given back.',
  effect: 'destroy',
  idempotent: false,
  openWorld: false,
  outside: 'data of runs',
  scope: 'lightdom:run',
  input: z.object({
    runId: z.string().min(1).max(64).describe('Handle of the run.'),
    action: z.enum(RUN_ACTIONS).describe('What to do with it.'),
    reason: z.string().max(500).optional().describe('Why; kept with the run.'),
    priority: z.number().int().min(1).max(10).optional().describe('For prioritize; 10 goes first.'),
    planId: planIdField,
  }),
  output: z.object({ run: runSchema.describe('The run afterwards.'), plan: planField }),
  summary: ({ run, plan }) => (plan === undefined ? renderRun(run) : renderPlan('run_control', plan)),
  async run({ runId, planId, ...input }, context) {
    const { runs } = context.services;
    const access = accessOf(context.caller);
    const run = await runs.get(runId, access);
    const action = consentFor(input.action, run);
    const plan = action === undefined ? undefined : await confirm(context, { action, planId });
    return plan === undefined ? { run: await runs.control(runId, input, access) } : { run, plan };
  },
});
