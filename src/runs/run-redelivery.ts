import { AppError } from '../core/errors.ts';
import type { WorkflowControl } from './engine/index.ts';
import type { StoredRun } from './run-rows.ts';

/** The one workflow by which runs are delivered; a run and its workflow have the same id. */
export const RUN_WORKFLOW = 'run';

const HIGHEST_PRIORITY = 10;

/** The engine's numbers go the other way: lower goes first. */
export function enginePriority(priority: number): number {
  return HIGHEST_PRIORITY - priority + 1;
}

/** Queues the workflow of a run that was just stored. May be repeated. */
export function enqueueRun(control: WorkflowControl, { run, queue }: StoredRun): Promise<void> {
  const priority = enginePriority(run.priority);
  return control.enqueue(RUN_WORKFLOW, { workflowId: run.runId, queue, priority });
}

/**
 * Has a run delivered again that is `pending` although its workflow was cancelled, has ended, or runs where nobody
 * executes it any more. Recorded steps stay; of a run that is `retried`, or whose workflow has ended, but for the last
 * one if it failed. May be repeated.
 */
export async function redeliver(
  control: WorkflowControl,
  stored: StoredRun,
  { isRetried = false }: { readonly isRetried?: boolean } = {},
): Promise<void> {
  const { runId, priority } = stored.run;
  await control.cancel([runId]);
  const state = (await control.states([runId])).get(runId);
  if (state === undefined) return enqueueRun(control, stored);
  // The row of a run that failed is there a moment before its workflow ends, which then is cancelled here.
  if (isRetried || state === 'succeeded' || state === 'failed') {
    await rewindToFailure(control, stored);
  } else {
    await control.resume(runId, { queue: stored.queue });
  }
  await control.setPriority(runId, enginePriority(priority));
}

/** The keeper may have queued the workflow a moment before, with the failure that it had recorded. */
const MAX_REWINDS = 5;

async function rewindToFailure(control: WorkflowControl, { run: { runId }, queue }: StoredRun): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const steps = await control.steps(runId);
    const last = steps.at(-1);
    // A failure that the run bore, and went on from, is part of what it did.
    const from = last === undefined ? 0 : last.isFailed ? last.index : last.index + 1;
    try {
      return await control.rewind(runId, from, { queue });
    } catch (error) {
      const isQueued = error instanceof AppError && error.code === 'conflict';
      if (!isQueued || attempt === MAX_REWINDS) throw error;
      await control.cancel([runId]);
    }
  }
}
