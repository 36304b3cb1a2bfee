import { listingOf, renderTrace, traceInputSchema, traceListingSchema } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphTrace = defineTool({
  name: 'graph_trace',
  title: 'Trace connections',
  description:
    'Returns what is connected to a symbol: callers, callees, references, all that a change could reach (impact), or paths to another symbol. Choose it for "who uses this" and "what breaks"; choose graph_search to find the symbol first.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  view: 'ui://lightdom/graph',
  input: traceInputSchema,
  output: traceListingSchema,
  summary: renderTrace,
  run: async (input, { services }) => listingOf(await services.graph.trace(input), input.objects),
});
