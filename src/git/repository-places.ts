import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './run-git.ts';

/** Where a working tree and its repository lie; absolute paths. */
export interface RepositoryPlaces {
  /** Of the working tree. */
  readonly root: string;
  /** From the root to the folder that was asked about, with a slash at its end; empty for the root itself. */
  readonly prefix: string;
  readonly gitDir: string;
  /** The same as `gitDir` but in a linked worktree. */
  readonly commonDir: string;
  readonly objectsDir: string;
}

/** What was begun and is not ended: git itself waits for somebody to go on with it. */
export const OPERATIONS = ['merge', 'rebase', 'am', 'cherry-pick', 'revert', 'bisect'] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** Files of which git's own status concludes it, most telling first: a rebase picks commits. */
const OPERATION_MARKS: readonly (readonly [string, OperationName])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
];

/** Asks for each path by itself: one may hold a line feed. */
export async function readPlaces(git: Git): Promise<RepositoryPlaces> {
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await git(['rev-parse', '--path-format=absolute', ...args])).replace(/\r?\n$/, '');
  const [root, prefix, gitDir, commonDir, objectsDir] = await Promise.all([
    ask('--show-toplevel'),
    ask('--show-prefix'),
    ask('--git-dir'),
    ask('--git-common-dir'),
    ask('--git-path', 'objects'),
  ]);
  return { root, prefix, gitDir, commonDir, objectsDir };
}

export function findOperation({ gitDir }: Pick<RepositoryPlaces, 'gitDir'>): OperationName | undefined {
  return OPERATION_MARKS.find(([mark]) => existsSync(join(gitDir, mark)))?.[1];
}
