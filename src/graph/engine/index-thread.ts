import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { AppError, messageOf, systemCodeOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { childEnvironment } from '../../core/config/index.ts';
import { signalProcess } from '../../core/process-signal.ts';
import { entryPath } from '../../core/process/index.ts';
import type { EngineChoice, GraphColumns } from '../graph-schema.ts';
import type { WorkspaceModel } from '../type-source.ts';
import { FileWatch } from './file-watch.ts';
import { failureOf } from './index-failure.ts';
import { childMessageSchema, progressMessageSchema } from './index-task.ts';
import type { FoundOutcome, IndexOutcome, IndexTask, UnsentTask } from './index-task.ts';
import { THREAD_LIMITS } from './thread-limits.ts';

export interface IndexThreadOptions {
  /** Heap of the worker thread. */
  readonly memoryMb: number;
  /** What the native compiler tries to stay within. */
  readonly compilerMemoryMb: number;
  readonly log: Log;
  /** Longest time that one file may keep the type checker busy. */
  readonly fileTimeoutMs?: number;
}

export interface IndexRequest {
  readonly root: string;
  readonly maxFileBytes: number;
  readonly engine: EngineChoice;
}

/** What is to be read of a workspace that was discovered. */
export interface ExtractRequest extends IndexRequest {
  readonly workspace: WorkspaceModel;
  /** Relative paths of the files whose names are resolved; all without it. */
  readonly share?: ReadonlySet<string>;
  /** Compilers that are at work at the same time and share the memory. */
  readonly compilers?: number;
}

export interface IndexCallbacks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, message: string) => void;
}

type Attempt = { readonly outcome: FoundOutcome } | FailedAttempt;

interface FailedAttempt {
  readonly outcome?: undefined;
  /** The one that is to blame. */
  readonly file: string | undefined;
  readonly error: AppError;
}

/** The compiler that the thread has started: the thread waits for it and can't be ended before it. */
interface StartedCompiler {
  pid: number | undefined;
}

interface Pass {
  readonly ends: AbortSignal;
  readonly watch: FileWatch;
  readonly compiler: StartedCompiler;
}

/** More files than this make the checker fail: then it is not the files. */
const MAX_UNTYPED = 5;
/** Far above any honest file, which takes milliseconds; types can be written that take for ever. */
const FILE_TIMEOUT_MS = 60_000;
const IDLE_EXIT_MS = 30_000;
/** For a thread to notice that its compiler is gone. */
const THREAD_GRACE_MS = 1000;

/** A thread on which one part of an index is made after the other; it ends when idle. */
export class IndexThread {
  readonly #options: IndexThreadOptions;
  readonly #pool: Piscina<IndexTask, IndexOutcome>;
  /** Ends the present attempts when the thread dies before it takes their work: the pool would let them wait. */
  #breakage = new AbortController();
  /** Of the attempts under way. */
  readonly #compilers = new Set<StartedCompiler>();

  constructor(options: IndexThreadOptions) {
    this.#options = options;
    this.#pool = new Piscina({
      filename: entryPath(import.meta.url, './index-worker.ts'),
      name: 'indexWorkspace',
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_EXIT_MS,
      // The native compiler inherits it from the thread.
      env: childEnvironment(),
      resourceLimits: { ...THREAD_LIMITS, maxOldGenerationSizeMb: options.memoryMb },
    });
    this.#pool.on('error', (error) => {
      options.log.warn({ reason: messageOf(error) }, 'the index thread broke');
      this.#breakage.abort(error);
      this.#breakage = new AbortController();
    });
  }

  /** What there is to index. Throws what discovery throws. */
  async discover(request: IndexRequest, callbacks: IndexCallbacks): Promise<WorkspaceModel> {
    const { root, maxFileBytes } = request;
    const attempt = await this.#attempt({ action: 'discover', root, maxFileBytes }, callbacks);
    if (attempt.outcome === undefined) throw attempt.error;
    if (!('workspace' in attempt.outcome)) throw unexpected('discover');
    return attempt.outcome.workspace;
  }

  /**
   * The graph of a workspace, or of a share of it. A file that the checker can't get through is left to syntax and the
   * rest is done again without it. Throws `limit_reached` when that does not help, and `cancelled`.
   */
  async extract(request: ExtractRequest, callbacks: IndexCallbacks): Promise<GraphColumns> {
    const untyped = new Map<string, string>();
    const compilerMemoryMb = Math.floor(this.#options.compilerMemoryMb / (request.compilers ?? 1));
    for (;;) {
      const task = { action: 'extract', ...request, untyped, compilerMemoryMb } as const;
      const attempt = await this.#attempt(task, callbacks);
      if (attempt.outcome !== undefined) {
        if (!('columns' in attempt.outcome)) throw unexpected('extract');
        return attempt.outcome.columns;
      }
      if (attempt.file === undefined || untyped.has(attempt.file) || untyped.size === MAX_UNTYPED) throw attempt.error;
      untyped.set(attempt.file, attempt.error.message);
      this.#options.log.warn({ file: attempt.file, reason: attempt.error.message }, 'a file is left to syntax');
    }
  }

  /** One pass. When it died of a file, that file comes back with the error; any other failure is thrown. */
  async #attempt(task: UnsentTask, { signal, onProgress }: IndexCallbacks): Promise<Attempt> {
    signal.throwIfAborted();
    const breakage = this.#breakage.signal;
    let total = 0;
    const watch = new FileWatch(this.#options.fileTimeoutMs ?? FILE_TIMEOUT_MS, (file, done) =>
      onProgress(done, total, `resolving ${file}`),
    );
    const compiler: StartedCompiler = { pid: undefined };
    this.#compilers.add(compiler);
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (message) => {
      const started = childMessageSchema.safeParse(message).data;
      if (started !== undefined) {
        compiler.pid = started.child;
        return;
      }
      const progress = progressMessageSchema.parse(message);
      ({ total } = progress);
      onProgress(progress.done, total, progress.message);
    });
    try {
      return await this.#pass(
        { ...task, port: port2, mark: watch.mark.memory },
        { ends: AbortSignal.any([signal, watch.signal, breakage]), watch, compiler },
      );
    } catch (error) {
      endCompiler(compiler);
      if (breakage.aborted) throw this.#translated(breakage.reason, task, signal);
      const isStalled = watch.signal.aborted;
      if (signal.aborted || (error instanceof AppError && !isStalled)) throw this.#translated(error, task, signal);
      const isFileToBlame = isStalled || isOutOfMemory(error);
      const known: unknown = isStalled ? watch.signal.reason : this.#translated(error, task, signal);
      if (!isFileToBlame || !(known instanceof AppError)) throw this.#translated(error, task, signal);
      return { file: watch.file, error: known };
    } finally {
      this.#compilers.delete(compiler);
      watch.end();
      port1.close();
    }
  }

  async #pass(task: IndexTask, { ends, watch, compiler }: Pass): Promise<Attempt> {
    const finished = new AbortController();
    const end = endAfterCompiler(ends, { finished: finished.signal, compiler });
    const running = this.#pool.run(task, { signal: end, transferList: [task.port] });
    const outcome = await running.finally(() => finished.abort());
    ends.throwIfAborted();
    if (!('failure' in outcome)) return { outcome };
    const failure = failureOf(outcome.failure);
    // The compiler is gone: it may have been for the file that it was at.
    if (failure.code === 'upstream_failed') return { file: watch.file, error: failure };
    throw failure;
  }

  async close(): Promise<void> {
    for (const compiler of this.#compilers) endCompiler(compiler);
    await this.#pool.destroy();
  }

  #translated(error: unknown, { root }: { readonly root: string }, signal: AbortSignal): AppError {
    if (error instanceof AppError) return error;
    if (signal.aborted) return new AppError('cancelled', `The index of ${root} was cancelled.`, { cause: error });
    const { memoryMb } = this.#options;
    if (isOutOfMemory(error)) {
      return new AppError('limit_reached', `The index of ${root} needs more than ${memoryMb} MB of memory.`, {
        hint: 'Raise graph.workerMemoryMb, or index a part of the repository.',
        cause: error,
      });
    }
    return new AppError('internal', `The index of ${root} failed: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * When the work is to end, its compiler is ended first: the thread, which waits for it, then returns and collects what is
 * left of it. A thread that does not is ended itself.
 */
function endAfterCompiler(
  ends: AbortSignal,
  { finished, compiler }: { readonly finished: AbortSignal; readonly compiler: StartedCompiler },
): AbortSignal {
  const thread = new AbortController();
  const end = (): void => {
    const graceMs = compiler.pid === undefined ? 0 : THREAD_GRACE_MS;
    endCompiler(compiler);
    setTimeout(() => thread.abort(ends.reason), graceMs).unref();
  };
  ends.addEventListener('abort', end, { once: true, signal: finished });
  return thread.signal;
}

function endCompiler(compiler: StartedCompiler): void {
  if (compiler.pid !== undefined) signalProcess(compiler.pid, 'SIGKILL');
  compiler.pid = undefined;
}

function isOutOfMemory(error: unknown): boolean {
  return systemCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY';
}

function unexpected(action: IndexTask['action']): AppError {
  return new AppError('internal', `The index thread gave no answer to ${action}.`);
}
