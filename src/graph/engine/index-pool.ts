import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { AppError, ERROR_TABLE, messageOf, systemCodeOf } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { entryPath } from '../../core/process/index.ts';
import type { GraphColumns } from '../graph-schema.ts';
import { progressMessageSchema } from './index-worker.ts';
import type { IndexOutcome, IndexTask } from './index-worker.ts';

export interface IndexPoolOptions {
  /** Heap of the worker thread. */
  readonly memoryMb: number;
  readonly log: Log;
}

export interface IndexRequest {
  readonly root: string;
  readonly maxFileBytes: number;
}

export interface IndexCallbacks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, message: string) => void;
}

const IDLE_EXIT_MS = 30_000;
/** Deeply nested expressions make the compiler recurse. */
const STACK_MB = 32;

/** The thread on which indexes are made, so that nothing else waits for them. One at a time; it ends when idle. */
export class IndexPool {
  readonly #options: IndexPoolOptions;
  readonly #pool: Piscina<IndexTask, IndexOutcome>;

  constructor(options: IndexPoolOptions) {
    this.#options = options;
    this.#pool = new Piscina({
      filename: entryPath(import.meta.url, './index-worker.ts'),
      name: 'indexWorkspace',
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_EXIT_MS,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb, stackSizeMb: STACK_MB },
    });
    this.#pool.on('error', (error) => options.log.warn({ reason: messageOf(error) }, 'the index thread broke'));
  }

  /**
   * The whole graph of a workspace. Throws `limit_reached` when the heap is too small, `cancelled` with the signal, and
   * what discovery throws; never returns part of a graph.
   */
  async index(request: IndexRequest, { signal, onProgress }: IndexCallbacks): Promise<GraphColumns> {
    signal.throwIfAborted();
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (message) => {
      const { done, total, message: text } = progressMessageSchema.parse(message);
      onProgress(done, total, text);
    });
    try {
      const outcome = await this.#pool.run({ ...request, port: port2 }, { signal, transferList: [port2] });
      if ('columns' in outcome) return outcome.columns;
      throw failureOf(outcome.failure);
    } catch (error) {
      throw this.#translated(error, request, signal);
    } finally {
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
    if (systemCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY') {
      return new AppError('limit_reached', `The index of ${root} needs more than ${memoryMb} MB of memory.`, {
        hint: 'Raise graph.workerMemoryMb, or index a part of the repository.',
        cause: error,
      });
    }
    return new AppError('internal', `The index of ${root} failed: ${messageOf(error)}.`, { cause: error });
  }
}

function failureOf({ code, message, hint }: { code: string; message: string; hint: string | undefined }): AppError {
  return new AppError(isErrorCode(code) ? code : 'internal', message, hint === undefined ? {} : { hint });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
