import { AppError } from '../core/errors.ts';
import { redactText } from '../core/redact.ts';
import { assertBranchName, assertUnprotected } from './branch-protection.ts';
import { hooksOf, NO_HOOKS } from './commit-hooks.ts';
import { makeCommit } from './commit-making.ts';
import { selectChanges } from './commit-selection.ts';
import { withIndexLock } from './index-lock.ts';
import { parseStatus, STATUS } from './porcelain-status.ts';
import type { PorcelainStatus } from './porcelain-status.ts';
import { findOperation, readPlaces } from './repository-places.ts';
import type { RepositoryPlaces } from './repository-places.ts';
import { requireRepository, revisionOf } from './revisions.ts';
import { attemptGit, runGit } from './run-git.ts';
import type { Git } from './run-git.ts';
import { withScratchFolder } from './scratch-folder.ts';

export interface CreateBranchRequest {
  /** Absolute path of a folder in the working tree. */
  readonly folder: string;
  readonly name: string;
  /** Where it begins; the commit that is checked out without it. */
  readonly from?: string | undefined;
  /** Goes over to it; uncommitted changes come along. */
  readonly checkout: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface CreatedBranch {
  readonly branch: string;
  /** Full hash; absent before the first commit. */
  readonly commit?: string;
  readonly isCheckedOut: boolean;
  /** What was checked out before; absent when HEAD was detached. */
  readonly previous?: string;
}

export interface CommitRequest {
  /** Absolute path of a folder in the working tree; nothing outside of it is committed. */
  readonly folder: string;
  /** Subject, empty line, body. */
  readonly message: string;
  /** Files or folders relative to `folder`, with what is untracked in them; without it all tracked files that differ. */
  readonly paths?: readonly string[] | undefined;
  /** Runs the hooks of the repository; none without it. */
  readonly runHooks?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MadeCommit {
  /** Full hash. */
  readonly commit: string;
  readonly branch: string;
  /** Full hash; absent for the first one. */
  readonly parent?: string;
  readonly subject: string;
  /** What was done otherwise than git itself would have. */
  readonly notes: readonly string[];
}

export interface GitWriterOptions {
  /** Names, or beginnings of names with a `*` behind them; they are neither made nor committed to. */
  readonly protectedBranches: readonly string[];
}

const ELSEWHERE = 'Name a workspace inside of one.';
const MAX_MESSAGE_CHARACTERS = 20_000;

/** What somebody has asked to be done in their own checkout. Each method does the whole of it, or nothing. */
export class GitWriter {
  readonly #protected: readonly string[];

  constructor({ protectedBranches }: GitWriterOptions) {
    this.#protected = protectedBranches;
  }

  /**
   * Throws `invalid_input` for a bad name or revision, `permission_denied` for a protected name, `conflict` for one that there
   * is, during a merge and the like, and when uncommitted changes would be in the way.
   */
  async createBranch({ folder, name, from, checkout, signal }: CreateBranchRequest): Promise<CreatedBranch> {
    const git: Git = (args) => runGit(folder, args, { signal });
    await requireRepository(git, folder, ELSEWHERE);
    await assertBranchName(git, name);
    assertUnprotected(name, this.#protected);
    refuseOperation(await readPlaces(git));
    const status = parseStatus(await git([...STATUS, '--untracked-files=no']));
    const commit = from === undefined ? status.commit : await revisionOf(git, from);
    if (commit === undefined && !checkout) {
      throw new AppError('not_ready', 'There is no commit yet that a branch could point to.', {
        hint: 'Check the branch out as well: the first commit is then made on it.',
      });
    }
    if (checkout) refuseCarrying(status, commit);
    const start = commit === undefined || (checkout && commit === status.commit) ? [] : [commit];
    const command = checkout
      ? ['-c', 'submodule.recurse=false', 'switch', '--quiet', '--no-track', '--create', name, ...start]
      : ['branch', '--no-track', name, ...start];
    await orConflict(git(command), name);
    return {
      branch: name,
      ...(commit !== undefined && { commit }),
      isCheckedOut: checkout,
      ...(status.branch !== undefined && { previous: status.branch }),
    };
  }

  /**
   * Throws `invalid_input` for an empty message or when nothing differs, `permission_denied` on a protected branch and for what
   * looks like a secret (it names file and line), `conflict` during a merge and the like, on a detached HEAD, and while
   * another git is at work, `not_configured` when git knows no author.
   */
  async commit({ folder, message, paths, runHooks = false, signal }: CommitRequest): Promise<MadeCommit> {
    const text = checkedMessage(message);
    const git: Git = (args) => runGit(folder, args, { signal });
    await requireRepository(git, folder, ELSEWHERE);
    const places = await readPlaces(git);
    refuseOperation(places);
    const hook = runHooks ? await hooksOf(places) : NO_HOOKS;
    return withIndexLock(places.gitDir, async (lock) => {
      const status = parseStatus(await git([...STATUS, '--no-renames', '--untracked-files=all']));
      const branch = this.#writableBranch(status);
      const selection = selectChanges(status.entries, { prefix: places.prefix, paths });
      const parent = status.commit;
      const plan = { places, lock, selection, parent, message: text, hook, signal };
      const commit = await withScratchFolder((scratch) => makeCommit(plan, scratch));
      const notes = [...(await hookNote(hook, signal)), ...(await signatureNote(git))];
      return {
        commit,
        branch,
        ...(parent !== undefined && { parent }),
        subject: text.split('\n', 1)[0] ?? '',
        notes,
      };
    });
  }

  #writableBranch({ branch, entries }: PorcelainStatus): string {
    if (branch === undefined) {
      throw new AppError('conflict', 'HEAD is detached: no branch would hold the commit.', {
        hint: 'Call git_create_branch first, with checkout.',
      });
    }
    assertUnprotected(branch, this.#protected);
    const conflicted = entries.find(({ isConflicted }) => isConflicted);
    if (conflicted === undefined) return branch;
    throw new AppError('conflict', `${JSON.stringify(conflicted.path)} is not merged.`, {
      hint: 'Resolve what git_status lists as conflicted, and `git add` it.',
    });
  }
}

function refuseOperation(places: RepositoryPlaces): void {
  const operation = findOperation(places);
  if (operation === undefined) return;
  throw new AppError('conflict', `A ${operation} is in progress in ${places.root}.`, {
    hint: `End it first: \`git ${operation}\` with --continue or --abort (of a bisect: reset).`,
  });
}

/** To another commit, changes would have to be carried over: that can fail halfway, and mixes what belongs apart. */
function refuseCarrying({ commit, entries }: PorcelainStatus, target: string | undefined): void {
  if (commit === target || entries.length === 0) return;
  throw new AppError('conflict', `${entries.length} tracked files differ from HEAD, and the branch begins elsewhere.`, {
    hint: 'Commit first, leave `from` out, or leave checkout out.',
  });
}

async function orConflict(work: Promise<string>, name: string): Promise<void> {
  const done = await attemptGit(work);
  if (typeof done === 'string') return;
  const said = /(?:fatal|error): ([^\n]*)/.exec(done.message)?.[1] ?? done.message;
  throw new AppError('conflict', `Branch ${name} can't be made: ${said}.`, {
    hint: 'Choose another name: each of its parts can be a branch or a folder of branches, not both.',
    cause: done,
  });
}

function checkedMessage(message: string): string {
  const text = `${message.replaceAll('\0', '').replaceAll('\r\n', '\n').trim()}\n`;
  if (text === '\n' || text.length > MAX_MESSAGE_CHARACTERS) {
    throw new AppError('invalid_input', `The message has ${text.length - 1} characters.`, {
      hint: `Give 1 to ${MAX_MESSAGE_CHARACTERS}: a subject, and perhaps an empty line and a body.`,
    });
  }
  if (redactText(text) === text) return text;
  throw new AppError('permission_denied', 'The message holds what looks like a secret.', { hint: 'Take it out.' });
}

/** The commit is there: a hook behind it can't take it back. */
async function hookNote(hook: typeof NO_HOOKS, signal: AbortSignal | undefined): Promise<readonly string[]> {
  try {
    await hook('post-commit', { signal });
    return [];
  } catch (error) {
    if (error instanceof AppError) return [error.message];
    throw error;
  }
}

async function signatureNote(git: Git): Promise<readonly string[]> {
  const wanted = await attemptGit(git(['config', '--type=bool', '--get', 'commit.gpgSign']));
  const isWanted = typeof wanted === 'string' && wanted.trim() === 'true';
  return isWanted ? ['it is not signed, though commit.gpgSign is set: a passphrase could not be asked for'] : [];
}
