import { z } from 'zod';
import { agentHealInputSchema } from './agent-answers.ts';

export const HEAL_RUN_KIND = 'agent_heal';

/** The root is absolute and real; the seed is set. */
export const healRunInputSchema = agentHealInputSchema.omit({ workspace: true }).extend({
  root: z.string(),
  seed: z.number().int(),
});
export type HealRunInput = z.output<typeof healRunInputSchema>;
