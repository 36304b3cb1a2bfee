import { z } from 'zod';
import { renderRunEvent, RUN_STATUSES, runEventSchema } from '../../src/runs/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const runLog = defineTool({
  name: 'run_log',
  title: 'Read the log of a run',
  description:
    'Returns log lines of a run, oldest first: the last ones, or those that came after a sequence. Choose it to read on in a long log; choose run_get for the state with the last few lines.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'data of runs',
  input: z.object({
    runId: z.string().min(1).max(64).describe('Handle of the run.'),
    after: z.number().int().min(0).optional().describe('Only lines after this sequence; the last ones without it.'),
    limit: z.number().int().min(1).max(500).default(200).describe('At most so many.'),
  }),
  output: z.object({
    status: z.enum(RUN_STATUSES).describe('State of the run just before the lines were read.'),
    lines: z.array(runEventSchema).describe('Oldest first.'),
  }),
  summary: ({ lines }) => (lines.length === 0 ? 'no lines' : lines.map(renderRunEvent).join('\n')),
  async run({ runId, after, limit }, { services }) {
    // First the state: a run that has ended by now has written its last line.
    const { status } = await services.runs.get(runId);
    const lines =
      after === undefined
        ? services.runs.recentEvents(runId, limit)
        : services.runs.listEvents(runId, { after, limit });
    return { status, lines: await lines };
  },
});
