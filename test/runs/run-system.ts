import { z } from 'zod';
import { TypedEvents } from '../../src/core/events.ts';
import { createSilentLog } from '../../src/core/log.ts';
import type { Log } from '../../src/core/log.ts';
import { createWorkflowEngine, RunService, RunStore } from '../../src/runs/index.ts';
import type { RunContext } from '../../src/runs/index.ts';
import type { TestDatabase } from '../support/test-database.ts';

export const EXECUTOR_ID = 'test-host-1';

const textInput = z.object({ text: z.string().max(50) });

export interface HeldRun {
  readonly context: RunContext;
  readonly complete: (result: Record<string, unknown>) => void;
}

/** A kind of run whose end is in the hands of the test. */
export class HeldRuns {
  readonly #events = new TypedEvents<{ held: [HeldRun] }>();
  readonly held: HeldRun[] = [];
  /** What the handler does when its signal is aborted: most stop, some do not listen. */
  isDeaf = false;

  readonly kind = {
    kind: 'test_held',
    input: textInput,
    title: ({ text }: { text: string }) => `hold ${text}`,
    execute: (_input: unknown, context: RunContext) => this.#hold(context),
  };

  /** The next attempt that is executed, or one that is already. */
  async next(attempt: number = 1): Promise<HeldRun> {
    const found = this.held.find((run) => run.context.attempt === attempt);
    if (found !== undefined) return found;
    return new Promise((resolve) => {
      const stop = this.#events.on('held', (run) => {
        if (run.context.attempt !== attempt) return;
        stop();
        resolve(run);
      });
    });
  }

  #hold(context: RunContext): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const run = { context, complete: resolve };
      const onAbort = (): void => {
        if (!this.isDeaf) reject(new Error('stopped listening'));
      };
      context.signal.addEventListener('abort', onAbort, { once: true });
      this.held.push(run);
      this.#events.emit('held', run);
    });
  }
}

export interface RunSystemOptions {
  readonly log?: Log;
  readonly concurrency?: number;
  readonly executorId?: string;
}

/** A service on a database, not open yet, with the kinds `test_echo` and `test_held`. */
export function buildRuns(testDatabase: TestDatabase, options: RunSystemOptions = {}) {
  const { log = createSilentLog(), concurrency = 4, executorId = EXECUTOR_ID } = options;
  const { database, url } = testDatabase;
  const store = new RunStore(database);
  const engine = createWorkflowEngine({ databaseUrl: url, log, concurrency, executorId });
  const runs = new RunService({ store, engine, log });
  const held = new HeldRuns();
  runs.register(held.kind);
  runs.register({
    kind: 'test_echo',
    input: textInput,
    title: ({ text }) => `echo ${text}`,
    execute: (input) => Promise.resolve({ text: input.text }),
  });
  return { runs, engine, store, held };
}
