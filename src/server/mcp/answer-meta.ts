import { z } from 'zod';
import type { ToolCall } from '../../surface/index.ts';

/** Key in `_meta` of a tool's result for the calls that it suggests, which its text has as lines, too. */
export const NEXT_META_KEY = 'lightdom/next';
/** Key in `_meta` of a tool's result for the nonce of the fence in its text. */
export const FENCE_META_KEY = 'lightdom/fence';

const nextSchema = z.array(z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) }));
const metaSchema = z
  .object({ [NEXT_META_KEY]: nextSchema.optional(), [FENCE_META_KEY]: z.string().optional() })
  .optional();
const resultSchema = z.object({ _meta: metaSchema });

export interface AnswerMeta {
  /** The calls that a tool's result suggests. */
  readonly next: readonly ToolCall[];
  readonly fence: string | undefined;
}

export function answerMetaOf(result: unknown): AnswerMeta {
  const { _meta: meta } = resultSchema.safeParse(result).data ?? {};
  return { next: meta?.[NEXT_META_KEY] ?? [], fence: meta?.[FENCE_META_KEY] };
}

/** The `_meta` of such a result; undefined when it would be empty. */
export function metaOfAnswer({ next, fence }: AnswerMeta): Record<string, unknown> | undefined {
  const meta = {
    ...(next.length === 0 ? {} : { [NEXT_META_KEY]: next }),
    ...(fence === undefined ? {} : { [FENCE_META_KEY]: fence }),
  };
  return Object.keys(meta).length === 0 ? undefined : meta;
}
