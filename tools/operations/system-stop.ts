import { z } from 'zod';
import { confirm, defineTool, planField, planIdField, renderPlan } from '../../src/surface/index.ts';

const ACTION =
  'Stop LightDom: this process, its services and its workers; nothing answers until somebody starts it again';

const outputSchema = z.object({
  status: z.enum(['stopping', 'running']).describe('What it does from now on.'),
  plan: planField,
});

export const systemStop = defineTool({
  name: 'system_stop',
  title: 'Stop the system',
  description:
    'Begins the graceful stop of the whole process, right after the answer, once the user has agreed: a form asks them, or the answer is a plan to be given back. Runs go on at the next start. Nothing answers afterwards; choose service_control for one service.',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  input: z.object({ planId: planIdField }),
  output: outputSchema,
  summary: ({ status, plan }) => (plan === undefined ? `system ${status}` : renderPlan('system_stop', plan)),
  async run({ planId }, context): Promise<z.infer<typeof outputSchema>> {
    const plan = await confirm(context, { action: ACTION, planId });
    if (plan !== undefined) return { status: 'running', plan };
    context.services.requestStop();
    return { status: 'stopping' };
  },
});
