import { z } from 'zod';
import { answerMetaOf } from '../../src/server/mcp/answer-meta.ts';
import { unfenced } from '../../src/server/mcp/text-fence.ts';

const answerSchema = z.object({ content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })) });

/** The text of a tool's result without the marks around what comes from outside. */
export function answerText(result: unknown): string {
  const text = answerSchema.parse(result).content[0]?.text ?? '';
  const { next, fence } = answerMetaOf(result);
  return fence === undefined ? text : unfenced({ text, next }, fence);
}
