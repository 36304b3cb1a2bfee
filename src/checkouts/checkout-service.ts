import { existsSync } from 'node:fs';
import { mkdir, realpath, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { RunIsolated } from '../core/process/index.ts';
import { PrivateRepository, requireOwnBranch } from '../git/index.ts';
import type { Checkout } from './checkout.ts';
import { claimTree, listTrees, releaseTree } from './checkout-owner.ts';
import { linkModules } from './module-links.ts';
import { TreeCheckout } from './tree-checkout.ts';

export interface CheckoutDeps {
  /** Absolute path of the data folder. */
  readonly dataDir: string;
  readonly log: Log;
  readonly runIsolated: RunIsolated;
}

export interface CheckoutRequest {
  /** Absolute path of a folder in the working tree of a repository. */
  readonly workspace: string;
  /** Where it begins: a branch, a tag, a hash; the commit that is checked out without it. What is not committed is not in it. */
  readonly base?: string | undefined;
  /** `agent/…`; a branch of ours of this name begins anew. Without it none is checked out: it is for reading. */
  readonly branch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Of all processes of the data folder together; each is a copy of all files. */
const MAX_CHECKOUTS = 16;
const MAX_TREE_BYTES = 4 * 1024 ** 3;
/** Left for everything else on the disk. */
const SPARE_BYTES = 512 * 1024 ** 2;

/** Opens checkouts and clears away those of dead processes. */
export class CheckoutService {
  readonly #deps: CheckoutDeps;
  readonly #open = new Map<string, Checkout>();

  constructor(deps: CheckoutDeps) {
    this.#deps = deps;
  }

  /**
   * A working tree of its own with a commit of the workspace's repository. Throws `unsupported` where there is no
   * repository, `invalid_input` for an unknown base or a bad name, `not_found` where the commit lacks the workspace's
   * folder, `conflict` where the branch is in use, `limit_reached` where there are too many or the disk is too full.
   */
  async open(request: CheckoutRequest): Promise<Checkout> {
    const { workspace, base = 'HEAD', branch, signal } = request;
    if (branch !== undefined) requireOwnBranch(branch);
    const repository = await this.#repositoryOf(workspace, signal);
    const baseCommit = await repository.resolve(base, signal);
    const trees = await this.#makeTrees();
    await requireRoom({ trees, repository, baseCommit });
    const checkoutId = newId();
    claimTree(trees, checkoutId, repository.folder);
    try {
      const path = join(trees, checkoutId);
      const worktree = await repository.addWorktree({ path, branch, commit: baseCommit, signal });
      const { prefix, root } = repository.source;
      if (!existsSync(join(path, prefix))) throw lacks(baseCommit, prefix);
      const modules = await linkModules({ from: root, to: path });
      const checkout = new TreeCheckout({
        checkoutId,
        branch,
        baseCommit,
        prefix,
        worktree,
        repository,
        modules,
        runIsolated: this.#deps.runIsolated,
        hidden: [this.#deps.dataDir, root],
        release: () => this.#remove(checkoutId, repository),
      });
      this.#open.set(checkoutId, checkout);
      return checkout;
    } catch (error) {
      await this.#remove(checkoutId, repository);
      throw error;
    }
  }

  /** The private repository of a workspace: its branches, merges to come, patches, delivery. */
  repositoryOf(workspace: string): Promise<PrivateRepository> {
    return this.#repositoryOf(workspace);
  }

  /** Deletes working trees that dead processes have left, and returns how many. What can't be deleted is logged. */
  async collectStale(): Promise<number> {
    const trees = this.#treesFolder();
    let count = 0;
    for (const { checkoutId, owner, isLive } of listTrees(trees)) {
      if (isLive) continue;
      try {
        await rm(join(trees, checkoutId), { recursive: true, force: true });
        if (owner !== undefined && existsSync(owner.repository)) await PrivateRepository.pruneAt(owner.repository);
        releaseTree(trees, checkoutId);
        count += 1;
      } catch (error) {
        this.#deps.log.warn({ checkoutId, reason: messageOf(error) }, 'a checkout of a dead process stays');
      }
    }
    return count;
  }

  /** Closes all that are still open. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((checkout) => checkout.close()));
  }

  async #repositoryOf(workspace: string, signal?: AbortSignal): Promise<PrivateRepository> {
    return PrivateRepository.open(join(this.#deps.dataDir, 'agent/repositories'), await realpath(workspace), signal);
  }

  async #makeTrees(): Promise<string> {
    await mkdir(this.#treesFolder(), { recursive: true, mode: 0o700 });
    return realpath(this.#treesFolder());
  }

  async #remove(checkoutId: string, repository: PrivateRepository): Promise<void> {
    const trees = this.#treesFolder();
    await repository.removeWorktree(join(trees, checkoutId));
    releaseTree(trees, checkoutId);
    this.#open.delete(checkoutId);
  }

  #treesFolder(): string {
    return join(this.#deps.dataDir, 'agent/trees');
  }
}

async function requireRoom(facts: {
  readonly trees: string;
  readonly repository: PrivateRepository;
  readonly baseCommit: string;
}): Promise<void> {
  const { trees, repository, baseCommit } = facts;
  const count = listTrees(trees).length;
  if (count >= MAX_CHECKOUTS) {
    throw new AppError('limit_reached', `There are ${count} checkouts already, at most ${MAX_CHECKOUTS} may be.`, {
      hint: 'Wait until one is closed.',
    });
  }
  const bytes = await repository.measureTree(baseCommit);
  const { bavail, bsize } = await statfs(trees);
  const room = Math.min(MAX_TREE_BYTES, bavail * bsize - SPARE_BYTES);
  if (bytes <= room) return;
  throw new AppError('limit_reached', `The files of ${baseCommit} take ${bytes} bytes, there is room for ${room}.`, {
    hint: 'Free space on the disk of the data folder.',
  });
}

function lacks(commit: string, prefix: string): AppError {
  return new AppError('not_found', `The commit ${commit} has no folder ${prefix}.`, {
    hint: 'Commit the folder of the workspace first, or name another base.',
  });
}
