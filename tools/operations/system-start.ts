import { z } from 'zod';
import { systemStatusSchema } from '../../src/orchestrator/index.ts';
import { renderService, serviceViewSchema } from '../../src/supervisor/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const systemStart = defineTool({
  name: 'system_start',
  title: 'Start the system',
  description:
    'Starts every service that is enabled, is meant to run and does not, and returns these. Who answers is up already: with nothing to start it changes nothing. What was stopped by hand stays stopped; choose service_control for one service.',
  effect: 'write',
  idempotent: true,
  openWorld: false,
  outside: 'words of services',
  input: z.object({}),
  output: z.object({
    status: systemStatusSchema.shape.status,
    started: z.array(serviceViewSchema).describe('Services that it has begun to start.'),
  }),
  summary({ status, started }) {
    const lines = started.length === 0 ? ['nothing was to be started'] : started.map((view) => renderService(view));
    return [`system ${status}`, ...lines].join('\n');
  },
  next: ({ started }) => (started.length === 0 ? [] : [{ tool: 'service_list', arguments: {} }]),
  async run(_input, { services: { supervisor, orchestrator } }) {
    return { started: supervisor.startMissing(), status: orchestrator.getStatus().status };
  },
});
