import { renameAnswerSchema, renameInputSchema, renderRename } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphRename = defineTool({
  name: 'graph_rename',
  title: 'Preview a rename',
  description:
    'Returns what a rename of a symbol would change, line by line in all files, what has to be renamed with it, conflicts, and mentions that are uncertain; writes nothing. Choose it before a rename; choose graph_trace with direction references to see uses only.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  input: renameInputSchema,
  output: renameAnswerSchema,
  summary: renderRename,
  run: (input, { services, signal }) => services.changes.rename(input, signal),
});
