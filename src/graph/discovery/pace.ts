import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';

/** Steps between two turns of the event loop; an abort reaches a worker thread as an event. */
const STEPS_PER_TURN = 100;

/** Called at each step of a long loop: throws `cancelled` soon after the signal aborts. */
export function createPace(signal: AbortSignal): () => Promise<void> {
  let steps = 0;
  return async () => {
    steps += 1;
    if (steps % STEPS_PER_TURN === 1) await nextTurn();
    if (!signal.aborted) return;
    const reason: unknown = signal.reason;
    throw reason instanceof AppError
      ? reason
      : new AppError('cancelled', 'Discovery was cancelled.', { cause: reason });
  };
}
