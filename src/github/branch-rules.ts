import { AppError } from '../core/errors.ts';

/** All that is pushed, and all pull requests that are opened, come from branches below this. */
export const OWN_BRANCH_PREFIX = 'agent/';

const MAX_CHARACTERS = 200;
/** What git takes as a branch, less what a shell, a URL or a file system reads otherwise. */
const BRANCH = /^[\w+](?:[\w.+-]*[\w+-])?(?:\/[\w+](?:[\w.+-]*[\w+-])?)*$/;

/** Throws `invalid_input` for what is not a plain name of a branch. */
export function assertBranchName(branch: string): void {
  const isPlain = branch.length <= MAX_CHARACTERS && BRANCH.test(branch) && !/\.\.|\.lock(?:\/|$)/.test(branch);
  if (isPlain) return;
  throw new AppError(
    'invalid_input',
    `${JSON.stringify(branch.slice(0, MAX_CHARACTERS))} is no name of a branch here.`,
    {
      hint: 'Use letters, digits, and . _ + - between slashes, at most 200 characters.',
    },
  );
}

/** `patterns` are names, or end with a `*` that stands for anything. */
export function isProtectedBranch(branch: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? branch.startsWith(pattern.slice(0, -1)) : branch === pattern,
  );
}

/** Throws `permission_denied` for a branch that is not below `agent/`, or is protected. */
export function assertOwnBranch(branch: string, protectedBranches: readonly string[]): void {
  assertBranchName(branch);
  if (!branch.startsWith(OWN_BRANCH_PREFIX)) {
    throw new AppError(
      'permission_denied',
      `Branch ${branch} is not one of ours: it is not below ${OWN_BRANCH_PREFIX}.`,
      {
        hint: `Use a branch such as ${OWN_BRANCH_PREFIX}fix-1.`,
      },
    );
  }
  if (isProtectedBranch(branch, protectedBranches)) {
    throw new AppError('permission_denied', `Branch ${branch} is protected by \`github.protectedBranches\`.`, {
      hint: 'Use another branch, or change that list.',
    });
  }
}
