import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { childEnvironment } from '../../core/config/index.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { entryPath } from '../../core/process/index.ts';
import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { isFloating, priorQuestionSchema } from './fix-task.ts';
import type { FixOutcome, FixTask } from './fix-task.ts';

export interface TypescriptFixerOptions {
  readonly log: Log;
  /** Heap of the thread. */
  readonly memoryMb?: number;
  /** After so long nothing more is checked. */
  readonly budgetMs?: number;
  /** After so long the thread is ended, whatever it is at. */
  readonly timeoutMs?: number;
}

const MEMORY_MB = 2_048;
/** A check of a whole project of some hundred files takes ten seconds. */
const BUDGET_MS = 60_000;
const TIMEOUT_MS = 180_000;
const IDLE_EXIT_MS = 60_000;
/** Deeply nested expressions make the compiler recurse. */
const STACK_MB = 32;
const YOUNG_MB = 64;

/**
 * Mends errors of the compiler by what its Language Service offers and by what earlier versions had. A fix is `auto` only if
 * the error is gone, no other has come anywhere, and its kind was right in measurements; see `codefix-candidates.ts`.
 */
export class TypescriptFixer implements Fixer {
  readonly name = 'typescript';
  readonly #options: TypescriptFixerOptions;
  readonly #pool: Piscina<FixTask, FixOutcome>;
  /** Ends the present tasks when the thread dies before it takes them: the pool would let them wait. */
  #breakage = new AbortController();

  constructor(options: TypescriptFixerOptions) {
    this.#options = options;
    this.#pool = new Piscina({
      filename: entryPath(import.meta.url, './typescript-worker.ts'),
      name: 'fixTarget',
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_EXIT_MS,
      env: childEnvironment(),
      resourceLimits: {
        maxOldGenerationSizeMb: options.memoryMb ?? MEMORY_MB,
        maxYoungGenerationSizeMb: YOUNG_MB,
        stackSizeMb: STACK_MB,
      },
    });
    this.#pool.on('error', (error) => {
      options.log.warn({ reason: messageOf(error) }, 'the thread of the TypeScript fixer broke');
      this.#breakage.abort(error);
      this.#breakage = new AbortController();
    });
  }

  /** Errors of the compiler, and promises that linters found nobody waiting for. */
  canFix({ source, rule }: FixTarget): boolean {
    return (source === 'typescript' && /^ts\/\d+$/.test(rule)) || isFloating({ source, rule });
  }

  /** None also when the compiler runs out of memory or time. Throws `cancelled` when the place's signal is aborted. */
  async fix(target: FixTarget, place: FixPlace): Promise<readonly Fix[]> {
    if (!this.canFix(target)) return [];
    const cancelled = (): AppError =>
      new AppError('cancelled', `The fix of ${target.rule} in ${target.path} was cancelled.`);
    if (place.signal.aborted) throw cancelled();
    const { budgetMs = BUDGET_MS, timeoutMs = TIMEOUT_MS } = this.#options;
    const { port1, port2 } = new MessageChannel();
    answerQuestions(port1, place);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    try {
      const signal = AbortSignal.any([place.signal, timeout.signal, this.#breakage.signal]);
      const hasHistory = place.priorTexts !== undefined;
      const task = { root: place.root, target: plainTarget(target), budgetMs, hasHistory, port: port2 };
      const { fixes } = await this.#pool.run(task, { signal, transferList: [port2] });
      return fixes;
    } catch (error) {
      if (place.signal.aborted) throw cancelled();
      const reason = timeout.signal.aborted ? `no answer in ${timeoutMs} ms` : messageOf(error);
      this.#options.log.warn(
        { path: target.path, rule: target.rule, reason },
        'the TypeScript fixer gave up on a target',
      );
      return [];
    } finally {
      clearTimeout(timer);
      port1.close();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Evidence may hold what can't be sent. */
function plainTarget({ source, rule, path, line, message }: FixTarget): FixTarget {
  return { source, rule, path, line, message };
}

/** A history that can't be read is none. */
function answerQuestions(port: MessagePort, place: FixPlace): void {
  port.on('message', (message) => {
    const { id, path } = priorQuestionSchema.parse(message);
    const asked = place.priorTexts?.(path) ?? Promise.resolve([]);
    void asked.catch((): readonly string[] => []).then((texts) => port.postMessage({ id, texts }));
  });
}
