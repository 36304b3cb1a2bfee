import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { NO_HOOKS } from './commit-hooks.ts';
import type { RunHook } from './commit-hooks.ts';
import type { CommitSelection } from './commit-selection.ts';
import type { IndexLock } from './index-lock.ts';
import { quarantineEnvironment, releaseObjects } from './object-quarantine.ts';
import type { RepositoryPlaces } from './repository-places.ts';
import { emptyTree } from './revisions.ts';
import { attemptGit, runGit } from './run-git.ts';
import { findSecretLines } from './secret-lines.ts';

interface CommitPlan {
  readonly places: RepositoryPlaces;
  readonly lock: IndexLock;
  readonly selection: CommitSelection;
  /** Full hash; undefined before the first commit. */
  readonly parent: string | undefined;
  readonly message: string;
  readonly hook?: RunHook | undefined;
  readonly signal?: AbortSignal | undefined;
}

const MAX_NAMED_SECRETS = 10;
const SCAN = ['--cached', '--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'] as const;
const SCAN_PREFIXES = ['--src-prefix=a/', '--dst-prefix=b/'] as const;

/**
 * Makes a commit of the selection and moves the branch that is checked out to it. All is made of an index and of objects in
 * `scratch`, and looked at there; the repository gets the objects, then the branch moves if it is where it was, then the
 * index follows for the paths of the selection. What fails before leaves index, working tree and branch as they were. Returns
 * the full hash. Throws `permission_denied` for what looks like a secret, `conflict` when a hook refuses or the branch has
 * moved, `invalid_input` when nothing differs, `not_configured` when git knows no author.
 */
export async function makeCommit(plan: CommitPlan, scratch: string): Promise<string> {
  const { places, lock, parent, hook = NO_HOOKS, signal } = plan;
  const objects = join(scratch, 'objects');
  await mkdir(objects);
  const quarantine = quarantineEnvironment(objects, places.objectsDir);
  const env = { ...quarantine, GIT_INDEX_FILE: join(scratch, 'commit.index'), GIT_LITERAL_PATHSPECS: '1' };
  const git = (...args: readonly string[]): Promise<string> => runGit(places.root, args, { env, signal });
  await git('read-tree', ...(parent === undefined ? ['--empty'] : [parent]));
  const take = await writeSelection(plan.selection, scratch);
  await take(git);
  await hook('pre-commit', { env, signal });
  const before = parent ?? (await emptyTree((args) => git(...args)));
  refuseSecrets(await git('diff', ...SCAN, ...SCAN_PREFIXES, before, '--'));
  const tree = (await git('write-tree')).trim();
  if (tree === (await git('rev-parse', `${before}^{tree}`)).trim()) {
    throw new AppError('invalid_input', 'There is nothing to commit: the files are as the last commit has them.');
  }
  const messageFile = join(scratch, 'message');
  await writeFile(messageFile, plan.message);
  await hook('commit-msg', { env, signal }, messageFile);
  const commit = await commitTree(git, { tree, parent, messageFile });
  const next = join(scratch, 'next.index');
  if (existsSync(lock.indexFile)) await copyFile(lock.indexFile, next);
  const nextEnv = { ...env, GIT_INDEX_FILE: next };
  await take((...args) => runGit(places.root, ['-c', 'core.splitIndex=false', ...args], { env: nextEnv, signal }));
  await releaseObjects(objects, places.objectsDir);
  if (signal?.aborted === true) throw new AppError('cancelled', 'The commit was cancelled. Nothing was committed.');
  await moveHead(plan, { commit, subject: subjectOf(await readFile(messageFile, 'utf8')) });
  await lock.replaceBy(next);
  return commit;
}

type Run = (...args: readonly string[]) => Promise<string>;

/** What brings the selection into an index; by a file, for there may be more names than a command takes. */
async function writeSelection(
  { taken, removed }: CommitSelection,
  scratch: string,
): Promise<(git: Run) => Promise<void>> {
  const fileOf = async (name: string, paths: readonly string[]): Promise<readonly string[]> => {
    const file = join(scratch, name);
    await writeFile(file, paths.map((path) => `${path}\0`).join(''));
    return [`--pathspec-from-file=${file}`, '--pathspec-file-nul'];
  };
  const takenFile = await fileOf('taken', taken);
  const removedFile = await fileOf('removed', removed);
  return async (git) => {
    if (taken.length > 0) await git('add', '--all', ...takenFile);
    if (removed.length > 0) await git('rm', '--cached', '--quiet', '--ignore-unmatch', ...removedFile);
  };
}

function refuseSecrets(patch: string): void {
  const found = findSecretLines(patch);
  const named = found.slice(0, MAX_NAMED_SECRETS).map(({ path, line }) => `${path}:${line}`);
  if (named.length === 0) return;
  const more = found.length > named.length ? ` and ${found.length - named.length} more` : '';
  throw new AppError('permission_denied', `What looks like a secret would be committed: ${named.join(', ')}${more}.`, {
    hint: 'Take it out, or leave those files out. If it is none, a person can commit it with git itself. Nothing was committed.',
    details: { secrets: found.slice(0, MAX_NAMED_SECRETS) },
  });
}

async function commitTree(
  git: Run,
  {
    tree,
    parent,
    messageFile,
  }: { readonly tree: string; readonly parent?: string | undefined; readonly messageFile: string },
): Promise<string> {
  const parents = parent === undefined ? [] : ['-p', parent];
  const args = ['-c', 'i18n.commitEncoding=utf-8', 'commit-tree', ...parents, '-F', messageFile, tree];
  const made = await attemptGit(git(...args));
  if (typeof made === 'string') return made.trim();
  if (!/tell me who you are|empty ident|auto-detect email/i.test(made.message)) throw made;
  throw new AppError('not_configured', 'git does not know who commits.', {
    hint: 'Set it with: git config user.name NAME, and git config user.email ADDRESS. Nothing was committed.',
    cause: made,
  });
}

/** By the old value as a lease. It is not cancelled halfway. */
async function moveHead(
  { places, parent }: CommitPlan,
  { commit, subject }: { readonly commit: string; readonly subject: string },
): Promise<void> {
  const old = parent ?? '0'.repeat(commit.length);
  const note = parent === undefined ? 'commit (initial)' : 'commit';
  const moved = await attemptGit(runGit(places.root, ['update-ref', '-m', `${note}: ${subject}`, 'HEAD', commit, old]));
  if (typeof moved === 'string') return;
  throw new AppError('conflict', 'The branch has moved meanwhile. Nothing was committed.', {
    hint: 'See git_status, and commit again.',
    cause: moved,
  });
}

function subjectOf(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
