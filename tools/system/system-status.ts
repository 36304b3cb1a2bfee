import { z } from 'zod';
import { graphSummarySchema } from '../../src/graph/index.ts';
import { systemStatusSchema } from '../../src/orchestrator/index.ts';
import { defineTool } from '../../src/surface/index.ts';

const detailsSchema = z.object({ services: z.record(z.string(), z.object({ state: z.string(), about: z.string() })) });

export const systemStatus = defineTool({
  name: 'system_status',
  title: 'System status',
  description:
    'Returns the state of the platform: its ten subsystems, counters and the index of the workspace. Choose it first, to see what is ready; choose run_get for one run.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({}),
  output: systemStatusSchema.extend({ graph: graphSummarySchema.describe('Index of the default workspace.') }),
  summary(status) {
    const lines = Object.entries(status.orchestrators).map(([key, part]) => {
      const reason = part.reason === undefined ? '' : ` (${part.reason})`;
      return `${key} ${part.state}${reason}${servicesOf(part.details)}`;
    });
    const { graph } = status;
    const index =
      graph.state === 'none'
        ? 'none yet'
        : `${graph.files} files, ${graph.nodes} nodes, ${graph.edges} edges, ${graph.indexedAt ?? 'being made'}`;
    return [`system ${status.status}, up ${status.uptime} s`, ...lines, `index of ${graph.workspace}: ${index}`].join(
      '\n',
    );
  },
  next: ({ graph }) => (graph.state === 'none' ? [{ tool: 'graph_index', arguments: {} }] : []),
  async run(_input, { services }) {
    return { ...services.orchestrator.getStatus(), graph: await services.graph.summary() };
  },
});

/** `: database ready (Postgres 18.4), workers running (1 process)` for the part that has such. */
function servicesOf(details: unknown): string {
  const parsed = detailsSchema.safeParse(details);
  if (!parsed.success) return '';
  const enabled = Object.entries(parsed.data.services).filter(([, { state }]) => state !== 'disabled');
  const texts = enabled.map(([name, { state, about }]) => {
    return about === '' ? `${name} ${state}` : `${name} ${state} (${about})`;
  });
  return `: ${texts.join(', ')}`;
}
