import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { WorkflowControl, WorkflowState } from './engine/index.ts';
import { runErrorOf } from './run-failure.ts';
import { enqueueRun, redeliver } from './run-redelivery.ts';
import type { StoredRun } from './run-rows.ts';
import type { Run } from './run-schema.ts';
import type { RunStore } from './run-store.ts';
import type { RunTransitionStore } from './run-transition-store.ts';

const PAGE_SIZE = 500;

/** A change of both, the row and the workflow, takes far less; one that takes longer was cut off in between. */
const UNDERWAY_MS = 3_000;
/** A worker that has taken a workflow begins its run at once; one whose database is slow needs longer. */
const BEGINNING_MS = 10_000;

export interface ReconcilerDeps {
  readonly store: RunStore;
  readonly transitions: RunTransitionStore;
  readonly control: WorkflowControl;
  readonly log: Log;
}

/**
 * Makes rows and workflows agree where a process died between changing the one and the other: what should be executed is
 * delivered, what the engine has lost is failed. Returns the runs that it failed.
 */
export async function reconcileRuns(deps: ReconcilerDeps): Promise<readonly Run[]> {
  const failed: Run[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = await deps.store.listDeliverable(after, PAGE_SIZE);
    const states = await deps.control.states(page.map(({ run }) => run.runId));
    for (const stored of page) {
      const ended = await reconcileRun(deps, stored, states.get(stored.run.runId)).catch((error: unknown) => {
        deps.log.warn({ runId: stored.run.runId, reason: messageOf(error) }, 'a run could not be reconciled');
      });
      if (ended) failed.push(ended);
    }
    after = page.length < PAGE_SIZE ? undefined : page.at(-1)?.run.runId;
  }
  return failed;
}

async function reconcileRun(
  deps: ReconcilerDeps,
  stored: StoredRun,
  state: WorkflowState | undefined,
): Promise<Run | undefined> {
  const { run } = stored;
  switch (mendingOf(stored, state)) {
    case 'nothing':
      return undefined;
    case 'enqueue':
      await enqueueRun(deps.control, stored);
      return undefined;
    case 'redeliver':
      deps.log.info({ runId: run.runId, status: run.status, workflow: state }, 'a run is delivered again');
      await redeliver(deps.control, stored);
      return undefined;
    case 'fail': {
      const error = new AppError('upstream_failed', `The run was ${run.status}, but ${lossOf(state)}.`, {
        hint: 'Start it again.',
      });
      deps.log.warn({ runId: run.runId, status: run.status, workflow: state }, 'run without a living workflow');
      return (await deps.transitions.fail(run, runErrorOf(error, run.runId, deps.log)))?.run;
    }
  }
}

/**
 * A run that has begun and whose workflow is gone or has ended is not begun again: its records are lost, and what they
 * covered would be done twice.
 */
function mendingOf(
  { run, idleMs }: StoredRun,
  state: WorkflowState | undefined,
): 'nothing' | 'enqueue' | 'redeliver' | 'fail' {
  const isUnderway = idleMs < UNDERWAY_MS;
  switch (state) {
    case undefined:
      return run.attempt === 0 ? 'enqueue' : 'fail';
    case 'queued':
      return 'nothing';
    case 'running':
      return run.status === 'pending' && idleMs > BEGINNING_MS ? 'redeliver' : 'nothing';
    case 'cancelled':
      return isUnderway ? 'nothing' : 'redeliver';
    case 'succeeded':
    case 'failed':
      if (run.status === 'running') return 'fail';
      return isUnderway ? 'nothing' : 'redeliver';
    case 'exhausted':
      return 'fail';
  }
}

function lossOf(state: WorkflowState | undefined): string {
  if (state === undefined) return 'the engine has no record of it';
  if (state === 'exhausted') return 'the engine gave it up after too many deliveries';
  return `its workflow has ended as ${state} and left no outcome`;
}
