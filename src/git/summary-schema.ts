import { z } from 'zod';
import { CHANGE_STATUSES } from './state-schema.ts';

/** What a change consists of. */

export const summaryFileSchema = z.object({
  path: z.string().describe('Relative to the workspace.'),
  status: z.enum(CHANGE_STATUSES).describe('What happened to it.'),
  from: z.string().optional().describe('Former path.'),
  added: z.number().int().describe('Lines added; 0 for binary and untracked files.'),
  removed: z.number().int().describe('Lines removed.'),
  isBinary: z.boolean().describe('Whether it has no lines.'),
});
export type SummaryFile = z.infer<typeof summaryFileSchema>;

export const diffPatchSchema = z.object({
  text: z.string().describe('As `git diff` writes it, without what looks like a secret and without untracked files.'),
  omitted: z.array(z.string()).describe('Files for which there was no room; the first of them.'),
  omittedTotal: z.number().int().describe('How many there are.'),
});
export type DiffPatch = z.infer<typeof diffPatchSchema>;
