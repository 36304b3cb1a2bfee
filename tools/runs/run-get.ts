import { z } from 'zod';
import { renderParts, renderRun, renderRunEvent, runEventSchema, runSchema } from '../../src/runs/index.ts';
import { accessOf, defineTool } from '../../src/surface/index.ts';

const SHOWN_LINES = 20;

export const runGet = defineTool({
  name: 'run_get',
  title: 'Get a run',
  description:
    'Returns one run: state, progress, result or error, its parts by state, and its last log lines. Choose it to follow work whose runId another tool returned; choose run_list to find a run or the parts of one.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'data of runs',
  view: 'ui://lightdom/run',
  input: z.object({ runId: z.string().min(1).max(64).describe('Handle that the starting tool returned.') }),
  output: z.object({
    run: runSchema.describe('The run.'),
    parts: z.record(z.string(), z.number()).optional().describe('Runs that belong to it, counted by state.'),
    log: z.array(runEventSchema).describe('Last log lines.'),
    earlierLog: z.string().optional().describe('Resource that has more of the log, when it is longer.'),
  }),
  summary: ({ run, parts, log, earlierLog }) =>
    [
      renderRun(run),
      ...(parts === undefined ? [] : [renderParts(parts)]),
      ...(earlierLog === undefined ? [] : [`earlier log lines: ${earlierLog}`]),
      ...log.map(renderRunEvent),
    ].join('\n'),
  attachments: ({ run, earlierLog }) =>
    earlierLog === undefined
      ? []
      : [{ type: 'resource_link', uri: earlierLog, name: 'log', title: `Log of ${run.title}`, mimeType: 'text/plain' }],
  next: ({ run, parts }) => (parts === undefined ? [] : [{ tool: 'run_list', arguments: { parentRunId: run.runId } }]),
  async run({ runId }, { services: { runs }, caller }) {
    const run = await runs.get(runId, accessOf(caller));
    const [parts, lines] = await Promise.all([runs.countChildren(runId), runs.recentEvents(runId, SHOWN_LINES + 1)]);
    return {
      run,
      ...(Object.keys(parts).length === 0 ? {} : { parts }),
      log: lines.slice(-SHOWN_LINES),
      ...(lines.length > SHOWN_LINES && { earlierLog: `run://${run.runId}/log` }),
    };
  },
});
