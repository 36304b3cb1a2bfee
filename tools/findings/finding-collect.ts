import { z } from 'zod';
import { findingCollectInputSchema } from '../../src/findings/index.ts';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const findingCollect = defineTool({
  name: 'finding_collect',
  title: 'Collect findings',
  description:
    "Starts a collection of findings and returns its run at once: reports of the code graph, the workspace's own TypeScript, oxlint, eslint and biome, run as they are configured there, its recipes, and its tests if asked. Follow it with run_get, whose result says what was not run and why; then choose finding_list.",
  effect: 'write',
  idempotent: false,
  openWorld: false,
  task: 'optional',
  view: 'ui://lightdom/run',
  input: findingCollectInputSchema,
  output: z.object({ run: runSchema.describe('The run that collects.') }),
  summary: ({ run }) => renderRun(run),
  next: ({ run: { runId } }) => [{ tool: 'run_get', arguments: { runId } }],
  async run({ workspace, tests }, { services, caller }) {
    return { run: await services.findings.startCollect(workspace, { owner: caller.principal, tests }) };
  },
});
