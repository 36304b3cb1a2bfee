import { z } from 'zod';
import { cursorInput, graphHitSchema, pageShape, SYMBOL_FORMS, symbolInput, workspaceInput } from '../graph-answers.ts';

/** Notes of agents on symbols, files and workspaces: what they ask and what they get. */

const MAX_TEXT = 4_000;
const MAX_TAGS = 10;
const tag = z
  .string()
  .min(1)
  .max(40)
  .regex(/^\S+$/)
  .transform((text) => text.toLowerCase());

export const noteCreateInputSchema = z.object({
  workspace: workspaceInput,
  symbol: symbolInput.optional().describe(`What it is about: ${SYMBOL_FORMS}; without symbol and path the workspace.`),
  path: z.string().min(1).max(1_000).optional().describe('A file or folder that it is about, instead of a symbol.'),
  text: z.string().trim().min(1).max(MAX_TEXT).describe('What to remember.'),
  tags: z.array(tag).max(MAX_TAGS).default([]).describe('Words to find it by, such as decision or gotcha.'),
  author: z.string().trim().min(1).max(80).default('agent').describe('Who says so.'),
});
export type NoteCreateInput = z.output<typeof noteCreateInputSchema>;

export const noteQueryInputSchema = z.object({
  workspace: workspaceInput,
  words: z.string().max(200).optional().describe('Words that all occur in the text, the tags or the name.'),
  symbol: symbolInput.optional().describe(`Only about this and what is in it: ${SYMBOL_FORMS}; also when it is gone.`),
  path: z.string().min(1).max(200).optional().describe('Only about paths with this prefix, or matching this glob.'),
  tag: tag.optional().describe('Only with this tag.'),
  limit: z.number().int().min(1).max(100).default(20).describe('Notes a page.'),
  cursor: cursorInput,
});
export type NoteQueryInput = z.output<typeof noteQueryInputSchema>;

/** `unchecked`: there is no index to look the symbol up in. */
const ANCHOR_STATES = ['attached', 'orphaned', 'unchecked'] as const;

export const anchorSchema = z.object({
  state: z.enum(ANCHOR_STATES).describe('orphaned: what it is about is no longer there under this name and path.'),
  line: z.number().int().optional().describe('Where the symbol is now.'),
  candidate: graphHitSchema
    .optional()
    .describe('The one symbol of this kind and name elsewhere: perhaps it was moved.'),
});
export type NoteAnchor = z.infer<typeof anchorSchema>;

export const storedNoteSchema = z.object({
  noteId: z.string().describe('Handle.'),
  about: z.enum(['workspace', 'path', 'symbol']).describe('What it is about.'),
  nodeId: z.string().optional().describe('Stable id of the symbol.'),
  kind: z.string().optional().describe('Of the symbol, when it was written.'),
  name: z.string().optional().describe('Of the symbol with its containers, when it was written.'),
  path: z.string().optional().describe('Relative to the workspace, when it was written.'),
  text: z.string().describe('What to remember.'),
  tags: z.array(z.string()).describe('Words to find it by.'),
  author: z.string().describe('Who said so.'),
  createdAt: z.string().describe('ISO 8601.'),
  updatedAt: z.string().describe('ISO 8601.'),
});
export type StoredNote = z.infer<typeof storedNoteSchema>;

export const noteSchema = storedNoteSchema.extend(anchorSchema.shape);
export type Note = z.infer<typeof noteSchema>;

export const noteCreateAnswerSchema = z.object({
  note: noteSchema.describe('As it is stored.'),
  isNew: z.boolean().describe('False: the same author had said the same about it before.'),
});
export type NoteCreateAnswer = z.infer<typeof noteCreateAnswerSchema>;

export const noteQueryAnswerSchema = z.object({
  workspace: z.string().describe('Root folder.'),
  notes: z.array(noteSchema).describe('Newest first.'),
  ...pageShape,
  note: z.string().optional().describe('How to read the answer.'),
});
export type NoteQueryAnswer = z.infer<typeof noteQueryAnswerSchema>;
