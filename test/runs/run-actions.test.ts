import { expect, test } from 'vitest';
import { RUN_ACTIONS, RUN_STATUSES } from '../../src/runs/index.ts';
import type { RunAction, RunStatus } from '../../src/runs/index.ts';
import { illegalAction, statesFor } from '../../src/runs/run-actions.ts';

test.each<[RunAction, readonly RunStatus[]]>([
  ['pause', ['pending', 'running']],
  ['resume', ['paused']],
  ['cancel', ['pending', 'running', 'paused', 'waiting_approval', 'waiting_input']],
  ['retry', ['failed']],
  ['approve', ['waiting_approval']],
  ['reject', ['waiting_approval']],
  ['prioritize', ['pending', 'paused']],
])('%s is legal in %j', (action, states) => {
  expect(statesFor(action)).toEqual(states);
});

const STATES = new Map<RunStatus, string>([
  ['waiting_approval', 'waiting for approval'],
  ['waiting_input', 'waiting for answers'],
]);

test.each(RUN_STATUSES)('a refusal in the state %s names all that is legal in it', (status) => {
  const legal = RUN_ACTIONS.filter((action) => statesFor(action).includes(status));
  const error = illegalAction('resume', { runId: 'r', status });
  expect(error).toMatchObject({ code: 'conflict', details: { status } });
  expect(error.message).toBe(`Run \`r\` is ${STATES.get(status) ?? status}, so resume does not apply.`);
  const named = RUN_ACTIONS.filter((action) => new RegExp(`[ :]${action}[,.]`).test(error.hint ?? ''));
  expect(named).toEqual(legal);
  expect(error.hint?.includes('run_get')).toBe(legal.length === 0);
});

test('a run that waits for answers is to be answered', () => {
  const { hint } = illegalAction('approve', { runId: 'r', status: 'waiting_input' });
  expect(hint).toBe('Legal now: cancel. Answer what it asks with run_answer.');
});
