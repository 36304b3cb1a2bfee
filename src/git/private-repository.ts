import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { deliverBranch, requireOwnBranch } from './deliver-branch.ts';
import type { DeliverRequest } from './deliver-branch.ts';
import { mergeTree } from './merge-forecast.ts';
import { commitWorktree, committerEnvironment, diffWorktree, listWorktree, resetWorktree } from './own-worktree.ts';
import type { TreeCommit, GitPerson, OwnWorktree, WorktreeDiff } from './own-worktree.ts';
import { preparePrivate, runInTree, runPrivately } from './private-git.ts';
import { attemptGit } from './run-git.ts';
import { findSource, resolveCommit } from './source-repository.ts';
import type { SourcePlace } from './source-repository.ts';

export interface WorktreeRequest {
  /** Absolute; must not be there yet. */
  readonly path: string;
  /** `agent/…`; one that is there already begins anew. Without it no branch is checked out. */
  readonly branch?: string | undefined;
  readonly commit: string;
  readonly signal?: AbortSignal | undefined;
}

/** How a commit stands to a branch that has moved on meanwhile. */
export interface MergeStanding {
  /** `contained`: the branch has the same change by now. */
  readonly kind: 'merges' | 'contained' | 'conflicts';
  /** Paths in the repository that a person would have to decide about, sorted. */
  readonly conflicts: readonly string[];
}

export interface RebaseRequest {
  readonly branch: string;
  readonly onto: string;
  readonly committer: GitPerson;
  readonly signal?: AbortSignal | undefined;
}

export interface RebaseOutcome {
  readonly isClean: boolean;
  /** Paths in the repository that a person would have to decide about, sorted. */
  readonly conflicts: readonly string[];
  /** Where the branch is now; where it was, if there are conflicts. */
  readonly commit: string;
}

/**
 * A repository of our own beside that of a person: it reads the person's objects (gitrepository-layout(5), `alternates`)
 * and writes into itself, so that working trees, branches and commits of agents leave no trace there. Only
 * `deliverBranch` writes there. Objects are read in place: when a person deletes and prunes history, what was built on it
 * is lost. Where git would write an object that the person has, it sets the time of the person's file instead, as it
 * does to keep it from being pruned; what the files hold is never changed.
 */
export class PrivateRepository {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly source: SourcePlace;
  readonly #workspace: string;

  private constructor(folder: string, source: SourcePlace, workspace: string) {
    this.folder = folder;
    this.source = source;
    this.#workspace = workspace;
  }

  /**
   * That of the repository which the folder `workspace` is in, made where there is none below `parent` yet. All working
   * trees of a person's repository share one. Throws `unsupported` where there is no repository.
   */
  static async open(parent: string, workspace: string, signal?: AbortSignal): Promise<PrivateRepository> {
    const source = await findSource(workspace, signal);
    await mkdir(parent, { recursive: true, mode: 0o700 });
    const name = createHash('sha256').update(source.commonDir).digest('hex').slice(0, 16);
    const folder = join(await realpath(parent), name);
    await preparePrivate(folder, source);
    return new PrivateRepository(folder, source, workspace);
  }

  /** Full hash of what a branch, tag, hash or HEAD names to the person. Throws `invalid_input` for an unknown one. */
  resolve(ref: string, signal?: AbortSignal): Promise<string> {
    return resolveCommit(this.#workspace, ref, signal);
  }

  /** Bytes of the files of a commit. */
  async measureTree(commit: string, signal?: AbortSignal): Promise<number> {
    const text = await this.#git(['ls-tree', '-r', '-z', '--format=%(objectsize)', commit], signal);
    return text.split('\0').reduce((sum, size) => sum + (Number(size) || 0), 0);
  }

  /** Throws `conflict` where the branch is checked out in another one of ours. */
  async addWorktree({ path, branch, commit, signal }: WorktreeRequest): Promise<OwnWorktree> {
    if (branch !== undefined) await this.#requireFree(branch);
    const what = branch === undefined ? ['--detach'] : ['--no-track', '-B', branch];
    await this.#git(['worktree', 'add', '--quiet', ...what, path, commit], signal);
    return { path, gitDir: await gitDirOf(path) };
  }

  async listWorktrees(): Promise<{ readonly path: string; readonly branch: string | undefined }[]> {
    const text = await this.#git(['worktree', 'list', '--porcelain', '-z']);
    return text
      .split('\0\0')
      .map((entry) => entry.split('\0'))
      .filter((lines) => lines[0]?.startsWith('worktree ') === true && !lines.includes('bare'))
      .map((lines) => ({ path: valueOf(lines, 'worktree ') ?? '', branch: valueOf(lines, 'branch refs/heads/') }));
  }

  /** Whatever state it is in; harmless when it is gone. */
  async removeWorktree(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    await this.prune();
  }

  /** Forgets working trees whose folder is gone. */
  prune(): Promise<void> {
    return PrivateRepository.pruneAt(this.folder);
  }

  /** The same, where the person's repository may be gone too. */
  static async pruneAt(folder: string): Promise<void> {
    await runPrivately(folder, ['worktree', 'prune', '--expire=now']);
  }

  /** Commits all changes and returns the full hash. Throws `invalid_input` when there are none. */
  commitAll(request: TreeCommit): Promise<string> {
    return commitWorktree(request);
  }

  /** A working tree, with its new files, against a commit. */
  diff(worktree: OwnWorktree, base: string, signal?: AbortSignal): Promise<WorktreeDiff> {
    return diffWorktree(worktree, base, signal);
  }

  reset(worktree: OwnWorktree, commit: string): Promise<void> {
    return resetWorktree(worktree, commit);
  }

  /** Tracked and new files of a folder of a working tree, relative to it, sorted. */
  listFiles(worktree: OwnWorktree, folder: string): Promise<string[]> {
    return listWorktree(worktree, folder);
  }

  /** What merging `head` into `base` would come to. Takes branches of ours and hashes; throws `invalid_input` for others. */
  async standing({ base, head }: { readonly base: string; readonly head: string }): Promise<MergeStanding> {
    const onto = await this.#commitOf(base);
    const { isClean, tree, conflicts } = await mergeTree(
      // The commits between may be missing from a shallow clone.
      ['--allow-unrelated-histories', onto, await this.#commitOf(head)],
      (args, expectedExitCodes) => runPrivately(this.folder, args, { expectedExitCodes }),
    );
    if (!isClean) return { kind: 'conflicts', conflicts: conflicts.map(({ path }) => path).toSorted() };
    const former = (await this.#git(['rev-parse', `${onto}^{tree}`])).trim();
    return { kind: tree === former ? 'contained' : 'merges', conflicts: [] };
  }

  /** Whether what the person has checked out has a commit among its ancestors. */
  async isInHead(commit: string, signal?: AbortSignal): Promise<boolean> {
    const args = ['merge-base', '--is-ancestor', await this.#commitOf(commit), await this.resolve('HEAD', signal)];
    return typeof (await attemptGit(this.#git(args, signal))) === 'string';
  }

  /** Moves a branch of ours onto another commit; with conflicts it stays as it was. Throws `conflict` where it is checked out. */
  async rebase({ branch, onto, committer, signal }: RebaseRequest): Promise<RebaseOutcome> {
    await this.#requireFree(branch);
    const [former, target] = [await this.#commitOf(branch), await this.#commitOf(onto)];
    const path = join(this.folder, 'rebases', newId());
    await mkdir(join(this.folder, 'rebases'), { recursive: true });
    try {
      await this.#git(['worktree', 'add', '--quiet', '--detach', path, former], signal);
      const worktree = { path, gitDir: await gitDirOf(path) };
      const conflicts = await rebaseIn(worktree, { target, committer, signal });
      if (conflicts.length > 0) return { isClean: false, conflicts, commit: former };
      const commit = (await runInTree(worktree, ['rev-parse', 'HEAD'])).trim();
      await this.#git(['update-ref', `refs/heads/${branch}`, commit, former]);
      return { isClean: true, conflicts: [], commit };
    } finally {
      await this.removeWorktree(path);
    }
  }

  /** The commits of `head` that `base` has not, as mails that `git am` takes. */
  async formatPatch({ base, head }: { readonly base: string; readonly head: string }): Promise<string> {
    const range = `${await this.#commitOf(base)}..${await this.#commitOf(head)}`;
    return this.#git(['format-patch', '--stdout', '--no-signature', '--binary', '--no-color', range]);
  }

  /**
   * Puts one branch into the repository of the person: its objects and one ref. Throws `conflict` where a branch of this
   * name has commits that we did not deliver (unless `lease` names them) or is checked out, `invalid_input` where it is
   * not named `agent/…`.
   */
  deliverBranch(request: DeliverRequest): Promise<void> {
    return deliverBranch({ folder: this.folder, source: this.#workspace }, request);
  }

  /** What a branch of ours was pushed as last; undefined before the first time. */
  async findPushed(branch: string): Promise<string | undefined> {
    const found = await attemptGit(this.#git(['rev-parse', '--verify', '--quiet', pushedRef(branch)]));
    return typeof found === 'string' ? found.trim() : undefined;
  }

  /** Remembers that it was: what lies there is then known to be ours. */
  async markPushed(branch: string, commit: string): Promise<void> {
    requireOwnBranch(branch);
    await this.#git(['update-ref', pushedRef(branch), commit]);
  }

  async #requireFree(branch: string): Promise<void> {
    requireOwnBranch(branch);
    if ((await this.listWorktrees()).some((worktree) => worktree.branch === branch)) throw inUse(branch);
  }

  async #commitOf(revision: string): Promise<string> {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    const isName = revision !== '' && !/^-|\p{Cc}/u.test(revision);
    const found = isName ? await attemptGit(this.#git(args)) : undefined;
    if (typeof found === 'string') return found.trim();
    throw new AppError('invalid_input', `\`${revision}\` is no commit of the private repository.`, {
      hint: 'Give a full hash or a branch of ours; `resolve` makes hashes of names of the person.',
    });
  }

  #git(args: readonly string[], signal?: AbortSignal): Promise<string> {
    return runPrivately(this.folder, args, { signal });
  }
}

function pushedRef(branch: string): string {
  return `refs/lightdom/pushed/${branch}`;
}

async function rebaseIn(
  worktree: OwnWorktree,
  { target, committer, signal }: { target: string; committer: GitPerson; signal: AbortSignal | undefined },
): Promise<string[]> {
  const args = ['rebase', '--quiet', '--no-stat', '--no-autostash', '--no-verify', '--empty=drop', target];
  const done = await attemptGit(runInTree(worktree, args, { env: committerEnvironment(committer), signal }));
  if (typeof done === 'string') return [];
  const text = await runInTree(worktree, ['diff', '--name-only', '--diff-filter=U', '-z']);
  const conflicts = text.split('\0').filter((name) => name !== '');
  if (conflicts.length === 0) throw done;
  return [...new Set(conflicts)].toSorted();
}

/** The file `.git` of a working tree, as git has just written it. */
async function gitDirOf(path: string): Promise<string> {
  const text = await readFile(join(path, '.git'), 'utf8');
  return text.replace(/^gitdir: /, '').trim();
}

function valueOf(lines: readonly string[], prefix: string): string | undefined {
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
}

function inUse(branch: string): AppError {
  return new AppError('conflict', `The branch ${branch} is checked out by another attempt.`, {
    hint: 'Close that checkout first, or take another name.',
  });
}
