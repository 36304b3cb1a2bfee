import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { AppError, ERROR_TABLE, messageOf, systemCodeOf } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { entryPath } from '../../core/process/index.ts';
import type { GraphColumns } from '../graph-schema.ts';
import { FileWatch } from './file-watch.ts';
import { progressMessageSchema } from './index-task.ts';
import type { IndexOutcome, IndexTask } from './index-task.ts';

export interface IndexPoolOptions {
  /** Heap of the worker thread. */
  readonly memoryMb: number;
  readonly log: Log;
  /** Longest time that one file may keep the type checker busy. */
  readonly fileTimeoutMs?: number;
}

export interface IndexRequest {
  readonly root: string;
  readonly maxFileBytes: number;
}

export interface IndexCallbacks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, message: string) => void;
}

/** More files than this make the checker fail: then it is not the files. */
const MAX_UNTYPED = 5;
/** Far above any honest file, which takes milliseconds; types can be written that take for ever. */
const FILE_TIMEOUT_MS = 60_000;
const IDLE_EXIT_MS = 30_000;
/** Deeply nested expressions make the compiler recurse. */
const STACK_MB = 32;
/** The checker makes many short-lived objects: four times the default took a seventh of the CPU off a large index. */
const YOUNG_MB = 192;

/** The thread on which indexes are made, so that nothing else waits for them. One at a time; it ends when idle. */
export class IndexPool {
  readonly #options: IndexPoolOptions;
  readonly #pool: Piscina<IndexTask, IndexOutcome>;
  /** Ends the present attempts when the thread dies before it takes their work: the pool would let them wait. */
  #breakage = new AbortController();

  constructor(options: IndexPoolOptions) {
    this.#options = options;
    this.#pool = new Piscina({
      filename: entryPath(import.meta.url, './index-worker.ts'),
      name: 'indexWorkspace',
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_EXIT_MS,
      resourceLimits: {
        maxOldGenerationSizeMb: options.memoryMb,
        maxYoungGenerationSizeMb: YOUNG_MB,
        stackSizeMb: STACK_MB,
      },
    });
    this.#pool.on('error', (error) => {
      options.log.warn({ reason: messageOf(error) }, 'the index thread broke');
      this.#breakage.abort(error);
      this.#breakage = new AbortController();
    });
  }

  /**
   * The whole graph of a workspace. A file that the checker can't get through, for want of memory or of time, is left to
   * syntax and the rest is done again without it. Throws `limit_reached` when that does not help, `cancelled` with the
   * signal, and what discovery throws; never returns part of a graph.
   */
  async index(request: IndexRequest, callbacks: IndexCallbacks): Promise<GraphColumns> {
    const untyped = new Map<string, string>();
    for (;;) {
      const attempt = await this.#attempt({ ...request, untyped }, callbacks);
      if (attempt.columns !== undefined) return attempt.columns;
      if (attempt.file === undefined || untyped.has(attempt.file) || untyped.size === MAX_UNTYPED) throw attempt.error;
      untyped.set(attempt.file, attempt.error.message);
      this.#options.log.warn({ file: attempt.file, reason: attempt.error.message }, 'a file is left to syntax');
    }
  }

  /** One pass. When it died of a file, that file comes back with the error; any other failure is thrown. */
  async #attempt(
    task: Omit<IndexTask, 'port'>,
    { signal, onProgress }: IndexCallbacks,
  ): Promise<{ columns: GraphColumns } | { columns?: undefined; file: string | undefined; error: AppError }> {
    signal.throwIfAborted();
    const breakage = this.#breakage.signal;
    const watch = new FileWatch(this.#options.fileTimeoutMs ?? FILE_TIMEOUT_MS);
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (message) => {
      const { done, total, message: text, file } = progressMessageSchema.parse(message);
      watch.note(file);
      onProgress(done, total, text);
    });
    try {
      const ends = AbortSignal.any([signal, watch.signal, breakage]);
      const outcome = await this.#pool.run({ ...task, port: port2 }, { signal: ends, transferList: [port2] });
      if ('columns' in outcome) return outcome;
      throw failureOf(outcome.failure);
    } catch (error) {
      if (breakage.aborted) throw this.#translated(breakage.reason, task, signal);
      if (signal.aborted || error instanceof AppError) throw this.#translated(error, task, signal);
      const isFileToBlame = watch.signal.aborted || isOutOfMemory(error);
      const known: unknown = watch.signal.aborted ? watch.signal.reason : this.#translated(error, task, signal);
      if (!isFileToBlame || !(known instanceof AppError)) throw this.#translated(error, task, signal);
      return { file: watch.file, error: known };
    } finally {
      watch.end();
      port1.close();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #translated(error: unknown, { root }: IndexRequest, signal: AbortSignal): AppError {
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

function isOutOfMemory(error: unknown): boolean {
  return systemCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY';
}

function failureOf({ code, message, hint }: { code: string; message: string; hint: string | undefined }): AppError {
  return new AppError(isErrorCode(code) ? code : 'internal', message, hint === undefined ? {} : { hint });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
