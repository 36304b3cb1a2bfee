import { AppError } from '../core/errors.ts';
import { runPrivately } from './private-git.ts';
import { attemptGit, runGit } from './run-git.ts';
import { listCheckedOut } from './source-repository.ts';

export interface DeliverRequest {
  /** `agent/…`. */
  readonly branch: string;
  /** Full hash, of the private repository. */
  readonly commit: string;
  /** The commit that the branch is at there, where it may be replaced although it is not ours. */
  readonly lease?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const OWN_BRANCH = /^agent\/[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)*$/;

/** Throws `invalid_input` for what is no name of a branch that agents may make. */
export function requireOwnBranch(branch: string): void {
  const isName = OWN_BRANCH.test(branch) && !/\.\.|\.lock(?:\/|$)|\.(?:\/|$)/.test(branch) && branch.length <= 200;
  if (isName) return;
  throw new AppError('invalid_input', `\`${branch}\` is no name for a branch of an agent.`, {
    hint: 'Use agent/ and letters, digits, dots, dashes and underscores.',
  });
}

/** Nothing of it is fetched by the way, written down or cleaned up; the repository's own settings for that do not count. */
const QUIET = ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false', '-c', 'fetch.writeCommitGraph=false'];
const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--refmap='];
const ALONE = ['--no-recurse-submodules', '--no-prune', '--no-show-forced-updates'];
const TIMEOUT_MS = 120_000;

/** Puts one branch into the repository of a person; see `PrivateRepository.deliverBranch`. */
export async function deliverBranch(
  place: { readonly folder: string; readonly source: string },
  { branch, commit, lease, signal }: DeliverRequest,
): Promise<void> {
  requireOwnBranch(branch);
  const { folder, source } = place;
  const former = await findRef(source, `refs/heads/${branch}`);
  if (former === commit) return;
  const delivered = await attemptGit(runPrivately(folder, ['rev-parse', '--verify', '--quiet', deliveredRef(branch)]));
  const isOurs =
    former === undefined || former === lease || (typeof delivered === 'string' && delivered.trim() === former);
  if (!isOurs) throw foreign(branch, former ?? '');
  if ((await listCheckedOut(source)).includes(branch)) {
    throw new AppError(
      'conflict',
      `The branch ${branch} is checked out: it is not changed under whoever works on it.`,
      {
        hint: 'Check out another branch there first.',
      },
    );
  }
  await runGit(source, [...QUIET, ...FETCH, ...ALONE, folder, commit], { timeoutMs: TIMEOUT_MS, signal });
  // An empty old value means that there must be none: whoever was faster is not overwritten.
  const args = ['update-ref', '-m', 'branch: delivered', `refs/heads/${branch}`, commit, former ?? ''];
  const updated = await attemptGit(runGit(source, args));
  if (updated instanceof AppError) {
    throw new AppError('conflict', `The branch ${branch} was changed by somebody else just now.`, { cause: updated });
  }
  await runPrivately(folder, ['update-ref', deliveredRef(branch), commit]);
}

/** Where it is remembered what we have put there: that may be replaced by us. */
function deliveredRef(branch: string): string {
  return `refs/delivered/${branch}`;
}

async function findRef(folder: string, ref: string): Promise<string | undefined> {
  const found = await attemptGit(runGit(folder, ['rev-parse', '--verify', '--quiet', ref]));
  return found instanceof AppError ? undefined : found.trim();
}

function foreign(branch: string, former: string): AppError {
  return new AppError('conflict', `The branch ${branch} is at ${former} there, which was not delivered by us.`, {
    hint: 'Take another name, or give that hash as `lease` to replace it.',
  });
}
