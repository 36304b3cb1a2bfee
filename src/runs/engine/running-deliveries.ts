import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import type { WorkflowHandler } from './workflow-engine.ts';

interface RunningDelivery {
  readonly workflowId: string;
  readonly controller: AbortController;
  readonly settled: Promise<unknown>;
}

/** What this process executes between one launch and its shutdown. */
export class RunningDeliveries {
  readonly #running = new Set<RunningDelivery>();
  #isStopping = false;
  #abandoned = 0;

  /**
   * Runs a handler. Once `stop` was called the promise never settles: the library records an outcome for whatever
   * returns or throws, and only a workflow without an outcome is delivered again.
   */
  async run(workflowId: string, handler: WorkflowHandler, cancelled: AbortSignal | undefined): Promise<void> {
    if (this.#isStopping) return this.#abandon();
    const controller = new AbortController();
    const onCancelled = (): void => controller.abort(cancelledError(workflowId));
    cancelled?.addEventListener('abort', onCancelled, { once: true });
    const work = handler({ workflowId, signal: controller.signal });
    const delivery = { workflowId, controller, settled: work.catch(() => {}) };
    this.#running.add(delivery);
    try {
      await work;
    } catch (error) {
      if (!this.isStopping()) throw error;
    } finally {
      this.#running.delete(delivery);
      cancelled?.removeEventListener('abort', onCancelled);
    }
    if (this.isStopping()) return this.#abandon();
  }

  isStopping(): boolean {
    return this.#isStopping;
  }

  /** Whether the library has workflows that will never settle, so that to wait for them is in vain. */
  hasAbandoned(): boolean {
    return this.#abandoned + this.#running.size > 0;
  }

  cancel(workflowId: string): void {
    for (const delivery of this.#running) {
      if (delivery.workflowId === workflowId) delivery.controller.abort(cancelledError(workflowId));
    }
  }

  /** Aborts all handlers and waits until they settled or the time is over; returns those that did not. */
  async stop(graceMs: number): Promise<readonly string[]> {
    this.#isStopping = true;
    const reason = new AppError('not_ready', 'The engine is shutting down.', {
      hint: 'The work goes on at its next start.',
    });
    for (const delivery of this.#running) delivery.controller.abort(reason);
    const timer = new AbortController();
    const timeout = delay(graceMs, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([Promise.all([...this.#running].map((delivery) => delivery.settled)), timeout]);
    timer.abort();
    return [...this.#running].map((delivery) => delivery.workflowId);
  }

  #abandon(): Promise<never> {
    this.#abandoned += 1;
    return new Promise(() => {});
  }
}

function cancelledError(workflowId: string): AppError {
  return new AppError('cancelled', `Workflow \`${workflowId}\` was cancelled.`);
}
