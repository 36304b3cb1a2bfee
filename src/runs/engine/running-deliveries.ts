import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';

interface RunningDelivery {
  readonly workflowId: string;
  readonly controller: AbortController;
  readonly settled: Promise<unknown>;
}

/** What this process executes between one launch and its shutdown. */
export class RunningDeliveries {
  readonly #running = new Set<RunningDelivery>();
  #stopReason: AppError | undefined;

  /** Runs a handler with a signal that `abort` and `stop` reach, and that it may abort itself. */
  async run<T>(workflowId: string, handle: (controller: AbortController) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    if (this.#stopReason !== undefined) controller.abort(this.#stopReason);
    const work = handle(controller);
    const delivery = { workflowId, controller, settled: work.catch(() => {}) };
    this.#running.add(delivery);
    try {
      return await work;
    } finally {
      this.#running.delete(delivery);
    }
  }

  has(workflowId: string): boolean {
    return [...this.#running].some((delivery) => delivery.workflowId === workflowId);
  }

  abort(workflowId: string, reason: unknown): void {
    for (const delivery of this.#running) {
      if (delivery.workflowId === workflowId) delivery.controller.abort(reason);
    }
  }

  /** Aborts all handlers and waits until they settled or the time is over; returns those that did not. */
  async stop(graceMs: number): Promise<readonly string[]> {
    this.#stopReason = new AppError('not_ready', 'The engine is shutting down.', {
      hint: 'The work goes on at its next start.',
    });
    for (const delivery of this.#running) delivery.controller.abort(this.#stopReason);
    const timer = new AbortController();
    const timeout = delay(graceMs, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([Promise.all([...this.#running].map((delivery) => delivery.settled)), timeout]);
    timer.abort();
    return [...this.#running].map((delivery) => delivery.workflowId);
  }
}
