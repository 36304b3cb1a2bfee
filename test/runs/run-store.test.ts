import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import { RunEventStore } from '../../src/runs/run-event-store.ts';
import { RunQuestionStore } from '../../src/runs/run-question-store.ts';
import { RunStore } from '../../src/runs/run-store.ts';
import { RunTransitionStore } from '../../src/runs/run-transition-store.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let store: RunStore;
let transitions: RunTransitionStore;
let events: RunEventStore;
let questions: RunQuestionStore;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  store = new RunStore(testDatabase.database);
  transitions = new RunTransitionStore(testDatabase.database);
  events = new RunEventStore(testDatabase.database);
  questions = new RunQuestionStore(testDatabase.database);
});

afterAll(() => testDatabase.drop());

async function insertRun(runId = newId()): Promise<string> {
  const limits = {
    queue: 'runs',
    priority: 5,
    timeoutMs: undefined,
    budget: {},
    parentRunId: undefined,
    traceParent: undefined,
    owner: 'local',
  };
  await store.insert({ runId, kind: 'test', title: 'test', input: 'null', ...limits });
  return runId;
}

async function messagesOf(runId: string): Promise<string[]> {
  return (await events.recent(runId, 10)).map((event) => event.message);
}

const ASKED = {
  status: 'waiting_approval',
  questions: [{ slot: 'k', round: 1, message: 'Deploy?', form: null }],
} as const;
const progress = { done: 1, total: 2, unit: 'files', message: '' };

test('what an older attempt writes late is dropped', async () => {
  const runId = await insertRun();
  const older = (await transitions.begin(runId, 'a-0'))?.stored.run;
  const newer = (await transitions.begin(runId, 'a-1'))?.stored.run;
  expect([older?.attempt, newer?.attempt]).toEqual([1, 2]);
  const late = { runId, attempt: 1 };
  expect(await store.saveProgress(late, progress)).toBeUndefined();
  expect(await store.spend(late, { unit: 'tokens', amount: 1 })).toBeUndefined();
  expect(await transitions.complete(late, '{}')).toBeUndefined();
  expect(await transitions.fail(late, { code: 'internal', message: 'late' })).toBeUndefined();
  expect(await questions.ask(late, ASKED)).toBeUndefined();
  expect(await store.find(runId)).toEqual(newer);
  const completed = await transitions.complete({ runId, attempt: 2 }, '{"ok":true}');
  expect(completed?.run).toMatchObject({ status: 'completed', result: { ok: true } });
});

test('a run that has ended is neither begun nor changed', async () => {
  const runId = await insertRun();
  const [cancelled] = await transitions.cancel(runId, undefined);
  expect(cancelled?.run).toMatchObject({ status: 'cancelled', attempt: 0 });
  expect(await transitions.begin(runId, 'a-0')).toBeUndefined();
  expect(await transitions.cancel(runId, 'again')).toEqual([]);
  expect(await transitions.pause(runId, undefined)).toEqual([]);
  expect(await transitions.fail({ runId, attempt: 0 }, { code: 'internal', message: 'late' })).toBeUndefined();
  expect(await messagesOf(runId)).toEqual(['cancelled']);
});

test('a run that is stored twice is stored once', async () => {
  const runId = await insertRun();
  await transitions.begin(runId, 'a-0');
  await insertRun(runId);
  expect(await store.find(runId)).toMatchObject({ status: 'running', attempt: 1 });
});

test('attempts that an orderly stop ended are no crashes, nor are those that were paused', async () => {
  const runId = await insertRun();
  expect((await transitions.begin(runId, 'a-0'))?.crashes).toBe(0);
  await transitions.recordStop([runId], 'a-0');
  expect((await transitions.begin(runId, 'a-0'))?.crashes).toBe(0);
  await transitions.pause(runId, undefined);
  await transitions.resume(runId);
  expect((await transitions.begin(runId, 'a-0'))?.crashes).toBe(0);
  await transitions.recordStop([runId], 'of another');
  expect((await transitions.begin(runId, 'a-1'))?.crashes).toBe(1);
  expect((await transitions.begin(runId, 'a-1'))?.crashes).toBe(2);
  await transitions.fail({ runId, attempt: 5 }, { code: 'limit_reached', message: 'crashes' });
  await transitions.retry(runId);
  expect((await transitions.begin(runId, 'a-1'))?.crashes).toBe(0);
});

test('each state is written to the log of the run, once', async () => {
  const runId = await insertRun();
  await transitions.begin(runId, 'a-0');
  await questions.ask({ runId, attempt: 1 }, ASKED);
  await questions.decide(runId, { decision: 'approved', reason: 'fine' });
  await transitions.prioritize(runId, 7);
  await transitions.pause(runId, 'lunch');
  await transitions.resume(runId);
  await transitions.begin(runId, 'a-1');
  await transitions.begin(runId, 'a-2');
  expect(await messagesOf(runId)).toEqual([
    'started on a-0',
    'waits for approval: Deploy?',
    'approved: fine',
    'priority 7',
    'paused: lunch',
    'resumed',
    'goes on, attempt 2 on a-1',
    'recovered after an interruption, attempt 3 on a-2',
  ]);
});
