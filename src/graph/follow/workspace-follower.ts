import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { LiveStep } from '../engine/live/live-graph.ts';
import type { LivePool } from '../engine/live/live-pool.ts';
import type { StaleGraph } from '../engine/live/live-workspace.ts';
import type { FollowedGraph } from './followed-graph.ts';
import { isEmptyPatch } from '../graph-patch.ts';
import { patchBetween } from '../query/patch-between.ts';
import { waitForGit } from './git-lock.ts';
import { WorkspaceWatch } from './workspace-watch.ts';

export interface FollowerDeps {
  readonly root: string;
  readonly pool: Pick<LivePool, 'root' | 'open' | 'change' | 'work' | 'verify' | 'close'>;
  readonly log: Log;
  /** Undefined for a workspace without a graph. */
  readonly graph: () => Promise<FollowedGraph | undefined>;
  /** Files that are not as they were indexed. */
  readonly countChanged: () => Promise<number>;
  /** A compiler is about to be started. */
  readonly onOpening?: () => void;
  /** Indexes the whole workspace, where edits can't be followed. */
  readonly reindex: () => Promise<void>;
  readonly timing?: Partial<FollowTiming>;
}

export interface FollowTiming {
  /** An editor writes a file in several steps. */
  readonly settleMs: number;
  /** Quiet after which what no name tells is looked at. */
  readonly verifyAfterMs: number;
  /** Quiet after which the compiler is let go of. */
  readonly idleMs: number;
  /** Between two whole indexes, where edits can't be followed. */
  readonly reindexMs: number;
}

const TIMING: FollowTiming = { settleMs: 20, verifyAfterMs: 10_000, idleMs: 600_000, reindexMs: 30_000 };
/** Users of a change are read for so long before newer edits are looked for. */
const SLICE_MS = 60;
/** More edits than these at once, as by a change of branches: all is read again. */
const MANY_PATHS = 300;

/** One after the other: then edits are not followed any more. */
const MAX_FAILURES = 3;

/** `watching`: nothing has changed since. `following`: the compiler is there. `failed`: whole indexes only. */
export type FollowState = 'starting' | 'watching' | 'opening' | 'following' | 'failed';

/** Keeps the graph of one workspace in step with its files. */
export class WorkspaceFollower {
  readonly #deps: FollowerDeps;
  readonly #timing: FollowTiming;
  readonly #touched = new Set<string>();
  readonly #watch: WorkspaceWatch;
  #pending = 0;
  #generation = -1;
  #state: FollowState = 'starting';
  #isClosed = false;
  #mustRead = false;
  #isVerifying = false;
  #failures = 0;
  #running: Promise<void> | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #lastTouch = performance.now();
  #reindexedAt = -Infinity;

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
    this.#timing = { ...TIMING, ...deps.timing };
    this.#watch = new WorkspaceWatch(deps.root, {
      onTouched: (path) => this.#touch(path),
      onError: (error) => deps.log.warn({ root: deps.root, reason: messageOf(error) }, 'a folder is not watched'),
    });
    void this.#watch.ready.then(() => this.#catchUp());
  }

  get state(): FollowState {
    return this.#state;
  }

  /**
   * Files that the graph is behind with; undefined while that is not known. What is only verified does not count: it is
   * hardly ever different.
   */
  get pending(): number | undefined {
    if (this.#isVerifying) return this.#touched.size;
    if (this.#state === 'watching' || this.#state === 'following') return this.#touched.size + this.#pending;
    return undefined;
  }

  /** When something was last written, by the process's own clock. */
  get lastTouch(): number {
    return this.#lastTouch;
  }

  /** Lets go of the compiler until the next edit. */
  async rest(): Promise<void> {
    if (this.#running !== undefined || this.#isClosed || this.#state !== 'following') return;
    this.#state = 'watching';
    this.#generation = -1;
    await this.#deps.pool.close();
  }

  /** A generation that was not made here is in use from now on. */
  noteGeneration(generation: number): void {
    if (this.#generation === generation || this.#generation < 0) return;
    this.#generation = -1;
    // What was read after the other began may be missing in it.
    this.#mustRead = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#quiet);
    const { pool, root } = this.#deps;
    // Nobody needs what is being read.
    if (this.#state === 'opening' || pool.root === root) await pool.close();
    await this.#watch.close();
    await this.#running;
  }

  /** What has changed before the watch began. */
  async #catchUp(): Promise<void> {
    try {
      if ((await this.#deps.countChanged()) > 0) this.#mustRead = true;
    } catch (error) {
      this.#deps.log.warn(
        { root: this.#deps.root, reason: messageOf(error) },
        'could not compare files with the graph',
      );
    }
    if (this.#state === 'starting') this.#state = 'watching';
    this.#wake();
  }

  #touch(path: string): void {
    this.#touched.add(path);
    this.#lastTouch = performance.now();
    this.#wake();
  }

  #wake(): void {
    if (this.#isClosed || this.#running !== undefined || this.#state === 'starting') return;
    clearTimeout(this.#quiet);
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#hasWork() && !this.#isClosed) this.#wake();
      else this.#waitForQuiet();
    });
  }

  #hasWork(): boolean {
    return this.#touched.size > 0 || this.#mustRead || this.#pending > 0;
  }

  async #run(): Promise<void> {
    try {
      while (this.#hasWork() && !this.#isClosed) await this.#advance();
    } catch (error) {
      await this.#giveUp(error);
    }
  }

  async #advance(): Promise<void> {
    const { pool, root } = this.#deps;
    if (this.#touched.size > 0 || this.#mustRead) {
      await delay(this.#timing.settleMs);
      await waitForGit(root);
    }
    if (this.#state === 'failed') return this.#reindex();
    if (this.#mustRead || pool.root !== root || this.#touched.size > MANY_PATHS) return this.#open();
    const paths = [...this.#touched];
    this.#touched.clear();
    if (paths.length > 0) this.#isVerifying = false;
    const step = paths.length > 0 ? await pool.change(paths) : await pool.work(SLICE_MS);
    await this.#take(step);
  }

  async #take(step: LiveStep | StaleGraph): Promise<void> {
    if ('stale' in step) {
      this.#deps.log.info({ root: this.#deps.root, reason: step.stale }, 'all files are read again');
      this.#mustRead = true;
      return;
    }
    this.#pending = step.pending.length;
    const graph = await this.#deps.graph();
    const isSame = graph?.generation === this.#generation;
    const isLevel = isSame && (isEmptyPatch(step.patch) || (await graph.apply(step.patch)));
    this.#mustRead ||= !isLevel;
    if (this.#pending === 0) this.#isVerifying = false;
    // Nobody waits for it: half the processor is enough.
    if (this.#isVerifying) await delay(SLICE_MS);
  }

  /** Reads all files, and brings the graph to what they are. */
  async #open(): Promise<void> {
    const { pool, root, log } = this.#deps;
    this.#state = 'opening';
    this.#deps.onOpening?.();
    this.#isVerifying = false;
    this.#touched.clear();
    this.#mustRead = false;
    this.#pending = 0;
    const startedMs = performance.now();
    const columns = await pool.open(root, () => {});
    const graph = await this.#deps.graph();
    if (graph === undefined) throw new AppError('not_ready', `The graph of ${root} is gone.`);
    if (graph.columns.engine !== columns.engine) {
      throw new AppError('conflict', `The graph was made by ${graph.columns.engine}, not by ${columns.engine}.`);
    }
    const patch = patchBetween(graph.columns, columns);
    const isApplied = isEmptyPatch(patch) || (await graph.apply(patch));
    this.#generation = graph.generation;
    this.#mustRead ||= !isApplied;
    this.#state = 'following';
    this.#failures = 0;
    const ms = Math.round(performance.now() - startedMs);
    log.info({ root, ms, files: patch.files.length + patch.removed.length }, 'edits are followed');
  }

  async #giveUp(error: unknown): Promise<void> {
    if (this.#isClosed) return;
    const { pool, root, log } = this.#deps;
    log.warn(
      { root, reason: messageOf(error) },
      'edits are not followed one by one: the workspace is indexed as a whole',
    );
    const isHopeless = error instanceof AppError && error.code === 'unsupported';
    this.#failures = isHopeless ? MAX_FAILURES : this.#failures + 1;
    this.#state = 'failed';
    this.#mustRead = true;
    if (pool.root === root) await pool.close();
  }

  /** Not too often: it costs what a whole index costs. */
  async #reindex(): Promise<void> {
    const waitMs = Math.max(0, this.#reindexedAt + this.#timing.reindexMs - performance.now());
    const end = performance.now() + waitMs;
    while (performance.now() < end && !this.#isClosed) await delay(Math.min(100, end - performance.now()));
    if (this.#isClosed) return;
    this.#touched.clear();
    this.#mustRead = false;
    this.#pending = 0;
    this.#reindexedAt = performance.now();
    try {
      await this.#deps.reindex();
      // What it failed for may have been mended by that.
      if (this.#failures < MAX_FAILURES) this.#state = 'watching';
    } catch (error) {
      this.#mustRead = true;
      this.#deps.log.warn({ root: this.#deps.root, reason: messageOf(error) }, 'the workspace could not be indexed');
    }
  }

  #waitForQuiet(): void {
    if (this.#isClosed || this.#state !== 'following') return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => void this.#onQuiet(), this.#timing.verifyAfterMs);
    this.#quiet.unref();
  }

  /** Looks at what no name tells; much later, lets go of the compiler. */
  async #onQuiet(): Promise<void> {
    const { pool, root } = this.#deps;
    if (this.#running !== undefined || this.#isClosed || pool.root !== root) return;
    if (performance.now() - this.#lastTouch > this.#timing.idleMs) {
      await this.rest();
      return;
    }
    try {
      if (await pool.verify()) {
        this.#isVerifying = true;
        this.#pending = Math.max(1, this.#pending);
      }
    } catch (error) {
      await this.#giveUp(error);
    }
    if (this.#hasWork()) this.#wake();
    else this.#waitForQuiet();
  }
}
