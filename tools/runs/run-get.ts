import { z } from 'zod';
import { renderParts, renderRun, renderRunEvent, runEventSchema, runSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const runGet = defineTool({
  name: 'run_get',
  title: 'Get a run',
  description:
    'Returns one run: state, progress, result or error, its parts by state, and its last log lines. Choose it to follow work whose runId another tool returned; choose run_list to find a run or the parts of one.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  view: 'ui://lightdom/run',
  input: z.object({ runId: z.string().min(1).max(64).describe('Handle that the starting tool returned.') }),
  output: z.object({
    run: runSchema.describe('The run.'),
    parts: z.record(z.string(), z.number()).optional().describe('Runs that belong to it, counted by state.'),
    log: z.array(runEventSchema).describe('Last log lines.'),
  }),
  summary: ({ run, parts, log }) =>
    [
      renderRun(run),
      ...(parts === undefined ? [] : [`${renderParts(parts)}; see run_list {"parentRunId":"${run.runId}"}`]),
      ...log.map(renderRunEvent),
    ].join('\n'),
  async run({ runId }, { services: { runs } }) {
    const run = await runs.get(runId);
    const [parts, log] = await Promise.all([runs.countChildren(runId), runs.recentEvents(runId)]);
    return { run, ...(Object.keys(parts).length === 0 ? {} : { parts }), log };
  },
});
