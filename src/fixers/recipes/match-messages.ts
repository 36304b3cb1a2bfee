import { z } from 'zod';

/** What a process that matches recipes is told, and tells. */

export const matchTaskSchema = z.object({
  root: z.string(),
  recipes: z.array(
    z.object({
      id: z.string(),
      language: z.string(),
      config: z.record(z.string(), z.unknown()),
      fix: z.string().optional(),
    }),
  ),
  /** Each with the recipes (by number) that are looked for in it, and its text where that is not what lies there. */
  files: z.array(z.object({ path: z.string(), recipes: z.array(z.number()), text: z.string().optional() })),
  /** Says each recipe before it is begun with: what hangs is known then. */
  isPrecise: z.boolean(),
});
export type MatchTask = z.output<typeof matchTaskSchema>;

const matchSchema = z.object({
  recipe: z.number(),
  start: z.number(),
  end: z.number(),
  /** From 1. */
  line: z.number(),
  text: z.string(),
  /** What it becomes, where the recipe has a fix. */
  becomes: z.string().optional(),
});
export type RecipeMatch = z.output<typeof matchSchema>;

export const matchMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('at'), file: z.number(), recipe: z.number().optional() }),
  z.object({
    kind: z.literal('matched'),
    file: z.number(),
    matches: z.array(matchSchema),
    /** Places that could not be parsed. */
    errors: z.number(),
  }),
  z.object({ kind: z.literal('broken'), recipe: z.number(), reason: z.string() }),
  z.object({ kind: z.literal('done') }),
]);
export type MatchMessage = z.output<typeof matchMessageSchema>;
