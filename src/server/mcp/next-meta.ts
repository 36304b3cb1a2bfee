import { z } from 'zod';
import type { ToolCall } from '../../surface/index.ts';

/** Key in `_meta` of a tool's result for the calls that it suggests, which its text has as lines, too. */
export const NEXT_META_KEY = 'lightdom/next';

const nextSchema = z.array(z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) }));
const resultSchema = z.object({ _meta: z.object({ [NEXT_META_KEY]: nextSchema }) });

/** The calls that a tool's result suggests. */
export function nextOfResult(result: unknown): readonly ToolCall[] {
  const { _meta: meta } = resultSchema.safeParse(result).data ?? {};
  return meta?.[NEXT_META_KEY] ?? [];
}
