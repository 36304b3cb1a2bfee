import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/runs/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { Code, RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
/** Executes one run at a time: a run that waited for its approval in its place would block the others. */
let system: RunSystem;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase, { concurrency: 1 });
  await system.runs.open();
});
afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

/** Does a step before and one after the approval. */
function careful(calls: string[], question = 'Deploy to production?'): Code {
  return async (context) => {
    await context.step('before', async () => {
      calls.push('before');
    });
    await context.approval(question);
    await context.step('after', async () => {
      calls.push('after');
    });
    return { attempt: context.attempt };
  };
}

test('a run that asks waits with its question and holds no worker', async () => {
  const calls: string[] = [];
  const { runId } = await system.start(careful(calls));
  const waiting = await system.until(runId, 'waiting_approval');
  expect(waiting).toMatchObject({ approval: 'Deploy to production?', attempt: 1 });
  expect(await system.endOf(async () => ({ meanwhile: true }))).toMatchObject({ status: 'completed' });
  expect(await system.runs.get(runId)).toMatchObject({ status: 'waiting_approval', approval: 'Deploy to production?' });
  const approved = await system.runs.control(runId, { action: 'approve', reason: 'looks good' });
  expect(approved.status).toBe('pending');
  expect(approved.approval).toBeUndefined();
  expect(approved.questions).toBeUndefined();
  expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', result: { attempt: 2 } });
  expect(calls).toEqual(['before', 'after']);
  expect(await system.messages(runId)).toEqual([
    'started on test-0',
    'waits for approval: Deploy to production?',
    'approved: looks good',
    'goes on, attempt 2 on test-0',
    'completed',
  ]);
});

test('a rejection fails it with the reason, and a retry asks again', async () => {
  const calls: string[] = [];
  const { runId } = await system.start(careful(calls));
  await system.until(runId, 'waiting_approval');
  await system.runs.control(runId, { action: 'reject', reason: 'not on a Friday' });
  expect(await system.runs.waitFor(runId)).toMatchObject({
    status: 'failed',
    error: {
      code: 'permission_denied',
      message: '"Deploy to production?" was rejected: not on a Friday.',
      hint: 'Change what was objected to, then retry the run: it asks again.',
    },
  });
  expect(calls).toEqual(['before']);
  await system.runs.control(runId, { action: 'retry' });
  expect(await system.until(runId, 'waiting_approval')).toMatchObject({
    approval: 'Deploy to production?',
    // The key of what was rejected stands for that alone.
    questions: { 'approval-1-2': { message: 'Deploy to production?' } },
  });
  await system.runs.control(runId, { action: 'approve' });
  expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed' });
  expect(calls).toEqual(['before', 'after']);
});

test('each question is asked once, in its order', async () => {
  const { runId } = await system.start(async (context) => {
    await context.approval('First?');
    await context.approval('Second?');
    return {};
  });
  expect(await system.until(runId, 'waiting_approval')).toMatchObject({ approval: 'First?' });
  await system.runs.control(runId, { action: 'approve' });
  expect(await system.until(runId, 'waiting_approval')).toMatchObject({ approval: 'Second?' });
  await system.runs.control(runId, { action: 'approve' });
  expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 3 });
});

test('a run that waits for approval can be cancelled, and its question is gone', async () => {
  const { runId } = await system.start(careful([]));
  await system.until(runId, 'waiting_approval');
  const cancelled = await system.runs.control(runId, { action: 'cancel' });
  expect(cancelled.status).toBe('cancelled');
  expect(cancelled.approval).toBeUndefined();
  await expect(system.runs.control(runId, { action: 'approve' })).rejects.toMatchObject({ code: 'conflict' });
});

test('of two decisions at once one applies', async () => {
  const { runId } = await system.start(careful([]));
  await system.until(runId, 'waiting_approval');
  const decisions = await Promise.allSettled([
    system.runs.control(runId, { action: 'approve' }),
    system.runs.control(runId, { action: 'reject' }),
  ]);
  expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const [approval] = decisions;
  const expected = approval?.status === 'fulfilled' ? 'completed' : 'failed';
  expect(await system.runs.waitFor(runId)).toMatchObject({ status: expected });
});

test('a question keeps what can be stored of it', async () => {
  const { runId } = await system.start(careful([], `a\0b${'x'.repeat(10_000)}`));
  const { approval = '' } = await system.until(runId, 'waiting_approval');
  expect(approval.startsWith('a\uFFFDb')).toBe(true);
  expect(approval.length).toBe(2_000);
  await system.runs.control(runId, { action: 'cancel' });
});

describe('answered like a question', () => {
  const answering = async (answer: unknown, reply = careful([])): Promise<{ runId: string; run: Run }> => {
    const { runId } = await system.start(reply);
    await system.until(runId, 'waiting_approval');
    return { runId, run: await system.runs.answer(runId, { 'approval-1': answer }) };
  };

  test('a yes lets it go on', async () => {
    const yes = { action: 'accept', content: { approve: true, reason: 'fine' } };
    const { runId, run } = await answering(yes);
    expect(run.status).toBe('pending');
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed' });
    expect(await system.messages(runId)).toContain('approved: fine');
  });

  test.each([
    ['a no', { action: 'accept', content: { approve: false, reason: 'not yet' } }, ': not yet'],
    ['a decline', { action: 'decline' }, ''],
  ])('%s fails it', async (_title, answer, because) => {
    const { runId } = await answering(answer);
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'permission_denied', message: `"Deploy to production?" was rejected${because}.` },
    });
    await system.runs.control(runId, { action: 'retry' });
    expect((await system.until(runId, 'waiting_approval')).questions).toHaveProperty('approval-1-2');
    await system.runs.control(runId, { action: 'cancel' });
  });

  test('a dismissal, and what is no answer, leave it open', async () => {
    const { runId, run } = await answering({ action: 'cancel' });
    expect(run).toMatchObject({ status: 'waiting_approval', questions: { 'approval-1': {} } });
    for (const answer of [{ action: 'accept', content: { confirm: true } }, { action: 'maybe' }, true, null]) {
      const failure = await failureOf(system.runs.answer(runId, { 'approval-1': answer }));
      expect(failure).toMatchObject({ code: 'invalid_input' });
      expect(failure).toHaveProperty('message', expect.stringContaining('The answer to `approval-1` does not fit: '));
    }
    expect((await system.runs.get(runId)).status).toBe('waiting_approval');
    await system.runs.control(runId, { action: 'cancel' });
  });
});
