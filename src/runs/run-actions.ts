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
  waiting_input: ['cancel'],
  completed: [],
  failed: ['retry'],
  cancelled: [],
};

/** The states in which an action is legal. */
export function statesFor(action: RunAction): readonly RunStatus[] {
  const states: readonly RunStatus[] = ['pending', 'running', 'paused', 'waiting_approval', 'waiting_input', 'failed'];
  return states.filter((status) => LEGAL[status].includes(action));
}

/** Says what the run allows instead. */
export function illegalAction(
  action: RunAction,
  run: { readonly runId: string; readonly status: RunStatus },
): AppError {
  const legal = LEGAL[run.status];
  return new AppError('conflict', `Run \`${run.runId}\` is ${stateText(run.status)}, so ${action} does not apply.`, {
    hint: hintOf(run.status),
    details: { status: run.status, legal },
  });
}

function stateText(status: RunStatus): string {
  if (status === 'waiting_approval') return 'waiting for approval';
  return status === 'waiting_input' ? 'waiting for answers' : status;
}

function hintOf(status: RunStatus): string {
  const legal = LEGAL[status];
  if (legal.length === 0) return 'A run that has ended so never changes: read it with run_get, or start a new one.';
  const answer = status === 'waiting_input' ? ' Answer what it asks with run_answer.' : '';
  return `Legal now: ${legal.join(', ')}.${answer}`;
}
