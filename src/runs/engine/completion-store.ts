import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { DBOS, Error as DBOSErrors } from '@dbos-inc/dbos-sdk';
import {
  assertStillOwnsWorkflow,
  DBOSStepAlreadyRecordedError,
  DBOSWorkflowConflictError,
  migrateDataSourcePG,
  replayRecordedStep,
  runTransaction,
} from '@dbos-inc/dbos-sdk/datasource';
import type { DataSourceTransactionHandler } from '@dbos-inc/dbos-sdk/datasource';
import { z } from 'zod';
import type { Database, Queryable } from '../../core/db/index.ts';
import { AppError } from '../../core/errors.ts';
import type { FaultHook } from '../fault-points.ts';

/** What a transactional step does, and how long it may wait for a database that is away. */
interface TransactionScope<T> {
  readonly work: (transaction: Queryable) => Promise<T>;
  readonly signal: AbortSignal;
}

const completionRow = z.object({ output: z.string().nullable(), error: z.string().nullable() });
type Completion = z.infer<typeof completionRow>;
const anyRow = z.record(z.string(), z.unknown());

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Transactional steps on our own database: the rows of a step and the record that it was done commit together. The
 * table `dbos.transaction_completion` is the engine's; it is emptied of a workflow when that ends.
 */
export class CompletionStore implements DataSourceTransactionHandler {
  readonly name = 'lightdom';
  readonly #database: Database;
  readonly #reach: FaultHook;
  readonly #scope = new AsyncLocalStorage<TransactionScope<unknown>>();

  constructor(database: Database, reach: FaultHook) {
    this.#database = database;
    this.#reach = reach;
  }

  async initialize(): Promise<void> {
    await this.#database.transaction((transaction) => migrateDataSourcePG((sql) => transaction.query(anyRow, sql)));
  }

  destroy(): Promise<void> {
    return Promise.resolve();
  }

  /** Runs inside a workflow. The result must be JSON: it is what a later delivery gets. */
  run<T>(stepName: string, scope: TransactionScope<T>): Promise<T> {
    // The library never calls the callback: this handler does the work, which it needs with its transaction.
    const unused = (): Promise<T> => Promise.reject(new Error(`${stepName} ran outside of its transaction.`));
    return this.#scope.run(scope, () => runTransaction(unused, stepName, { dsName: this.name }));
  }

  async invokeTransactionFunction<This, Args extends unknown[], Return>(
    ..._call: [config: unknown, target: This, func: (this: This, ...args: Args) => Promise<Return>, ...args: Args]
  ): Promise<Return> {
    const scope = this.#scope.getStore();
    const { workflowID: workflowId, stepID: stepId } = DBOS;
    if (scope === undefined || workflowId === undefined || stepId === undefined) {
      throw new AppError('internal', 'A transactional step was called outside of a workflow.');
    }
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return replayRecordedStep<Return>(await this.#recordOf(scope, { workflowId, stepId }));
      } catch (error) {
        if (error instanceof DBOSWorkflowConflictError || scope.signal.aborted) throw leaving(workflowId);
        if (!isPassing(error)) throw error;
      }
      await delay(pauseMs, undefined, { signal: scope.signal }).catch(() => {});
    }
  }

  async deleteCheckpoints(workflowId: string, startStep: number, beforeCommit?: () => Promise<void>): Promise<void> {
    const sql = 'delete from dbos.transaction_completion where workflow_id = $1 and function_num >= $2';
    await this.#database.transaction(async (transaction) => {
      await transaction.execute(sql, [workflowId, startStep]);
      await beforeCommit?.();
    });
  }

  /** Of workflows that are deleted: one that was cancelled never ended, and so its records were never emptied. */
  async remove(workflowIds: readonly string[]): Promise<void> {
    const sql = 'delete from dbos.transaction_completion where workflow_id = any($1::text[])';
    await this.#database.execute(sql, [workflowIds]);
  }

  /** The record of a step; without one the work is done. Another delivery that does the same makes the insert wait. */
  async #recordOf({ work, signal }: TransactionScope<unknown>, step: StepKey): Promise<Completion> {
    const found = await this.#find(step);
    if (found !== undefined) return found;
    this.#reach('transaction:before');
    const output = await this.#database.transaction(async (transaction) => {
      signal.throwIfAborted();
      const result = await work(transaction);
      this.#reach('transaction:written');
      // The envelope is the one of superjson, in which the engine reads the record.
      const record = JSON.stringify({ json: result ?? null });
      const sql = `insert into dbos.transaction_completion (workflow_id, function_num, output) values ($1, $2, $3)
        on conflict do nothing`;
      const inserted = await transaction.execute(sql, [step.workflowId, step.stepId, record]);
      if (inserted === 0) throw new DBOSStepAlreadyRecordedError(step.workflowId, step.stepId);
      await assertStillOwnsWorkflow(step.workflowId);
      this.#reach('transaction:recorded');
      return record;
    });
    this.#reach('transaction:committed');
    return { output, error: null };
  }

  async #find({ workflowId, stepId }: StepKey): Promise<Completion | undefined> {
    const sql = 'select output, error from dbos.transaction_completion where workflow_id = $1 and function_num = $2';
    return (await this.#database.query(completionRow, sql, [workflowId, stepId]))[0];
  }
}

interface StepKey {
  readonly workflowId: string;
  readonly stepId: number;
}

/** Of all errors this one alone leaves a transactional step unrecorded. */
function leaving(workflowId: string): Error {
  return new DBOSErrors.DBOSWorkflowCancelledError(workflowId);
}

/** The database is away or another transaction was in the way, or another delivery was faster: then look again. */
function isPassing(error: unknown): boolean {
  return error instanceof DBOSStepAlreadyRecordedError || (error instanceof AppError && error.code === 'not_ready');
}
