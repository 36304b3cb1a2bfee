import { z } from 'zod';
import {
  answerShape,
  cursorInput,
  graphHitSchema,
  lookupShape,
  pageShape,
  SYMBOL_FORMS,
  symbolInput,
  workspaceInput,
} from './graph-answers.ts';

/** Question and answer of the preview of a rename. */

export const renameInputSchema = z.object({
  workspace: workspaceInput,
  symbol: symbolInput.describe(`What to rename: ${SYMBOL_FORMS}.`),
  newName: z.string().min(1).max(200).describe('Its new name, without containers.'),
  limit: z.number().int().min(1).max(200).default(50).describe('Changed lines a page.'),
  cursor: cursorInput,
});
export type RenameInput = z.output<typeof renameInputSchema>;

const lineEditSchema = z.object({
  path: z.string().describe('File, relative to the workspace.'),
  line: z.number().int().describe('From 1.'),
  columns: z.array(z.number().int()).describe('Where the name stands in the line, from 1.'),
  before: z.string().describe('The line as it is; of a very long one the part around the first change.'),
  after: z.string().describe('The line as it would be.'),
  reasons: z.array(z.string()).describe('declaration, overload, or how the name is used.'),
});
export type LineEdit = z.infer<typeof lineEditSchema>;

export const MENTION_KINDS = ['changed', 'untyped', 'key', 'member', 'string', 'comment'] as const;

const placeShape = {
  path: z.string().describe('File, relative to the workspace.'),
  line: z.number().int().describe('From 1.'),
};
const conflictSchema = z.object({
  ...placeShape,
  isCertain: z.boolean().describe('False: depends on what the name means there.'),
  reason: z.string().describe('Why the new name may not do.'),
});
export type RenameConflict = z.infer<typeof conflictSchema>;

const skippedSchema = z.object({ ...placeShape, reason: z.string().describe('Why it is left as it is.') });
export type SkippedPlace = z.infer<typeof skippedSchema>;

const mentionSchema = z.object({
  ...placeShape,
  kind: z
    .enum(MENTION_KINDS)
    .describe(
      'changed: the file is not as indexed; untyped: a name that could not be resolved; key: of an object or a tag; member: of something; string; comment.',
    ),
  text: z.string().describe('The line.'),
});
export type NameMention = z.infer<typeof mentionSchema>;

export const renameAnswerSchema = z.object({
  ...lookupShape,
  symbol: graphHitSchema.optional().describe('What would be renamed.'),
  newName: z.string().describe('As asked.'),
  along: z.array(graphHitSchema).describe('What has to be renamed with it: overrides, implementations, bases.'),
  edits: z.array(lineEditSchema).describe('Changed lines in the order of files and lines.'),
  editedFiles: z.number().int().describe('Files with changed lines, on all pages.'),
  conflicts: z.array(conflictSchema).describe('Where the new name may clash.'),
  skipped: z.array(skippedSchema).describe('Uses under another name, left as they are; the first of them.'),
  skippedTotal: z.number().int().describe('How many there are.'),
  uncertain: z
    .array(mentionSchema)
    .describe('Mentions of the old name that the graph can not tell; the first of them.'),
  uncertainTotal: z.number().int().describe('How many there are.'),
  notes: z.array(z.string()).describe('What else to know.'),
  ...pageShape,
  ...answerShape,
});
export type RenameAnswer = z.infer<typeof renameAnswerSchema>;
