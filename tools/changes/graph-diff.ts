import { diffAnswerSchema, diffInputSchema, renderDiff } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphDiff = defineTool({
  name: 'graph_diff',
  title: 'Impact of a change',
  description:
    'Returns what a change in git touches: changed files and symbols, uses of what was removed, symbols affected by depth with the reason, and the tests to run. Without revisions the working tree against HEAD; with `from` since the branch left it. Choose it before a commit or for a review; choose graph_trace for one symbol.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  input: diffInputSchema,
  output: diffAnswerSchema,
  summary: renderDiff,
  run: (input, { services, signal }) => services.changes.diff(input, signal),
});
