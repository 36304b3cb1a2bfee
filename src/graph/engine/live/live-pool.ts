import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { childEnvironment } from '../../../core/config/index.ts';
import { AppError, messageOf } from '../../../core/errors.ts';
import { signalProcess } from '../../../core/process-signal.ts';
import { entryPath } from '../../../core/process/index.ts';
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

export interface OpenOptions {
  readonly onProgress?: (message: string) => void;
  /** When it aborts before its turn has come, nothing is opened. */
  readonly signal?: AbortSignal;
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
  /** One task at a time: whoever opens another workspace does not do so in the middle of a task. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LivePoolOptions) {
    this.#options = options;
  }

  /** The workspace that is kept, or being opened. */
  get root(): string | undefined {
    return this.#root;
  }

  /**
   * Reads a whole workspace and keeps it in place of another, whose present task is waited for. Throws `unsupported` where
   * the engine can't do that, `cancelled` when it is not wanted any more, and what an index throws.
   */
  async open(root: string, options: OpenOptions = {}): Promise<GraphColumns> {
    return this.#inTurn(async () => {
      await this.close();
      if (options.signal?.aborted === true) throw new AppError('cancelled', `${root} is not followed any more.`);
      this.#root = root;
      return this.#open(root, options);
    });
  }

  /** `paths` are relative; what lies there may be new, other, gone or the same. As the others throws `conflict` when another workspace has been opened meanwhile. */
  async change(paths: readonly string[]): Promise<LiveStep | StaleGraph> {
    const task = { action: 'change', paths } as const;
    const outcome = await this.#ask(task);
    if ('stale' in outcome) return outcome;
    if (!('step' in outcome)) throw unexpected(task);
    return outcome.step;
  }

  /** Reads users of what has changed for about as long. */
  async work(budgetMs: number): Promise<LiveStep> {
    const task = { action: 'work', budgetMs } as const;
    const outcome = await this.#ask(task);
    if (!('step' in outcome)) throw unexpected(task);
    return outcome.step;
  }

  /** As `LiveGraph.verify`. */
  async verify(): Promise<boolean> {
    const task = { action: 'verify' } as const;
    const outcome = await this.#ask(task);
    if (!('hasMore' in outcome)) throw unexpected(task);
    return outcome.hasMore;
  }

  /** Ends the thread and its compiler, also in the middle of a task. */
  async close(): Promise<void> {
    const pool = this.#pool;
    const compiler = this.#compiler;
    this.#pool = undefined;
    this.#compiler = undefined;
    this.#root = undefined;
    if (pool === undefined) return;
    // The thread is asked first: only it can collect its child.
    const asked = new Silence(THREAD_GRACE_MS);
    await pool.run({ action: 'close' }, { signal: asked.signal }).catch(() => undefined);
    asked.end();
    end(compiler);
    await pool.destroy();
  }

  async #open(root: string, { onProgress }: OpenOptions): Promise<GraphColumns> {
    const { maxFileBytes, engine, compilerMemoryMb } = this.#options;
    const { port1, port2 } = new MessageChannel();
    const silence = new Silence(this.#options.timeoutMs ?? TIMEOUT_MS);
    const pool = (this.#pool ??= this.#started());
    port1.on('message', (message) => {
      silence.heard();
      const started = childMessageSchema.safeParse(message).data;
      if (started === undefined) onProgress?.(progressMessageSchema.parse(message).message);
      else if (this.#pool === pool) this.#compiler = started.child;
      else end(started.child);
    });
    try {
      const task = { action: 'open', root, maxFileBytes, engine, compilerMemoryMb, port: port2 } as const;
      const outcome = await this.#run(pool, task, silence);
      if (!('columns' in outcome)) throw unexpected(task);
      return outcome.columns;
    } finally {
      port1.close();
    }
  }

  #inTurn<Outcome>(task: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = this.#turn.then(task);
    this.#turn = outcome.catch(() => undefined);
    return outcome;
  }

  /** Of the workspace that is kept now. */
  #ask(task: LiveTask): Promise<LiveOutcome> {
    const pool = this.#pool;
    return this.#inTurn(() => {
      if (pool === undefined || this.#pool !== pool) {
        throw new AppError('conflict', 'Another workspace is followed by now.');
      }
      return this.#run(pool, task);
    });
  }

  /** After a failure nothing is kept any more. */
  async #run(
    pool: Piscina<LiveTask, LiveOutcome>,
    task: LiveTask,
    silence = new Silence(this.#options.timeoutMs ?? TIMEOUT_MS),
  ): Promise<LiveOutcome> {
    try {
      const transferList = task.action === 'open' ? [task.port] : [];
      const ends = this.#endAfterCompiler(silence.signal);
      const outcome = await pool.run(task, { signal: ends, transferList });
      if ('failure' in outcome) throw failureOf(outcome.failure);
      return outcome;
    } catch (error) {
      // Else it is being closed already.
      if (this.#pool === pool) await this.close();
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
      end(this.#compiler);
      this.#compiler = undefined;
      setTimeout(() => thread.abort(ends.reason), THREAD_GRACE_MS).unref();
    });
    return thread.signal;
  }
}

function end(compiler: number | undefined): void {
  if (compiler !== undefined) signalProcess(compiler, 'SIGKILL');
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
