import { z } from 'zod';
import { answerShape, hitShape, workspaceInput } from './graph-answers.ts';

/** Question and answer of the context pack: what someone should read before a task, within a budget of tokens. */

export const contextInputSchema = z.object({
  workspace: workspaceInput,
  task: z.string().max(2000).optional().describe('What is to be done.'),
  symbols: z.array(z.string().max(400)).max(20).optional().describe('Spelt as for graph_symbol.'),
  budget: z.number().int().min(200).max(16_000).default(2000).describe('Tokens.'),
});
export type ContextInput = z.output<typeof contextInputSchema>;

/**
 * Shown to clients as open objects: every agent reads the list of tools, which describes hits and coverage often enough.
 * What an answer holds is checked all the same.
 */
const SHOWN_OPEN = { properties: {}, required: [] };

const contextItemSchema = z.object({
  ...hitShape,
  kind: z.string().describe('What it is.'),
  signature: z.string().describe('Header on one line.'),
  doc: z.string().optional().describe('First sentence of its comment.'),
  reason: z.string().describe('Why it is here.'),
});
export type ContextItem = z.infer<typeof contextItemSchema>;

export const contextAnswerSchema = z.object({
  about: z.string().describe('What the pack is about.'),
  items: z
    .array(contextItemSchema.meta(SHOWN_OPEN))
    .describe('id, kind, name, path, line, signature, doc, reason; by file, the most relevant first.'),
  tests: z.array(z.string()).describe('Test files, with the number of their tests.'),
  unmatched: z.array(z.string()).describe('Asked symbols that name none or several: `symbol: id kind name path:line`.'),
  total: z.number().int().describe('Symbols considered.'),
  budget: z.number().int().describe('As asked.'),
  usedTokens: z.number().int().describe('Estimate of the text, rather too high.'),
  ...answerShape,
  coverage: answerShape.coverage.meta(SHOWN_OPEN),
});
export type ContextAnswer = z.infer<typeof contextAnswerSchema>;
