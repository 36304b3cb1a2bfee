import { z } from 'zod';

/** What was said between the agent and a model: the question for it, and its answer. */

export const transcriptMessageSchema = z.object({
  number: z.number().int().describe('From 1.'),
  role: z
    .enum(['system', 'user', 'assistant', 'tool'])
    .describe('Who said it; tool: what a call of the model returned.'),
  content: z.string().describe('What was said, without secrets; a long one is cut.'),
  reasoning: z.string().optional().describe('What the model thought before.'),
  calls: z
    .array(
      z.object({
        name: z.string().describe('Tool that the model called.'),
        arguments: z.string().describe('JSON, as the model wrote it.'),
      }),
    )
    .optional()
    .describe('Its calls of tools.'),
});
export type TranscriptMessage = z.infer<typeof transcriptMessageSchema>;

export const transcriptInputSchema = z.object({
  taskId: z.string().min(1).max(64).describe('Handle of the task.'),
  attempt: z.number().int().min(1).optional().describe('Number of the attempt; default: the last that asked a model.'),
  limit: z.number().int().min(1).max(100).default(30).describe('Messages a page; fewer where they are long.'),
  cursor: z.string().max(2_000).optional().describe('`nextCursor` of the page before.'),
});
export type TranscriptInput = z.output<typeof transcriptInputSchema>;

export const transcriptAnswerSchema = z.object({
  taskId: z.string().describe('Handle of the task.'),
  attempt: z.number().int().describe('Number of the attempt.'),
  model: z.string().optional().describe('Provider and name of the model.'),
  outcome: z.string().optional().describe('What came of the attempt.'),
  reason: z.string().optional().describe('Why, as a sentence; where the model was stopped, the stop reason.'),
  messages: z.array(transcriptMessageSchema).describe('In the order in which they were said.'),
  total: z.number().int().describe('On all pages.'),
  nextCursor: z.string().optional().describe('For the next page.'),
});
export type TranscriptAnswer = z.infer<typeof transcriptAnswerSchema>;
