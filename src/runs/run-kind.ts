import type { z } from 'zod';
import type { Queryable } from '../core/db/index.ts';
import type { FieldAnswers, QuestionForms } from './question-form.ts';
import type { Budget, BudgetUnit, Run, RunEvent, RunProgress } from './run-schema.ts';

export interface StartRunOptions {
  readonly title?: string | undefined;
  readonly parentRunId?: string | undefined;
  /** 1 to 10; 10 goes first. 5 without it. */
  readonly priority?: number | undefined;
  /** From now until it must have ended; then it fails as `timed_out`. */
  readonly timeoutMs?: number | undefined;
  readonly budget?: Budget | undefined;
  /** Whose it is; this machine's own without it. One that belongs to another run is its parent's owner's. */
  readonly owner?: string | undefined;
}

/** On whose behalf a run is asked for. A run of somebody else is then as one that does not exist. */
export interface RunAccess {
  /** Without it every run is seen. */
  readonly owner?: string | undefined;
}

/** Many operations in transactions of a few thousand each. */
export interface BatchPlan {
  readonly name: string;
  /** Operations in all. */
  readonly total: number;
  /** `copy TABLE (COLUMNS) from stdin …`; without it nothing is stored but the record. */
  readonly copy: string;
  /** What is counted, for the progress. */
  readonly unit: string;
  /**
   * Makes the rows of the operations `from … from + count - 1`. The same range must give the same rows. Called for the
   * next batch while the last one is being stored; heavy work belongs into a thread pool.
   */
  produce(range: { readonly from: number; readonly count: number }, signal: AbortSignal): Promise<Uint8Array>;
}

/**
 * What a run's code is given. Its steps and transactions go one after the other (a second one begun meanwhile is refused
 * with `conflict`) and are known by their order, which must be the same in each attempt.
 */
export interface RunContext {
  readonly runId: string;
  /** 1 at the first start, more after a recovery, a pause, a question or a retry. */
  readonly attempt: number;
  /** Aborted when the run is cancelled, paused or out of time, or the process stops. */
  readonly signal: AbortSignal;
  /** Throttled: rows are written at most twice a second, and always for the last value. */
  readonly progress: (progress: RunProgress) => void;
  readonly log: (level: RunEvent['level'], message: string) => void;
  /**
   * Does `work` once: what it returned (JSON) is recorded, and what it threw fails the run until that is retried. Only
   * `not_ready`, which says that the database is away, has it done again.
   */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A step whose rows commit together with the record that it was done: never half, never twice. */
  transaction<T>(name: string, work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /** Stores many operations exactly once, batch by batch; each batch counts as `operations` of the budget. */
  batches(plan: BatchPlan): Promise<void>;
  /** Waits until a person has approved, without holding a worker. Throws `permission_denied` with the reason of a no. */
  approval(question: string): Promise<void>;
  /**
   * Asks several questions at once and waits until all are answered, without holding a worker. Answers come one by one; one
   * that does not fit its fields is asked for again, under another key and saying why. An answer stays for all attempts, a
   * retry included. Throws `unsupported` for fields that no form can show.
   */
  ask<Q extends QuestionForms>(questions: Q): Promise<FieldAnswers<Q>>;
  /**
   * Starts another run that belongs to this one: it is cancelled, paused and resumed with it, and has no later deadline.
   * It must be of another queue, since waiting for a run behind oneself would last for ever.
   */
  startChild(kind: string, input: unknown, options?: Omit<StartRunOptions, 'parentRunId'>): Promise<Run>;
  /** Resolves when all children have ended, however; the children in the order of their start. */
  waitForChildren(onChange?: (children: readonly Run[]) => void): Promise<readonly Run[]>;
  /** Counts what was spent, again in a repeated attempt. Throws `limit_reached` when the budget is used up. */
  spend(unit: BudgetUnit, amount: number): Promise<void>;
}

/**
 * A kind of long work. `execute` may be repeated: outside of its steps its effects must be idempotent by `runId`, and a
 * database that is away fails the run.
 */
export interface RunKind<I> {
  readonly kind: string;
  readonly input: z.ZodType<I>;
  /** Where it waits for a worker; `runs` without it. */
  readonly queue?: RunQueueName;
  title(input: I): string;
  /** Returns a small JSON object; bulky results belong into tables. */
  execute(input: I, context: RunContext): Promise<Record<string, unknown>>;
  /** Deletes what it stored elsewhere for a run that is about to be deleted. May be repeated. */
  dispose?(runId: string): Promise<void>;
}

/** The queues that any worker can take part in. */
export const RUN_QUEUES = ['runs', 'batches'] as const;

/**
 * `runs`: what people and agents start. `batches`: parts of such a run, shared out to all workers. `local`: what needs the
 * files or the configuration of the master that started it, and is executed by its own workers alone.
 */
export type RunQueueName = (typeof RUN_QUEUES)[number] | 'local';
