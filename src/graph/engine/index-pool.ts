import { availableParallelism } from 'node:os';
import { AppError } from '../../core/errors.ts';
import type { GraphColumns } from '../graph-schema.ts';
import type { WorkspaceModel } from '../type-source.ts';
import { IndexThread } from './index-thread.ts';
import type { IndexCallbacks, IndexRequest, IndexThreadOptions } from './index-thread.ts';
import { mergeShares } from './merge-shares.ts';
import { planShares, shareCountOf } from './share-plan.ts';

export interface IndexPoolOptions extends IndexThreadOptions {
  /** In place of the processors there are. */
  readonly processors?: number;
  /** In place of what the size of a workspace makes worth while. */
  readonly shares?: number;
}

/** More compilers than these only share their memory. */
const MAX_SHARES = 8;

/**
 * The threads on which indexes are made, so that nothing else waits for them. One index at a time; a large workspace is
 * divided among several threads, each with a compiler of its own.
 */
export class IndexPool {
  readonly #options: IndexPoolOptions;
  readonly #threads: IndexThread[];

  constructor(options: IndexPoolOptions) {
    this.#options = options;
    this.#threads = [new IndexThread(options)];
  }

  /**
   * The whole graph of a workspace. A file that the checker can't get through, for want of memory or of time, is left to
   * syntax and the rest is done again without it. Throws `limit_reached` when that does not help, `cancelled` with the
   * signal, and what discovery throws; never returns part of a graph.
   */
  async index(request: IndexRequest, callbacks: IndexCallbacks): Promise<GraphColumns> {
    const workspace = await this.#thread(0).discover(request, callbacks);
    const count = this.#shareCount(request, workspace);
    if (count === 1) return this.#thread(0).extract({ ...request, workspace }, callbacks);
    return this.#extractShares({ ...request, workspace }, planShares(workspace, count), callbacks);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  /** Syntax is read faster than it is divided; and the reference engine has no compiler of its own to divide. */
  #shareCount({ engine }: IndexRequest, workspace: WorkspaceModel): number {
    if (engine === 'oxc' || engine === 'ts-morph') return 1;
    const { shares, processors = availableParallelism() } = this.#options;
    return Math.min(MAX_SHARES, shares ?? shareCountOf(workspace, processors));
  }

  /** The first failure ends all. */
  async #extractShares(
    request: IndexRequest & { readonly workspace: WorkspaceModel },
    shares: readonly ReadonlySet<string>[],
    { signal, onProgress }: IndexCallbacks,
  ): Promise<GraphColumns> {
    const failed = new AbortController();
    const ends = AbortSignal.any([signal, failed.signal]);
    const done = shares.map(() => 0);
    const total = shares.reduce((sum, paths) => sum + paths.size, 0);
    const running = shares.map(async (share, index) => {
      const columns = await this.#thread(index).extract(
        { ...request, share, compilers: shares.length },
        {
          signal: ends,
          onProgress: (own, _total, message) => {
            done[index] = own;
            onProgress(
              done.reduce((sum, each) => sum + each),
              total,
              message,
            );
          },
        },
      );
      return { columns, paths: share };
    });
    const found = await allOrFirstFailure(running, (error) => failed.abort(error));
    const engines = new Set(found.map(({ columns }) => columns.engine));
    if (engines.size > 1) throw new AppError('internal', `The shares were read by ${[...engines].join(' and ')}.`);
    return mergeShares(found);
  }

  #thread(index: number): IndexThread {
    const thread = this.#threads[index] ?? new IndexThread(this.#options);
    this.#threads[index] = thread;
    return thread;
  }
}

/** Waits for all in any case; then throws what failed first, since the others may have failed for it. */
async function allOrFirstFailure<T>(
  running: readonly Promise<T>[],
  onFailure: (error: unknown) => void,
): Promise<readonly T[]> {
  const failures: unknown[] = [];
  const noted = running.map(async (each) => {
    try {
      return [await each];
    } catch (error) {
      failures.push(error);
      onFailure(error);
      return [];
    }
  });
  const found = (await Promise.all(noted)).flat();
  if (failures.length > 0) throw failures[0];
  return found;
}
