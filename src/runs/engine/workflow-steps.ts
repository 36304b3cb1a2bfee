import { DBOS, Error as DBOSErrors } from '@dbos-inc/dbos-sdk';
import { DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk/datasource';
import type { Queryable } from '../../core/db/index.ts';
import { AppError } from '../../core/errors.ts';
import type { FaultHook } from '../fault-points.ts';
import type { CompletionStore } from './completion-store.ts';
import type { WorkflowDelivery } from './workflow-engine.ts';

export interface StepDeps {
  readonly completions: CompletionStore;
  readonly reach: FaultHook;
}

/** The steps of one delivery. They must be called from within the workflow's own code, by which the library knows them. */
export class WorkflowSteps implements WorkflowDelivery {
  readonly workflowId: string;
  readonly signal: AbortSignal;
  readonly #deps: StepDeps;
  readonly #controller: AbortController;

  constructor(deps: StepDeps, workflowId: string, controller: AbortController) {
    this.#deps = deps;
    this.workflowId = workflowId;
    this.signal = controller.signal;
    this.#controller = controller;
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    this.#deps.reach('step:before');
    const result = await this.#whileOurs(() => DBOS.runStep(() => this.#unrecordedWhenAborted(work), { name }));
    this.#deps.reach('step:recorded');
    return result;
  }

  transaction<T>(name: string, work: (transaction: Queryable) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    return this.#whileOurs(() => this.#deps.completions.run(name, { work, signal: this.signal }));
  }

  async receive(topic: string, timeoutMs: number): Promise<unknown> {
    const timeoutSeconds = timeoutMs / 1000;
    const message = await this.#whileOurs(() => DBOS.recv<unknown>(topic, { timeoutSeconds }));
    return message ?? undefined;
  }

  publish(stream: string, value: unknown): Promise<void> {
    return this.#whileOurs(() => DBOS.writeStream(stream, value));
  }

  /**
   * A step can find that the workflow is delivered elsewhere by now, or was cancelled, before anybody has told us. That is
   * no failure of the work: this delivery is over.
   */
  async #whileOurs<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isLost(error))
        this.#controller.abort(new AppError('cancelled', 'The work was cancelled, or goes on elsewhere.'));
      throw error;
    }
  }

  /** Work that was cut off has no outcome; of all errors this one alone leaves a step unrecorded. */
  async #unrecordedWhenAborted<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#deps.reach('step:done');
      return result;
    } catch (error) {
      if (this.signal.aborted) throw new DBOSWorkflowConflictError(this.workflowId);
      throw error;
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof DBOSWorkflowConflictError || error instanceof DBOSErrors.DBOSWorkflowCancelledError;
}
