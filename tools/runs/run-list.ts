import { z } from 'zod';
import { renderRun, RUN_STATUSES, runSchema } from '../../src/runs/index.ts';
import { accessOf, defineTool } from '../../src/surface/index.ts';

export const runList = defineTool({
  name: 'run_list',
  title: 'List runs',
  description:
    'Returns runs, newest first, one line each. Choose it to find a run by state or kind, or the parts of a run; choose run_get for its result and log.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'data of runs',
  input: z.object({
    status: z.enum(RUN_STATUSES).optional().describe('Only runs in this state.'),
    kind: z.string().max(64).optional().describe('Only runs of this kind, such as graph_index.'),
    parentRunId: z.string().min(1).max(64).optional().describe('Only the parts of this run.'),
    limit: z.number().int().min(1).max(100).default(20).describe('At most so many.'),
    cursor: z.string().max(512).optional().describe('`nextCursor` of the page before.'),
  }),
  output: z.object({
    runs: z.array(runSchema).describe('Newest first.'),
    nextCursor: z.string().optional().describe('For the next page.'),
  }),
  summary({ runs, nextCursor }) {
    if (runs.length === 0) return 'no runs';
    const more = nextCursor === undefined ? [] : [`more: cursor=${nextCursor}`];
    return [...runs.map((run) => renderRun(run)), ...more].join('\n');
  },
  async run(input, { services, caller }) {
    const { runs, cursor } = await services.runs.list({ ...input, ...accessOf(caller) });
    return { runs, ...(cursor !== undefined && { nextCursor: cursor }) };
  },
});
