import { AppError } from '../core/errors.ts';
import { parseRawDiff } from './diff-reader.ts';
import type { ChangedFile } from './diff-reader.ts';
import { runInTree } from './private-git.ts';

/** A working tree of a private repository. */
export interface OwnWorktree {
  readonly path: string;
  /** Its own folder in the repository. */
  readonly gitDir: string;
}

export interface TreeCommit {
  readonly worktree: OwnWorktree;
  /** Subject, empty line, body. */
  readonly message: string;
  readonly author: GitPerson;
  readonly signal?: AbortSignal | undefined;
}

export interface GitPerson {
  readonly name: string;
  readonly email: string;
}

/** What a working tree has that a commit has not, and the other way round. */
export interface WorktreeDiff {
  /** Paths are relative to the root of the repository. */
  readonly files: readonly ChangedFile[];
  readonly addedLines: number;
  readonly removedLines: number;
  /** As `git diff` writes it; with a line at its end that says so where it is cut. */
  readonly patch: string;
}

const PLAIN = ['diff', '--cached', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-relative'];
const MAX_PATCH_CHARACTERS = 1024 * 1024;
const MAX_PATCH_BYTES = 256 * 1024 * 1024;

/** Commits all changes, new and deleted files too. Throws `invalid_input` when there are none. */
export async function commitWorktree({ worktree, message, author, signal }: TreeCommit): Promise<string> {
  await stageAll(worktree, signal);
  const staged = await runInTree(worktree, [...PLAIN, '--raw', '-z', 'HEAD', '--'], { signal });
  if (staged === '')
    throw new AppError('invalid_input', 'There is nothing to commit: no file differs from the last commit.');
  const args = ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '--cleanup=whitespace', `--message=${message}`];
  await runInTree(worktree, args, { env: personEnvironment(author), signal });
  return (await runInTree(worktree, ['rev-parse', 'HEAD'])).trim();
}

/** Stages everything, which is seen by nobody else: each working tree has an index of its own. */
export async function diffWorktree(worktree: OwnWorktree, base: string, signal?: AbortSignal): Promise<WorktreeDiff> {
  await stageAll(worktree, signal);
  const ask = (...form: readonly string[]): Promise<string> =>
    runInTree(worktree, [...PLAIN, ...form, base, '--'], { maxBytes: MAX_PATCH_BYTES, signal });
  const files = parseRawDiff(await ask('--raw', '-z'));
  const counts = (await ask('--numstat', '-z')).split('\0').map((row) => row.split('\t'));
  const sum = (column: number): number => counts.reduce((total, row) => total + (Number(row[column]) || 0), 0);
  const patch = await ask('--src-prefix=a/', '--dst-prefix=b/');
  return { files, addedLines: sum(0), removedLines: sum(1), patch: bounded(patch) };
}

/** Back to a commit, branch too; new files are deleted, ignored ones stay. */
export async function resetWorktree(worktree: OwnWorktree, commit: string): Promise<void> {
  await runInTree(worktree, ['reset', '--quiet', '--hard', commit, '--']);
  await runInTree(worktree, ['clean', '--quiet', '-ffd']);
}

/** Tracked and new files that are there, relative to a folder within, sorted. Nested repositories are left out. */
export async function listWorktree(worktree: OwnWorktree, folder: string): Promise<string[]> {
  const list = async (...form: readonly string[]): Promise<string[]> =>
    fieldsOf(await runInTree(worktree, ['ls-files', '-z', ...form], { cwd: folder }));
  const links = new Set((await list('--stage')).map((row) => gitlinkOf(row)));
  const gone = new Set(await list('--deleted'));
  const found = [...(await list('--cached')), ...(await list('--others', '--exclude-standard'))];
  const files = found.filter((path) => !path.endsWith('/') && !links.has(path) && !gone.has(path));
  return [...new Set(files)].toSorted();
}

/** Repositories within are left as they are: git would look into them, and do what they configure. */
async function stageAll(worktree: OwnWorktree, signal?: AbortSignal): Promise<void> {
  const tracked = fieldsOf(await runInTree(worktree, ['ls-files', '-z', '--stage'], { signal }));
  const fresh = fieldsOf(await runInTree(worktree, ['ls-files', '-z', '--others', '--exclude-standard'], { signal }));
  const nested = [...tracked.map(gitlinkOf), ...fresh.filter((path) => path.endsWith('/'))];
  const except = nested
    .filter((path) => path !== undefined)
    .map((path) => `:(exclude,literal)${path.replace(/\/$/, '')}`);
  await runInTree(worktree, ['add', '--all', '--', '.', ...except], { signal });
}

/** The path of a row of `ls-files --stage`, if it is another repository. */
function gitlinkOf(row: string): string | undefined {
  return /^160000 \S+ \d\t(.+)$/s.exec(row)?.[1];
}

function fieldsOf(text: string): string[] {
  return text.split('\0').filter((field) => field !== '');
}

function bounded(patch: string): string {
  if (patch.length <= MAX_PATCH_CHARACTERS) return patch;
  return `${patch.slice(0, MAX_PATCH_CHARACTERS)}\n[${patch.length - MAX_PATCH_CHARACTERS} characters after this were left out]\n`;
}

export function personEnvironment({ name, email }: GitPerson): Record<string, string> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, ...committerEnvironment({ name, email }) };
}

export function committerEnvironment({ name, email }: GitPerson): Record<string, string> {
  return { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
