import { AppError } from '../core/errors.ts';
import { attemptGit } from './run-git.ts';
import type { Git } from './run-git.ts';

/** The tree without files, which every repository knows (of SHA-1 and of SHA-256). */
const EMPTY_TREES = [
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
] as const;

/** Whether a base is none: what stands before the first commit. */
export function isEmptyTree(base: string): boolean {
  return EMPTY_TREES.some((tree) => tree === base);
}

/** Throws `unsupported` where there is no working tree, `permission_denied` where git trusts it not. */
export async function requireRepository(git: Git, folder: string, hint: string): Promise<void> {
  const inside = await attemptGit(git(['rev-parse', '--is-inside-work-tree']));
  if (!(inside instanceof AppError) && inside.trim() === 'true') return;
  const message = inside instanceof AppError ? inside.message : '';
  if (message.includes('dubious ownership')) {
    throw new AppError('permission_denied', `git refuses ${folder}: the repository belongs to another user.`, {
      hint: `Trust it with: git config --global --add safe.directory ${folder}`,
    });
  }
  throw new AppError('unsupported', `${folder} is not in the working tree of a git repository.`, {
    hint,
  });
}

/** Where the new side left `from`; where the two share no commit, `from` itself. */
export async function baseOf(git: Git, from: string | undefined, head: string | undefined): Promise<string> {
  if (from === undefined && head === undefined) {
    const current = await attemptGit(git(['rev-parse', '--verify', '--quiet', 'HEAD']));
    return current instanceof AppError ? emptyTree(git) : current.trim();
  }
  // `to` alone: the last commit of it, as if one had asked for that commit.
  const start = from === undefined ? await firstParentOf(git, head ?? 'HEAD') : await revisionOf(git, from);
  const shared = await attemptGit(git(['merge-base', start, head ?? 'HEAD']));
  return shared instanceof AppError ? start : shared.trim();
}

async function firstParentOf(git: Git, commit: string): Promise<string> {
  const parent = await attemptGit(git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^`]));
  return parent instanceof AppError ? emptyTree(git) : parent.trim();
}

/** Its hash in the format of the repository. */
export async function emptyTree(git: Git): Promise<string> {
  const format = (await git(['rev-parse', '--show-object-format'])).trim();
  return format === 'sha256' ? EMPTY_TREES[1] : EMPTY_TREES[0];
}

/** The full hash of a commit that was named from outside. Throws `invalid_input` for what names none. */
export async function revisionOf(git: Git, revision: string): Promise<string> {
  // Options and control characters are no names; the rest is one argument, whatever it holds.
  const isName = !/^-|\p{Cc}/u.test(revision);
  const found = isName
    ? await attemptGit(git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]))
    : undefined;
  if (typeof found === 'string') return found.trim();
  throw new AppError('invalid_input', `\`${revision}\` is no commit of this repository.`, {
    hint: 'Give a branch, a tag, a hash or HEAD~2; `git log --oneline` lists commits, a shallow clone lacks old ones.',
  });
}
