import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { childEnvironment } from '../../../core/config/index.ts';
import { AppError, messageOf } from '../../../core/errors.ts';
import { entryPath, signalProcess } from '../../../core/process/index.ts';
import type { EngineChoice, GraphColumns } from '../../graph-schema.ts';
import { failureOf } from '../index-failure.ts';
import { childMessageSchema, progressMessageSchema } from '../index-task.ts';
import { THREAD_LIMITS } from '../thread-limits.ts';
import type { LiveStep } from './live-graph.ts';
import type { LiveOutcome, LiveTask } from './live-task.ts';
import type { StaleGraph } from './live-workspace.ts';

export interface LivePoolOptions {
  /** Heap of the thread. */
  readonly memoryMb: number;
  /** What the native compiler tries to stay within. */
  readonly compilerMemoryMb: number;
  readonly maxFileBytes: number;
  readonly engine: EngineChoice;
  /** Longest silence of the thread; it is ended then. */
  readonly timeoutMs?: number;
}

/** Opening says what it does all the time; a step reads a few files. */
const TIMEOUT_MS = 120_000;
/** For a thread to notice that its compiler is gone. */
const THREAD_GRACE_MS = 1000;

/** The thread that keeps one workspace with its compiler, so that an edit costs what it changes. */
export class LivePool {
  readonly #options: LivePoolOptions;
  #pool: Piscina<LiveTask, LiveOutcome> | undefined;
  #compiler: number | undefined;
  #root: string | undefined;

  constructor(options: LivePoolOptions) {
    this.#options = options;
  }

  /** The workspace that is kept. */
  get root(): string | undefined {
    return this.#root;
  }

  /**
   * Reads a whole workspace and keeps it in place of another. Throws `unsupported` where the engine can't do that, and
   * what an index throws.
   */
  async open(root: string, onProgress: (message: string) => void): Promise<GraphColumns> {
    await this.close();
    const { maxFileBytes, engine, compilerMemoryMb } = this.#options;
    const { port1, port2 } = new MessageChannel();
    const silence = new Silence(this.#options.timeoutMs ?? TIMEOUT_MS);
    port1.on('message', (message) => {
      silence.heard();
      const started = childMessageSchema.safeParse(message).data;
      if (started === undefined) onProgress(progressMessageSchema.parse(message).message);
      else this.#compiler = started.child;
    });
    try {
      const task = { action: 'open', root, maxFileBytes, engine, compilerMemoryMb, port: port2 } as const;
      const outcome = await this.#run(task, silence);
      if (!('columns' in outcome)) throw unexpected(task);
      this.#root = root;
      return outcome.columns;
    } finally {
      port1.close();
    }
  }

  /** `paths` are relative; what lies there may be new, other, gone or the same. */
  async change(paths: readonly string[]): Promise<LiveStep | StaleGraph> {
    const task = { action: 'change', paths } as const;
    const outcome = await this.#run(task);
    if ('stale' in outcome) return outcome;
    if (!('step' in outcome)) throw unexpected(task);
    return outcome.step;
  }

  /** Reads users of what has changed for about as long. */
  async work(budgetMs: number): Promise<LiveStep> {
    const task = { action: 'work', budgetMs } as const;
    const outcome = await this.#run(task);
    if (!('step' in outcome)) throw unexpected(task);
    return outcome.step;
  }

  /** As `LiveGraph.verify`. */
  async verify(): Promise<boolean> {
    const task = { action: 'verify' } as const;
    const outcome = await this.#run(task);
    if (!('hasMore' in outcome)) throw unexpected(task);
    return outcome.hasMore;
  }

  /** Ends the thread and its compiler. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    this.#root = undefined;
    if (pool === undefined) return;
    // The thread is asked first: only it can collect its child.
    const asked = new Silence(THREAD_GRACE_MS);
    await pool.run({ action: 'close' }, { signal: asked.signal }).catch(() => undefined);
    asked.end();
    this.#endCompiler();
    await pool.destroy();
  }

  /** After a failure nothing is kept any more. */
  async #run(task: LiveTask, silence = new Silence(this.#options.timeoutMs ?? TIMEOUT_MS)): Promise<LiveOutcome> {
    try {
      const pool = (this.#pool ??= this.#started());
      const transferList = task.action === 'open' ? [task.port] : [];
      const ends = this.#endAfterCompiler(silence.signal);
      const outcome = await pool.run(task, { signal: ends, transferList });
      if ('failure' in outcome) throw failureOf(outcome.failure);
      return outcome;
    } catch (error) {
      this.#endCompiler();
      const pool = this.#pool;
      this.#pool = undefined;
      this.#root = undefined;
      await pool?.destroy();
      if (error instanceof AppError) throw error;
      if (silence.signal.aborted) throw new AppError('timed_out', 'The compiler that follows edits did not answer.');
      throw new AppError('internal', `Following edits failed: ${messageOf(error)}.`, { cause: error });
    } finally {
      silence.end();
    }
  }

  #started(): Piscina<LiveTask, LiveOutcome> {
    const pool = new Piscina<LiveTask, LiveOutcome>({
      filename: entryPath(import.meta.url, './live-worker.ts'),
      name: 'followWorkspace',
      minThreads: 1,
      maxThreads: 1,
      // The native compiler inherits it from the thread.
      env: childEnvironment(),
      resourceLimits: { ...THREAD_LIMITS, maxOldGenerationSizeMb: this.#options.memoryMb },
    });
    // The task that was running fails for it.
    pool.on('error', () => {});
    return pool;
  }

  #endAfterCompiler(ends: AbortSignal): AbortSignal {
    const thread = new AbortController();
    ends.addEventListener('abort', () => {
      this.#endCompiler();
      setTimeout(() => thread.abort(ends.reason), THREAD_GRACE_MS).unref();
    });
    return thread.signal;
  }

  #endCompiler(): void {
    if (this.#compiler !== undefined) signalProcess(this.#compiler, 'SIGKILL');
    this.#compiler = undefined;
  }
}

/** Aborts when nothing is heard for too long. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), timeoutMs);
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function unexpected({ action }: LiveTask): AppError {
  return new AppError('internal', `The thread that follows edits gave no answer to ${action}.`);
}
