import { z } from 'zod';
import { definePlaybook } from '../src/surface/index.ts';

const DEFAULT_RUN = 'the newest run that failed, else the newest one';

export const reviewRun = definePlaybook({
  name: 'review_run',
  title: 'Review a run',
  description: 'Says what a run did, how it ended and why, and what to do next.',
  when: 'when a run has failed, takes long, waits for approval, or its result is to be judged.',
  args: z.object({
    run: z.string().max(200).optional().describe('Its runId, or words for it; the newest that failed without it.'),
  }),
  goal: ({ run }) => `Review this run of LightDom:\n\n${run ?? DEFAULT_RUN}`,
  steps: [
    'Without a runId call run_list, narrowed by status or kind, and choose; say which one you chose.',
    'Call run_get: state, progress, result or error, parts by state, last log lines. Where a run has parts, call run_list with its id as parentRunId and status failed.',
    'Where the last lines are not enough read the resource run://{runId}/log, or call run_log if it is among your tools.',
    'Judge by the state: failed – the error and its hint, and whether the same would happen again; running – whether the progress moves, from two looks with some time between; paused or waiting_approval – what it waits for; completed – the warnings of its result.',
    'If several runs are concerned, call system_status: a worker or a database that is away explains more than the run does.',
    'Propose what run_control can do (retry goes on from the step that failed, cancel is for good) and call it only after the user has agreed.',
  ],
  answer: 'Answer with what happened and the line that shows it, the cause as far as it is proved, and one next step.',
});
