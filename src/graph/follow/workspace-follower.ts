import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { LiveStep } from '../engine/live/live-graph.ts';
import type { LivePool } from '../engine/live/live-pool.ts';
import type { StaleGraph } from '../engine/live/live-workspace.ts';
import type { FollowedGraph } from './followed-graph.ts';
import { isEmptyPatch } from '../graph-patch.ts';
import { patchBetween } from '../query/patch-between.ts';
import { TIMING } from './follow-timing.ts';
import type { FollowState, FollowTiming } from './follow-timing.ts';
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

/** Users of a change are read for so long before newer edits are looked for. */
const SLICE_MS = 60;
/** More edits than these at once, as by a change of branches: all is read again. */
const MANY_PATHS = 300;

/** In a row, before edits are taken for such that can't be followed. */
const MAX_FAILURES = 3;

/** Keeps the graph of one workspace in step with its files. */
export class WorkspaceFollower {
  readonly #deps: FollowerDeps;
  readonly #timing: FollowTiming;
  readonly #touched = new Set<string>();
  readonly #watch: WorkspaceWatch;
  #pending = 0;
  /** Known to have changed, being read, and not in the graph yet. */
  #inHand = 0;
  #failures = 0;
  /** The engine can't do it. */
  #isHopeless = false;
  /** That the latest whole index is to take the place of. */
  #failedGeneration = -1;
  #isVerifying = false;
  #generation = -1;
  #state: FollowState = 'starting';
  readonly #closing = new AbortController();
  readonly #caughtUp: Promise<void>;
  #mustRead = false;
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
    this.#caughtUp = this.#watch.ready.then(() => this.#catchUp());
  }

  get state(): FollowState {
    return this.#state;
  }

  /**
   * Files that the graph is behind with, as far as is known; undefined when none is, but there may be some. What is only
   * verified does not count: it is hardly ever different.
   */
  get pending(): number | undefined {
    const known = this.#touched.size + this.#inHand + (this.#isVerifying ? 0 : this.#pending);
    const isLevel = (this.#state === 'watching' || this.#state === 'following') && !this.#mustRead;
    return isLevel || known > 0 ? known : undefined;
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
    await this.#letGo();
  }

  /** A generation that was not made here is in use from now on. */
  noteGeneration(generation: number): void {
    // What it failed for may be over; the next edit shows.
    if (this.#state === 'failed' && !this.#isHopeless && generation !== this.#failedGeneration) {
      this.#state = 'watching';
      this.#failures = 0;
    }
    if (this.#generation === generation || this.#generation < 0) return;
    this.#generation = -1;
    // What was read after the other began may be missing in it.
    this.#mustRead = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#quiet);
    await this.#watch.close();
    // What is running fails for it.
    await this.#letGo();
    await Promise.all([this.#running, this.#caughtUp]);
    await this.#letGo();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** What has changed before the watch began: also files that are new. */
  async #catchUp(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const graph = await this.#deps.graph();
      const known = new Set(graph?.columns.files.map(({ path }) => path));
      const created = this.#watch.sources().filter((path) => !known.has(path));
      this.#inHand = created.length + (await this.#deps.countChanged());
      if (this.#inHand > 0) this.#mustRead = true;
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
      await this.#onFailure(error);
    }
  }

  async #advance(): Promise<void> {
    const { pool, root } = this.#deps;
    if (this.#touched.size > 0 || this.#mustRead) {
      await delay(this.#timing.settleMs);
      await waitForGit(root, this.#closing.signal);
    }
    if (this.#state === 'failed') return this.#reindex();
    if (this.#mustRead || pool.root !== root || this.#touched.size > MANY_PATHS) return this.#open();
    const paths = [...this.#touched];
    this.#inHand = paths.length;
    this.#touched.clear();
    if (paths.length > 0) this.#isVerifying = false;
    const step = paths.length > 0 ? await pool.change(paths) : await pool.work(SLICE_MS);
    // Whom a change concerns is found out by the work after it.
    await this.#take(step, Math.min(paths.length, 1));
  }

  async #take(step: LiveStep | StaleGraph, leastPending: number): Promise<void> {
    if ('stale' in step) {
      this.#deps.log.info({ root: this.#deps.root, reason: step.stale }, 'all files are read again');
      this.#mustRead = true;
      return;
    }
    this.#inHand = Math.max(this.#inHand, step.patch.files.length);
    this.#pending = Math.max(step.pending.length, leastPending);
    const graph = await this.#deps.graph();
    const isSame = graph?.generation === this.#generation;
    if (!isSame || !(isEmptyPatch(step.patch) || (await graph.apply(step.patch)))) {
      this.#mustRead = true;
      return;
    }
    this.#inHand = 0;
    this.#failures = 0;
    if (this.#pending === 0) this.#isVerifying = false;
    // Nobody waits for it: half the processor is enough.
    if (this.#isVerifying) await delay(SLICE_MS, undefined, { signal: this.#closing.signal });
  }

  /** Reads all files, and brings the graph to what they are. */
  async #open(): Promise<void> {
    const { pool, root, log } = this.#deps;
    this.#state = 'opening';
    this.#isVerifying = false;
    this.#deps.onOpening?.();
    this.#inHand = Math.max(this.#inHand, this.#touched.size);
    this.#touched.clear();
    this.#mustRead = false;
    this.#pending = 0;
    const startedMs = performance.now();
    const columns = await pool.open(root, { signal: this.#closing.signal });
    const graph = await this.#deps.graph();
    if (graph === undefined) throw new AppError('not_ready', `The graph of ${root} is gone.`);
    if (graph.columns.engine !== columns.engine) {
      log.info(
        { root, made: graph.columns.engine, now: columns.engine },
        'another engine made the graph: it is made anew',
      );
      this.#state = 'failed';
      this.#mustRead = true;
      return this.#letGo();
    }
    const patch = patchBetween(graph.columns, columns);
    const isApplied = isEmptyPatch(patch) || (await graph.apply(patch));
    this.#generation = graph.generation;
    this.#mustRead ||= !isApplied;
    if (isApplied) this.#inHand = 0;
    this.#state = 'following';
    const ms = Math.round(performance.now() - startedMs);
    log.info({ root, ms, files: patch.files.length + patch.removed.length }, 'edits are followed');
  }

  /** All is read again: a compiler may have been ended from outside. Not for ever, since each edit may bring it down. */
  async #onFailure(error: unknown): Promise<void> {
    const { root, log } = this.#deps;
    if (this.#isClosed) return;
    this.#mustRead = true;
    const code = error instanceof AppError ? error.code : 'internal';
    if (code === 'conflict') return;
    await this.#letGo();
    this.#failures += 1;
    const reason = messageOf(error);
    this.#isHopeless ||= code === 'unsupported';
    if (!this.#isHopeless && this.#failures < MAX_FAILURES) {
      log.warn({ root, reason }, 'following edits failed: all files are read again');
      return;
    }
    log.warn({ root, reason }, 'edits are not followed one by one: the workspace is indexed as a whole');
    this.#state = 'failed';
  }

  async #letGo(): Promise<void> {
    const { pool, root } = this.#deps;
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
    this.#inHand = 0;
    this.#pending = 0;
    this.#reindexedAt = performance.now();
    try {
      this.#failedGeneration = (await this.#deps.graph())?.generation ?? -1;
      await this.#deps.reindex();
    } catch (error) {
      // An index that runs may have read before the latest edit.
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
      this.#failures = 0;
    } catch (error) {
      await this.#onFailure(error);
    }
    if (this.#hasWork()) this.#wake();
    else this.#waitForQuiet();
  }
}
