import { z } from 'zod';
import { OPERATIONS } from './repository-places.ts';

/** How a repository stands. */

export const CHANGE_STATUSES = [
  'added',
  'modified',
  'deleted',
  'renamed',
  'copied',
  'retyped',
  'unmerged',
  'untracked',
] as const;

const stateFileSchema = z.object({
  path: z.string().describe('Relative to the workspace; a folder without a tracked file ends with a slash.'),
  status: z.enum(CHANGE_STATUSES).describe('What happened to it.'),
  from: z.string().optional().describe('Former path.'),
});
export type StateFile = z.infer<typeof stateFileSchema>;

const stateFilesSchema = z.object({
  total: z.number().int().describe('How many there are.'),
  files: z.array(stateFileSchema).describe('The first of them.'),
});
export type StateFiles = z.infer<typeof stateFilesSchema>;

const remoteStateSchema = z.object({
  name: z.string().describe('Name.'),
  url: z.string().describe('Address, without credentials.'),
  defaultBranch: z.string().optional().describe('What a clone begins with, as far as it is known here.'),
});
export type RemoteState = z.infer<typeof remoteStateSchema>;

export const repositoryStateSchema = z.object({
  root: z.string().describe('Root of the working tree.'),
  prefix: z.string().describe('From the root to the workspace; empty when they are the same.'),
  branch: z.string().optional().describe('Branch that is checked out; absent when HEAD is detached.'),
  commit: z.string().optional().describe('Full hash of HEAD; absent before the first commit.'),
  upstream: z.string().optional().describe('Branch that it follows.'),
  ahead: z.number().int().optional().describe('Commits that the upstream lacks.'),
  behind: z.number().int().optional().describe('Commits that only the upstream has.'),
  operation: z.enum(OPERATIONS).optional().describe('Begun, and not ended.'),
  isWorktree: z.boolean().describe('Whether it is a linked worktree.'),
  isShallow: z.boolean().describe('Whether the clone lacks old commits.'),
  staged: stateFilesSchema.describe('Index against HEAD.'),
  unstaged: stateFilesSchema.describe('Working tree against index.'),
  untracked: stateFilesSchema.describe('New, and not ignored.'),
  conflicted: stateFilesSchema.describe('Not merged.'),
  outside: z.number().int().describe('Changed files of the repository outside of the workspace.'),
  remotes: z.array(remoteStateSchema).describe('Remotes; at most 20.'),
});
export type RepositoryState = z.infer<typeof repositoryStateSchema>;
