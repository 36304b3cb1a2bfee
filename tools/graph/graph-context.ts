import { contextAnswerSchema, contextInputSchema, renderContext } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphContext = defineTool({
  name: 'graph_context',
  title: 'Pack context',
  description:
    'Returns what to read for a task or around symbols: signatures with reasons, and tests, within a token budget; without both, a repository map. Choose graph_search for one symbol.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  input: contextInputSchema,
  output: contextAnswerSchema,
  summary: renderContext,
  run: (input, { services }) => services.graph.context(input),
});
