import { z } from 'zod';

/** The script of a model that only plays its part: one step a request, in order. */

const count = z.number().int().min(0).max(100_000_000);
const delay = z.number().int().min(0).max(600_000);

const toolCallSchema = z.strictObject({
  id: z.string().max(200).optional().describe('Made up without it.'),
  name: z.string().max(200),
  args: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .describe('A text is sent as it is: it may be no JSON.'),
});

const usageSchema = z.strictObject({
  sent: count,
  cached: count.default(0),
  answered: count,
});

export const mockStepSchema = z.strictObject({
  status: z.number().int().min(200).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** What goes wrong on the way. */
  fault: z
    .enum(['hang', 'reset', 'cut', 'end_early'])
    .optional()
    .describe(
      'hang: no answer; reset: the connection breaks at once; cut: in the middle; end_early: the stream just ends there.',
    ),
  raw: z.string().optional().describe('The body as it is, in place of all else.'),
  errorText: z.string().optional().describe('Message of the error, for a status from 400.'),
  errorCode: z.string().optional(),
  message: z.string().default('').describe('What the model says.'),
  reasoning: z.string().default('').describe('What it thinks before.'),
  refusal: z.string().optional(),
  toolCalls: z.array(toolCallSchema).default([]),
  finishReason: z.string().optional(),
  noChoices: z.boolean().default(false).describe('An answer with an empty list of choices.'),
  usage: usageSchema.optional(),
  chunkLength: z.number().int().min(1).max(100_000).default(12).describe('Characters of a piece.'),
  chunkDelayMs: delay.default(0),
  needsReasoningEcho: z
    .boolean()
    .default(false)
    .describe('Answers 400 when an assistant turn with tool calls came without its reasoning.'),
});
export type MockStep = z.infer<typeof mockStepSchema>;

export const mockScriptSchema = z.strictObject({
  like: z.enum(['deepseek', 'openai', 'compatible']).default('deepseek').describe('Whose habits it has.'),
  model: z.string().min(1).max(200).default('mock'),
  maxTokens: z.number().int().min(1).max(1_000_000).default(4096),
  price: z
    .strictObject({ sent: z.number().min(0), cached: z.number().min(0).default(0), answered: z.number().min(0) })
    .optional()
    .describe('US dollars for a million tokens.'),
  steps: z.array(mockStepSchema).min(1).max(1_000),
  /** After the last step the script begins again; otherwise requests beyond it are answered 400. */
  isEndless: z.boolean().default(false),
});
export type MockScript = z.infer<typeof mockScriptSchema>;
export type MockScriptInput = z.input<typeof mockScriptSchema>;
