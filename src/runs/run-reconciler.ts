import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { WorkflowEngine, WorkflowState } from './engine/index.ts';
import { runErrorOf } from './run-failure.ts';
import type { Run } from './run-schema.ts';
import type { RunStore } from './run-store.ts';

const PAGE_SIZE = 500;

export interface ReconcilerDeps {
  readonly store: RunStore;
  readonly engine: WorkflowEngine;
  readonly log: Log;
  readonly workflowName: string;
}

/**
 * Makes rows and engine agree after a start: a run that the engine never heard of is started, one that the engine has
 * ended without the row knowing is failed. Returns the runs that it failed.
 */
export async function reconcileRuns(deps: ReconcilerDeps): Promise<readonly Run[]> {
  const failed: Run[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const runs = await deps.store.listUnfinished(after, PAGE_SIZE);
    const states = await deps.engine.states(runs.map((run) => run.runId));
    for (const run of runs) {
      const ended = await reconcileRun(deps, run, states.get(run.runId));
      if (ended !== undefined) failed.push(ended);
    }
    after = runs.length < PAGE_SIZE ? undefined : runs.at(-1)?.runId;
  }
  return failed;
}

async function reconcileRun(
  deps: ReconcilerDeps,
  run: Run,
  state: WorkflowState | undefined,
): Promise<Run | undefined> {
  if (state === 'queued' || state === 'running') return undefined;
  if (state === undefined && run.status === 'pending') {
    await deps.engine.start(deps.workflowName, run.runId);
    return undefined;
  }
  const error = new AppError('upstream_failed', `The run was ${run.status}, but ${lossOf(state)}.`, {
    hint: 'Start it again.',
  });
  deps.log.warn({ runId: run.runId, status: run.status, workflow: state }, 'run without a living workflow');
  return deps.store.fail(run, runErrorOf(error, run.runId, deps.log));
}

function lossOf(state: WorkflowState | undefined): string {
  if (state === undefined) return 'the engine has no record of it';
  if (state === 'exhausted') return 'the engine gave it up after too many deliveries';
  return `its workflow has ended as ${state} and left no outcome`;
}
