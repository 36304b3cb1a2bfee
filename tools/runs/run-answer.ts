import { z } from 'zod';
import { renderRun, runSchema } from '../../src/runs/index.ts';
import { accessOf, defineTool } from '../../src/surface/index.ts';

const answerSchema = z.object({
  action: z.enum(['accept', 'decline', 'cancel']).describe('accept with content, decline, or cancel without a choice.'),
  content: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What is entered; for an approval {approve, reason?}.'),
});

export const runAnswer = defineTool({
  name: 'run_answer',
  title: 'Answer a run',
  description:
    'Stores answers to what a run asks, by the keys of its questions, and returns the run: it goes on once all are answered. Choose it for a run in waiting_input; run_control approves or rejects one in waiting_approval as well. What does not fit is asked again under another key, and keys that are not open are passed over.',
  effect: 'write',
  idempotent: true,
  openWorld: false,
  outside: 'data of runs',
  scope: 'lightdom:run',
  input: z.object({
    runId: z.string().min(1).max(64).describe('Handle of the run.'),
    answers: z.record(z.string().max(100), answerSchema).describe('By key, as run_get shows them; some or all.'),
  }),
  output: z.object({ run: runSchema.describe('The run afterwards.') }),
  summary: ({ run }) => renderRun(run),
  async run({ runId, answers }, { services, caller }) {
    return { run: await services.runs.answer(runId, answers, accessOf(caller)) };
  },
});
