import { z } from 'zod';
import { TypedEvents } from '../../src/core/events.ts';
import { newId } from '../../src/core/ids.ts';
import { createSilentLog } from '../../src/core/log.ts';
import type { Log } from '../../src/core/log.ts';
import { createWorkflowEngine, RunService } from '../../src/runs/run-runtime.ts';
import type { FaultHook, Run, RunContext, RunStatus, StartRunOptions } from '../../src/runs/index.ts';
import { RunStore } from '../../src/runs/run-store.ts';
import { untilAborted } from '../support/gate.ts';
import type { TestDatabase } from '../support/test-database.ts';

const textInput = z.object({ text: z.string().max(50) });
const codeInput = z.object({ code: z.string() });

/** What a run of the kinds `test_code` and `test_part` does. */
export type Code = (context: RunContext) => Promise<Record<string, unknown>>;

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

  /** The attempt of this run (of any without an id), once it is executed. */
  async next(attempt: number = 1, runId?: string): Promise<HeldRun> {
    const isMeant = ({ context }: HeldRun): boolean =>
      context.attempt === attempt && (runId === undefined || context.runId === runId);
    const found = this.held.find((run) => isMeant(run));
    if (found !== undefined) return found;
    return new Promise((resolve) => {
      const stop = this.#events.on('held', (run) => {
        if (!isMeant(run)) return;
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
  readonly host?: string;
  /** Of each of both queues. */
  readonly concurrency?: number;
  /** False: it starts and follows runs and executes none. */
  readonly isWorker?: boolean;
  readonly retentionDays?: number;
  readonly faults?: FaultHook;
  /** Of the keeper. */
  readonly now?: () => number;
  /** Of another system, to go on with its runs. */
  readonly codes?: Map<string, Code>;
}

export type RunSystem = ReturnType<typeof buildRuns>;

/** A service on a database, not open yet, with the kinds `test_echo`, `test_held`, `test_code` and `test_part`. */
export function buildRuns({ database }: Pick<TestDatabase, 'database'>, options: RunSystemOptions = {}) {
  const { log = createSilentLog(), host = 'test', concurrency = 4, isWorker = true } = options;
  const { retentionDays = 0, faults, now = () => performance.now(), codes = new Map<string, Code>() } = options;
  const engine = createWorkflowEngine({ database, log });
  const queues = ['runs', 'batches'].map((name) => ({ name, workerConcurrency: concurrency }));
  const worker = isWorker ? { host, queues } : undefined;
  const hook = faults === undefined ? {} : { faults };
  const runs = new RunService({ database, engine, log, worker, retentionDays, now, ...hook });
  const held = new HeldRuns();
  const disposed: string[] = [];
  runs.register(held.kind);
  runs.register({
    kind: 'test_echo',
    input: textInput,
    title: ({ text }) => `echo ${text}`,
    execute: (input) => Promise.resolve({ text: input.text }),
    dispose: async (runId) => {
      disposed.push(runId);
    },
  });
  for (const [kind, queue] of [
    ['test_code', 'runs'],
    ['test_part', 'batches'],
  ] as const) {
    runs.register({
      kind,
      queue,
      input: codeInput,
      title: () => 'code of the test',
      execute: ({ code }, context) => codes.get(code)?.(context) ?? Promise.resolve({}),
    });
  }
  const define = (code: Code): { code: string } => {
    const name = newId();
    codes.set(name, code);
    return { code: name };
  };
  return {
    runs,
    engine,
    held,
    disposed,
    codes,
    database,
    define,
    store: new RunStore(database),
    start: (code: Code, given: StartRunOptions = {}): Promise<Run> => runs.start('test_code', define(code), given),
    endOf: async (code: Code, given: StartRunOptions = {}): Promise<Run> =>
      runs.waitFor((await runs.start('test_code', define(code), given)).runId),
    until: (runId: string, ...statuses: readonly RunStatus[]): Promise<Run> =>
      reached(runs, runId, (run) => statuses.includes(run.status)),
    messages: async (runId: string): Promise<string[]> =>
      (await runs.listEvents(runId, { limit: 100 })).map(({ message }) => message),
  };
}

/** Holds a run until it is aborted; tells when it began. */
export function holding(onBegun: () => void = () => {}): Code {
  return async ({ signal }) => {
    onBegun();
    return untilAborted(signal);
  };
}

/** The run once it is so, by its events. */
export async function reached(runs: RunService, runId: string, isReached: (run: Run) => boolean): Promise<Run> {
  let stop = (): void => {};
  const later = new Promise<Run>((resolve) => {
    stop = runs.events.on('changed', (run) => {
      if (run.runId === runId && isReached(run)) resolve(run);
    });
  });
  try {
    const now = await runs.get(runId);
    return isReached(now) ? now : await later;
  } finally {
    stop();
  }
}
