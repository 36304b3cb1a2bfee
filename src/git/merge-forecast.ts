import { AppError } from '../core/errors.ts';
import { readPlaces } from './repository-places.ts';
import { requireRepository, revisionOf } from './revisions.ts';
import { runGit } from './run-git.ts';
import type { Git } from './run-git.ts';
import { withScratchFolder } from './scratch-folder.ts';

export interface MergeForecastRequest {
  /** Absolute path of a folder in the working tree; the whole repository is looked at. */
  readonly folder: string;
  readonly ours: string;
  readonly theirs: string;
  readonly signal?: AbortSignal | undefined;
}

export interface MergeConflict {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** `contents`, `modify/delete`, `add/add`, `rename/rename`, …: git's own word for it. */
  readonly kind: string;
}

export interface MergeForecast {
  readonly isClean: boolean;
  readonly conflicts: readonly MergeConflict[];
  /** Hash of the tree that the merge would have; with conflicts their marks are in it. */
  readonly tree: string;
}

/** Runs git with these arguments, where the exit codes are not failures. */
type RunMerge = (args: readonly string[], expectedExitCodes: readonly number[]) => Promise<string>;

/** The conflicts of a merge. */
const CONFLICTING = 1;

/**
 * What a merge of two revisions would come to. It is made for good by `git merge-tree`, but of objects that are written into
 * a folder of its own: neither the working tree nor the repository is written. Throws `invalid_input` for an unknown revision,
 * `conflict` for two that share no commit.
 */
export async function forecastMerge({ folder, ours, theirs, signal }: MergeForecastRequest): Promise<MergeForecast> {
  const git: Git = (args) => runGit(folder, args, { signal });
  await requireRepository(git, folder, 'Name a workspace inside of one.');
  const sides = [await revisionOf(git, ours), await revisionOf(git, theirs)];
  const { objectsDir } = await readPlaces(git);
  return withScratchFolder(async (scratch) => {
    const env = { GIT_OBJECT_DIRECTORY: scratch, GIT_ALTERNATE_OBJECT_DIRECTORIES: quotedPath(objectsDir) };
    try {
      return await mergeTree(sides, (args, expectedExitCodes) =>
        runGit(folder, args, { env, signal, expectedExitCodes }),
      );
    } catch (error) {
      if (!(error instanceof AppError) || !error.message.includes('unrelated histories')) throw error;
      throw new AppError('conflict', `\`${ours}\` and \`${theirs}\` share no commit: they can't be merged.`, {
        hint: 'A shallow clone may lack the commit: fetch more of the history.',
        cause: error,
      });
    }
  });
}

/** Merges two commits, the last of `args`, without a working tree (git-merge-tree(1)); what that writes goes where `run` says. */
export async function mergeTree(args: readonly string[], run: RunMerge): Promise<MergeForecast> {
  const form = ['merge-tree', '--write-tree', '-z', '--name-only', '--messages'];
  return parseMergeTree(await run([...form, ...args], [0, CONFLICTING]));
}

/** Quoted as git reads it in lists of folders and in `info/alternates`, whatever the path holds. */
export function quotedPath(path: string): string {
  return JSON.stringify(path);
}

/**
 * Reads `git merge-tree --write-tree -z --name-only`: the tree, paths in conflict, an empty field, and then messages, each as
 * a number of paths, those paths, a kind and a text. Source: git-merge-tree(1), "Output".
 */
function parseMergeTree(text: string): MergeForecast {
  const fields = text.split('\0');
  const end = fields.indexOf('', 1);
  const paths = [...new Set(fields.slice(1, end === -1 ? undefined : end))];
  const kinds = kindsOf(end === -1 ? [] : fields.slice(end + 1));
  return {
    tree: fields[0] ?? '',
    isClean: paths.length === 0,
    conflicts: paths.map((path) => ({ path, kind: kinds.get(path) ?? 'contents' })),
  };
}

function kindsOf(fields: readonly string[]): Map<string, string> {
  const kinds = new Map<string, string>();
  for (let at = 0; at < fields.length;) {
    const head = fields[at] ?? '';
    const count = Number(head);
    if (head === '' || !Number.isInteger(count)) break;
    const paths = fields.slice(at + 1, at + 1 + count);
    const kind: string | undefined = /^CONFLICT \((.*)\)$/.exec(fields[at + 1 + count] ?? '')?.[1];
    if (kind !== undefined) for (const path of paths) kinds.set(path, kind);
    at += count + 3;
  }
  return kinds;
}
