import { z } from 'zod';
import { LINE_MAPPINGS, NODE_CHANGES } from './changes/changed-nodes.ts';
import { answerShape, cursorInput, hitShape, pageShape, traceHitSchema, workspaceInput } from './graph-answers.ts';

/** Question and answer about what a change reaches. */

const revision = z.string().min(1).max(200).optional();

export const diffInputSchema = z.object({
  workspace: workspaceInput,
  from: revision.describe('Commit, branch or tag where the change begins; default: HEAD.'),
  to: revision.describe('Where it ends; default: the working tree, with untracked files.'),
  depth: z.number().int().min(1).max(10).default(5).describe('Steps from what was changed to its users.'),
  limit: z.number().int().min(1).max(200).default(50).describe('Affected symbols a page.'),
  cursor: cursorInput,
});
export type DiffInput = z.output<typeof diffInputSchema>;

const diffFileSchema = z.object({
  path: z.string().describe('Relative to the workspace.'),
  status: z.string().describe('added, modified, deleted, renamed, copied, retyped, unmerged, untracked.'),
  from: z.string().optional().describe('Former path.'),
  symbols: z.number().int().describe('Changed symbols in it.'),
  looseLines: z.array(z.number().int()).describe('Changed lines of code outside of known symbols; the first of them.'),
  mapping: z
    .enum(LINE_MAPPINGS)
    .describe('Which text the index knows: the one after or before the change, another (rough), or none.'),
});
export type DiffFile = z.infer<typeof diffFileSchema>;

const changedSymbolSchema = z.object({
  ...hitShape,
  change: z.enum(NODE_CHANGES).describe('What happened to it.'),
  isCertain: z.boolean().describe('False: the index knows another text of the file, so that lines may be off.'),
});
export type ChangedSymbol = z.infer<typeof changedSymbolSchema>;

const brokenUseSchema = z.object({
  path: z.string().describe('File of the use.'),
  line: z.number().int().describe('Its line as indexed.'),
  user: z.string().describe('What uses it.'),
  target: z.string().describe('What is gone.'),
  isCertain: z.boolean().describe('False: the file of the use was changed too.'),
});
export type BrokenUseAnswer = z.infer<typeof brokenUseSchema>;

const testFileSchema = z.object({
  path: z.string().describe('File to run.'),
  depth: z.number().int().describe('Steps from the change; 0: changed itself.'),
  reason: z.string().describe('Why.'),
  tests: z.array(z.string()).describe('Names of tests reached; the first of them.'),
  testTotal: z.number().int().describe('How many are reached.'),
});
export type TestFileAnswer = z.infer<typeof testFileSchema>;

export const diffAnswerSchema = z.object({
  base: z.string().describe('Commit of the old side; empty before the first.'),
  head: z.string().describe('Commit of the new side, or `working tree`.'),
  files: z.array(diffFileSchema).describe('Changed files, those that the index knows first.'),
  fileTotal: z.number().int().describe('How many there are.'),
  changed: z.array(changedSymbolSchema).describe('Changed symbols; the first of them.'),
  changedTotal: z.number().int().describe('How many there are.'),
  broken: z.array(brokenUseSchema).describe('Uses of what was removed or moved, left as they were; the first of them.'),
  brokenTotal: z.number().int().describe('How many there are.'),
  affected: z.array(traceHitSchema).describe('Users of what was changed, outside of tests, nearest first.'),
  tests: z.array(testFileSchema).describe('Test files to run, nearest first.'),
  testFileTotal: z.number().int().describe('How many there are.'),
  notes: z.array(z.string()).describe('What is uncertain.'),
  ...pageShape,
  ...answerShape,
});
export type DiffAnswer = z.infer<typeof diffAnswerSchema>;
