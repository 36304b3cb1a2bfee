import { z } from 'zod';
import { BRANCH_PURPOSES } from './branch-name.ts';
import { COMMIT_TYPES } from './commit-text.ts';
import { PULL_REQUEST_STATE_NAMES, seenPullRequestSchema } from './pull-request-host.ts';
import { repositoryStateSchema } from './state-schema.ts';
import { diffPatchSchema, summaryFileSchema } from './summary-schema.ts';

/** Questions and answers of the tools about a workspace's repository. Paths are relative to the workspace. */

const workspace = z.string().min(1).max(4096).optional().describe('Folder of the workspace; default: the current.');
const revision = z.string().min(1).max(200).optional();
const branchName = z.string().min(1).max(200);
const paths = z.array(z.string().min(1).max(4096)).min(1).max(1000);

const workspaceShape = { workspace: z.string().describe('Root folder.') };
const filesShape = {
  total: z.number().int().describe('Changed files.'),
  addedLines: z.number().int().describe('Lines added.'),
  removedLines: z.number().int().describe('Lines removed.'),
  files: z.array(summaryFileSchema).describe('The first of them.'),
};

export const gitStatusInputSchema = z.object({
  workspace,
  maxFiles: z.number().int().min(0).max(1000).default(100).describe('Files named of each kind; all are counted.'),
});
export type GitStatusInput = z.output<typeof gitStatusInputSchema>;

export const gitStatusAnswerSchema = repositoryStateSchema.extend(workspaceShape);
export type GitStatusAnswer = z.infer<typeof gitStatusAnswerSchema>;

export const gitDiffInputSchema = z.object({
  workspace,
  from: revision.describe('Commit, branch or tag where the change begins; default: HEAD.'),
  to: revision.describe('Where it ends; default: the working tree, with untracked files.'),
  staged: z.boolean().default(false).describe('The index in place of the working tree.'),
  paths: paths.optional().describe('Only these files or folders.'),
  patch: z.boolean().default(false).describe('With the text of the change.'),
  maxPatchCharacters: z.number().int().min(1000).max(200_000).default(20_000).describe('Longest text.'),
  maxFiles: z.number().int().min(1).max(1000).default(100).describe('Files named; all are counted.'),
});
export type GitDiffInput = z.output<typeof gitDiffInputSchema>;

export const gitDiffAnswerSchema = z.object({
  ...workspaceShape,
  base: z.string().describe('Commit of the old side; empty before the first.'),
  head: z.string().describe('Commit of the new side, `index` or `working tree`.'),
  ...filesShape,
  patch: diffPatchSchema.optional().describe('The change itself, when it was asked for.'),
});
export type GitDiffAnswer = z.infer<typeof gitDiffAnswerSchema>;

export const gitCreateBranchInputSchema = z.object({
  workspace,
  name: branchName.optional().describe('Name of the branch; without it one is made of purpose and title.'),
  purpose: z.enum(BRANCH_PURPOSES).optional().describe('What it is for, where it has no name yet.'),
  title: z.string().min(1).max(200).optional().describe('What it is about, in a few words.'),
  from: revision.describe('Where it begins; default: HEAD.'),
  checkout: z.boolean().default(true).describe('Go over to it; uncommitted changes come along.'),
});
export type GitCreateBranchInput = z.output<typeof gitCreateBranchInputSchema>;

export const gitCreateBranchAnswerSchema = z.object({
  ...workspaceShape,
  branch: z.string().describe('Name.'),
  commit: z.string().optional().describe('Full hash; absent before the first commit.'),
  isCheckedOut: z.boolean().describe('Whether it is checked out now.'),
  previous: z.string().optional().describe('What was checked out before.'),
});
export type GitCreateBranchAnswer = z.infer<typeof gitCreateBranchAnswerSchema>;

export const gitCommitInputSchema = z.object({
  workspace,
  message: z
    .string()
    .min(1)
    .max(20_000)
    .describe('Subject of at most 72 characters; perhaps an empty line and a body.'),
  type: z.enum(COMMIT_TYPES).optional().describe('Put before a subject that has no such type yet.'),
  paths: paths
    .optional()
    .describe('Files or folders, untracked ones too; default: all tracked files of the workspace that differ.'),
  runHooks: z.boolean().default(false).describe('Run the commit hooks of the repository.'),
});
export type GitCommitInput = z.output<typeof gitCommitInputSchema>;

export const gitCommitAnswerSchema = z.object({
  ...workspaceShape,
  commit: z.string().describe('Full hash.'),
  branch: z.string().describe('Branch that it is on.'),
  parent: z.string().optional().describe('Commit before it.'),
  subject: z.string().describe('First line of the message.'),
  ...filesShape,
  notes: z.array(z.string()).describe('What was done otherwise than git itself would have.'),
});
export type GitCommitAnswer = z.infer<typeof gitCommitAnswerSchema>;

export const gitOpenPrInputSchema = z.object({
  workspace,
  branch: branchName.optional().describe('Local branch to publish; default: the one that is checked out.'),
  base: branchName.optional().describe('Branch to merge into; default: that of the repository.'),
  title: z.string().min(1).max(256).describe('Title, in a line.'),
  body: z.string().max(60_000).default('').describe('Text, in Markdown.'),
  draft: z.boolean().default(true).describe('As a draft.'),
  labels: z.array(z.string().min(1).max(50)).max(20).default([]).describe('Labels.'),
});
export type GitOpenPrInput = z.output<typeof gitOpenPrInputSchema>;

export const gitOpenPrAnswerSchema = z.object({
  ...workspaceShape,
  branch: z.string().describe('Branch that it is of.'),
  kind: z.enum(['remote', 'local', 'planned']).describe('Where it is; `planned`: nowhere yet.'),
  number: z.number().int().optional().describe('Number in its repository.'),
  url: z.string().optional().describe('Page of it.'),
  state: z.enum(PULL_REQUEST_STATE_NAMES).optional().describe('State.'),
  isNew: z.boolean().optional().describe('False: one of the branch was open already.'),
  folder: z.string().optional().describe('Folder with text and patch, where nothing was published.'),
  notes: z.array(z.string()).describe('What was done otherwise than asked.'),
});
export type GitOpenPrAnswer = z.infer<typeof gitOpenPrAnswerSchema>;

export const gitPrStatusInputSchema = z.object({
  workspace,
  number: z.number().int().min(1).optional().describe('Number of the pull request.'),
  branch: branchName.optional().describe('Its branch, in place of a number; default: the one that is checked out.'),
});
export type GitPrStatusInput = z.output<typeof gitPrStatusInputSchema>;

export const gitPrStatusAnswerSchema = seenPullRequestSchema.extend(workspaceShape);
export type GitPrStatusAnswer = z.infer<typeof gitPrStatusAnswerSchema>;
