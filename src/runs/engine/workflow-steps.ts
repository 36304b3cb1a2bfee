import { DBOS } from '@dbos-inc/dbos-sdk';
import { DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk/datasource';
import type { Queryable } from '../../core/db/index.ts';
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

  constructor(deps: StepDeps, workflowId: string, signal: AbortSignal) {
    this.#deps = deps;
    this.workflowId = workflowId;
    this.signal = signal;
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    this.#deps.reach('step:before');
    const result = await DBOS.runStep(() => this.#unrecordedWhenAborted(work), { name });
    this.#deps.reach('step:recorded');
    return result;
  }

  transaction<T>(name: string, work: (transaction: Queryable) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    return this.#deps.completions.run(name, { work, signal: this.signal });
  }

  async receive(topic: string, timeoutMs: number): Promise<unknown> {
    const message = await DBOS.recv<unknown>(topic, { timeoutSeconds: timeoutMs / 1000 });
    return message ?? undefined;
  }

  publish(stream: string, value: unknown): Promise<void> {
    return DBOS.writeStream(stream, value);
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
