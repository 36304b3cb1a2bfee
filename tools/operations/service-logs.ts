import { z } from 'zod';
import { renderServiceLine, serviceLineSchema } from '../../src/supervisor/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const serviceLogs = defineTool({
  name: 'service_logs',
  title: 'Read the log of a service',
  description:
    'Returns the last lines that a service wrote, and what the supervisor noted about it, oldest first; secrets are masked. Choose it to see why a service failed; choose service_list for its state, run_log for the log of a run.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'output of services',
  input: z.object({
    name: z.string().min(1).max(63).optional().describe('Name of the service; all of them without it.'),
    tail: z.number().int().min(1).max(1000).default(100).describe('At most so many, the last ones.'),
    since: z.string().max(40).optional().describe('Only lines after this time (ISO 8601).'),
  }),
  output: z.object({ lines: z.array(serviceLineSchema).describe('Oldest first.') }),
  summary: ({ lines }) => (lines.length === 0 ? 'no lines' : lines.map(renderServiceLine).join('\n')),
  async run({ name, tail, since }, { services: { supervisor } }) {
    const names = name === undefined ? supervisor.list().map((view) => view.name) : [name];
    const options = since === undefined ? { tail } : { tail, since };
    const lines = names.flatMap((service) =>
      supervisor.logs(service, options).map(({ at, stream, line }) => ({ at, service, stream, line })),
    );
    return { lines: lines.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-tail) };
  },
});
