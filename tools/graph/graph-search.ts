import { renderSearch, searchAnswerSchema, searchInputSchema } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphSearch = defineTool({
  name: 'graph_search',
  title: 'Search symbols',
  description:
    'Returns symbols whose names, containers or paths match words, best first, one line each: kind name path:line. Choose it to find a symbol; choose graph_symbol when you know its name.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  input: searchInputSchema,
  output: searchAnswerSchema,
  summary: renderSearch,
  run: (input, { services }) => services.graph.search(input),
});
