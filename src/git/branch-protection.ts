import { AppError } from '../core/errors.ts';
import { attemptGit } from './run-git.ts';
import type { Git } from './run-git.ts';

/** Branches that people agree on, and that nobody writes to without being asked. A `*` at the end stands for anything. */
export const PROTECTED_BRANCHES = ['main', 'master', 'develop', 'release/*'] as const;

const MAX_CHARACTERS = 200;

/** Without regard to case: where file systems have none, `Main` is the file of `main`. */
export function isProtectedName(branch: string, patterns: readonly string[]): boolean {
  const name = branch.toLowerCase();
  return patterns
    .map((pattern) => pattern.toLowerCase())
    .some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}

/** Throws `permission_denied`. */
export function assertUnprotected(branch: string, patterns: readonly string[]): void {
  if (!isProtectedName(branch, patterns)) return;
  throw new AppError('permission_denied', `Branch ${branch} is protected (${patterns.join(', ')}).`, {
    hint: 'Work on a branch of its own: git_create_branch makes one, and takes uncommitted changes along.',
  });
}

/**
 * Throws `invalid_input` for what git takes for no name of a branch, or for another's: `@{-1}` is the one before, and an option
 * is none.
 */
export async function assertBranchName(git: Git, name: string): Promise<void> {
  const isPlain = name.length <= MAX_CHARACTERS && !/^-|\p{Cc}/u.test(name);
  const checked = isPlain ? await attemptGit(git(['check-ref-format', '--branch', name])) : undefined;
  if (typeof checked === 'string' && checked.replace(/\n$/, '') === name) return;
  throw new AppError('invalid_input', `${JSON.stringify(name.slice(0, MAX_CHARACTERS))} is no name of a branch.`, {
    hint: 'Use letters, digits, and . _ - between slashes, such as agent/fix-login.',
  });
}
