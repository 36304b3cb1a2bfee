import { z } from 'zod';
import { ENGINE_CHOICES } from '../../src/graph/index.ts';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphIndex = defineTool({
  name: 'graph_index',
  title: 'Index a workspace',
  description:
    'Starts an index of a workspace and returns its run at once; follow it with run_get. Choose it when there is none yet or files stay pending; saved edits are followed without it. The former index answers meanwhile.',
  effect: 'write',
  idempotent: false,
  openWorld: false,
  task: 'optional',
  view: 'ui://lightdom/run',
  input: z.object({
    workspace: z.string().max(4096).optional().describe('Folder; default: the current.'),
    engine: z
      .enum(ENGINE_CHOICES)
      .optional()
      .describe('What resolves types (oxc: syntax alone); default: as configured.'),
    mode: z.enum(['full']).default('full').describe('full: read everything anew.'),
  }),
  output: z.object({ run: runSchema.describe('The run that indexes.') }),
  summary: ({ run }) => renderRun(run),
  next: ({ run: { runId } }) => [{ tool: 'run_get', arguments: { runId } }],
  async run({ workspace, engine }, { services, caller }) {
    return { run: await services.graph.startIndex({ workspace, engine, owner: caller.principal }) };
  },
});
