import { z } from 'zod';
import { renderRun, runEventSchema, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const runGet = defineTool({
  name: 'run_get',
  title: 'Get a run',
  description:
    'Returns one run: state, progress, result or error, and its last log lines. Choose it to follow work whose runId another tool returned; choose run_list to find a run.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({ runId: z.string().min(1).max(64).describe('Handle that the starting tool returned.') }),
  output: z.object({ run: runSchema.describe('The run.'), log: z.array(runEventSchema).describe('Last log lines.') }),
  summary: ({ run, log }) => [renderRun(run), ...log.map((row) => `${row.at} ${row.level} ${row.message}`)].join('\n'),
  async run({ runId }, { services }) {
    return { run: await services.runs.get(runId), log: await services.runs.recentEvents(runId) };
  },
});
