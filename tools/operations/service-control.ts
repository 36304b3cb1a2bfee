import { z } from 'zod';
import { renderService, SERVICE_ACTIONS, serviceConsent, serviceViewSchema } from '../../src/supervisor/index.ts';
import type { ServiceAction, ServiceView, SupervisorService } from '../../src/supervisor/index.ts';
import { confirm, defineTool, planField, planIdField, renderPlan } from '../../src/surface/index.ts';

export const serviceControl = defineTool({
  name: 'service_control',
  title: 'Control a service',
  description:
    'Starts, stops, restarts, enables or disables one service and returns it. A start begins with what it depends on, and says what it still waits for. What was stopped or disabled stays so over restarts of the system. The user has to agree to what ends a service that runs: a form asks them, or the answer is a plan to be given back. Choose system_start for all that should run and does not.',
  effect: 'destroy',
  idempotent: false,
  openWorld: false,
  outside: 'words of services',
  input: z.object({
    name: z.string().min(1).max(63).describe('Name of the service.'),
    action: z.enum(SERVICE_ACTIONS).describe('What to do with it.'),
    reason: z.string().min(1).max(500).optional().describe('Why; kept with it for stop and disable.'),
    planId: planIdField,
  }),
  output: z.object({ service: serviceViewSchema.describe('Afterwards, or as it is under a plan.'), plan: planField }),
  summary: ({ service, plan }) => (plan === undefined ? renderService(service) : renderPlan('service_control', plan)),
  next: ({ service: { name, state }, plan }) =>
    plan === undefined && state === 'starting' ? [{ tool: 'service_list', arguments: { name } }] : [],
  async run({ name, action, reason, planId }, context) {
    const { supervisor } = context.services;
    const service = supervisor.get(name);
    const consent = serviceConsent(action, service, supervisor.list());
    const plan = consent === undefined ? undefined : await confirm(context, { action: consent, planId });
    return plan === undefined ? { service: await steer(supervisor, { name, action, reason }) } : { service, plan };
  },
});

interface Order {
  readonly name: string;
  readonly action: ServiceAction;
  readonly reason: string | undefined;
}

async function steer(supervisor: SupervisorService, { name, action, reason }: Order): Promise<ServiceView> {
  switch (action) {
    case 'start':
      return supervisor.startService(name);
    case 'stop':
      return supervisor.stopService(name, reason);
    case 'restart':
      return supervisor.restart(name);
    case 'enable':
      return supervisor.enable(name);
    case 'disable':
      return supervisor.disable(name, reason ?? 'disabled by hand');
  }
}
