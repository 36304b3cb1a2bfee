import { renderSymbol, symbolAnswerSchema, symbolInputSchema } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphSymbol = defineTool({
  name: 'graph_symbol',
  title: 'Describe a symbol',
  description:
    'Returns where a symbol is defined, its signature, doc, members, counts of callers, callees and references; its source when asked for. Choose graph_trace to see who they are. An ambiguous or unknown name returns candidates.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  view: 'ui://lightdom/graph',
  input: symbolInputSchema,
  output: symbolAnswerSchema,
  summary: renderSymbol,
  run: (input, { services }) => services.graph.symbol(input),
});
