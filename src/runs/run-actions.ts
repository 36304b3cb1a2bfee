import { AppError } from '../core/errors.ts';
import type { RunStatus } from './run-schema.ts';

export const RUN_ACTIONS = ['pause', 'resume', 'cancel', 'retry', 'approve', 'reject', 'prioritize'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** What can be done with a run in each state; what is not listed is refused. */
const LEGAL: Readonly<Record<RunStatus, readonly RunAction[]>> = {
  pending: ['pause', 'cancel', 'prioritize'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel', 'prioritize'],
  waiting_approval: ['approve', 'reject', 'cancel'],
  completed: [],
  failed: ['retry'],
  cancelled: [],
};

/** The states in which an action is legal. */
export function statesFor(action: RunAction): readonly RunStatus[] {
  const states: readonly RunStatus[] = ['pending', 'running', 'paused', 'waiting_approval', 'failed'];
  return states.filter((status) => LEGAL[status].includes(action));
}

/** Says what the run allows instead. */
export function illegalAction(
  action: RunAction,
  run: { readonly runId: string; readonly status: RunStatus },
): AppError {
  const legal = LEGAL[run.status];
  const state = run.status === 'waiting_approval' ? 'waiting for approval' : run.status;
  return new AppError('conflict', `Run \`${run.runId}\` is ${state}, so ${action} does not apply.`, {
    hint:
      legal.length === 0
        ? 'A run that has ended so never changes: read it with run_get, or start a new one.'
        : `Legal now: ${legal.join(', ')}.`,
    details: { status: run.status, legal },
  });
}
