import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { QuestionForm, QuestionForms, Run } from '../../src/runs/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { Code, RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
/** Executes one run at a time: a run that waited in its place would block the others. */
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

const MAX_BORN = 2_100;
const WHO = {
  message: 'Who are you?',
  fields: z.object({ name: z.string().min(1), born: z.int().min(0).max(MAX_BORN).optional() }),
};
const SURE = { message: 'Sure?', fields: z.object({ sure: z.boolean() }) };
const ADA = { action: 'accept', content: { name: 'Ada', born: 1815 } };
const YES = { action: 'accept', content: { sure: true } };

/** Asks both at once, between two steps. */
function both(calls: string[] = []): Code {
  return async (context) => {
    await context.step('before', async () => {
      calls.push('before');
    });
    const answers = await context.ask({ who: WHO, sure: SURE });
    await context.step('after', async () => {
      calls.push('after');
    });
    return { answers, attempt: context.attempt };
  };
}

async function asking(code: Code): Promise<Run> {
  const { runId } = await system.start(code);
  return system.until(runId, 'waiting_input');
}

/** The run when it waits for what it asks again. */
async function asksAgain(runId: string): Promise<Run> {
  return system.until(runId, 'waiting_input', 'failed', 'completed');
}

describe('a run that asks', () => {
  test('waits with its questions and their forms, and holds no worker', async () => {
    const { runId, ...waiting } = await asking(both());
    expect(waiting).toMatchObject({ attempt: 1 });
    expect(waiting.approval).toBeUndefined();
    expect(waiting.questions).toEqual({
      'ask-1-who': {
        message: 'Who are you?',
        schema: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1 },
            born: { type: 'integer', maximum: MAX_BORN, minimum: 0 },
          },
          required: ['name'],
        },
      },
      'ask-1-sure': {
        message: 'Sure?',
        schema: { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] },
      },
    });
    // People see them in the order in which they were written.
    expect(Object.keys(waiting.questions ?? {})).toEqual(['ask-1-who', 'ask-1-sure']);
    expect(await system.endOf(async () => ({ meanwhile: true }))).toMatchObject({ status: 'completed' });
    await system.runs.control(runId, { action: 'cancel' });
  });

  test('goes on when the last of its questions is answered', async () => {
    const calls: string[] = [];
    const { runId } = await asking(both(calls));
    const half = await system.runs.answer(runId, { 'ask-1-sure': YES });
    expect(half).toMatchObject({ status: 'waiting_input', attempt: 1 });
    expect(Object.keys(half.questions ?? {})).toEqual(['ask-1-who']);
    expect(await system.runs.get(runId)).toEqual(half);
    const whole = await system.runs.answer(runId, { 'ask-1-who': ADA });
    expect(whole.status).toBe('pending');
    expect(whole.questions).toBeUndefined();
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'completed',
      result: { answers: { who: ADA, sure: YES }, attempt: 2 },
    });
    expect(calls).toEqual(['before', 'after']);
    expect(await system.messages(runId)).toEqual([
      'started on test-0',
      'asks: Who are you?',
      'asks: Sure?',
      'answered `ask-1-sure`',
      'answered `ask-1-who`',
      'goes on, attempt 2 on test-0',
      'completed',
    ]);
  });

  test('goes on once when both answers come at the same time, again and again', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { runId } = await asking(both());
      const answered = await Promise.all([
        system.runs.answer(runId, { 'ask-1-who': ADA }),
        system.runs.answer(runId, { 'ask-1-sure': YES }),
        system.runs.answer(runId, { 'ask-1-who': { action: 'decline' } }),
      ]);
      expect(answered.filter(({ status }) => status === 'waiting_input').length).toBeLessThan(3);
      expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2 });
    }
  });

  test('gets a decline and a dismissal as such', async () => {
    const { runId } = await asking(both());
    const declined = { action: 'decline', content: { name: 'left over' } };
    await system.runs.answer(runId, { 'ask-1-who': declined, 'ask-1-sure': { action: 'cancel' } });
    const { result } = await system.runs.waitFor(runId);
    expect(result).toMatchObject({ answers: { who: { action: 'decline' }, sure: { action: 'cancel' } } });
    expect(await system.messages(runId)).toContain('declined to answer `ask-1-who`');
  });

  test('passes over keys that are not open, and what has ended takes no answer', async () => {
    const { runId, questions } = await asking(both());
    const foreign = { 'approval-1': true, 'ask-1': 7, 'ask-2-who': ADA };
    expect(await system.runs.answer(runId, foreign)).toMatchObject({ status: 'waiting_input', questions });
    await system.runs.answer(runId, { 'ask-1-who': ADA });
    await system.runs.answer(runId, { 'ask-1-who': { action: 'decline' }, 'ask-1-sure': YES });
    const ended = await system.runs.waitFor(runId);
    expect(ended.result).toMatchObject({ answers: { who: ADA } });
    expect(await system.runs.answer(runId, { 'ask-1-who': ADA })).toEqual(ended);
    await expect(system.runs.answer('nothing', {})).rejects.toMatchObject({ code: 'not_found' });
  });

  test('refuses what is no answer and stores nothing of it', async () => {
    const { runId } = await asking(both());
    for (const answer of ['Ada', null, { action: 'perhaps' }, { action: 'accept', content: ['Ada'] }]) {
      const failing = system.runs.answer(runId, { 'ask-1-sure': YES, 'ask-1-who': answer });
      await expect(failing).rejects.toMatchObject({ code: 'invalid_input' });
    }
    const long = { action: 'accept', content: { name: 'x'.repeat(20_000) } };
    const failure = await failureOf(system.runs.answer(runId, { 'ask-1-who': long }));
    expect(failure).toMatchObject({ code: 'invalid_input' });
    expect(failure).toHaveProperty('message', expect.stringContaining('at most 20000 fit'));
    expect(Object.keys((await system.runs.get(runId)).questions ?? {})).toHaveLength(2);
    await system.runs.control(runId, { action: 'cancel' });
  });

  test('asks one after the other under keys of their own', async () => {
    const { runId } = await asking(async (context) => {
      const first = await context.ask({ sure: SURE });
      await context.approval('Really?');
      const second = await context.ask({ sure: SURE, none: SURE });
      return { first, second, nothing: await context.ask({}) };
    });
    await system.runs.answer(runId, { 'ask-1-sure': YES });
    expect((await system.until(runId, 'waiting_approval')).questions).toEqual({ 'approval-1': { message: 'Really?' } });
    await system.runs.answer(runId, { 'approval-1': { action: 'accept', content: { approve: true } } });
    const { questions } = await asksAgain(runId);
    expect(Object.keys(questions ?? {})).toEqual(['ask-2-sure', 'ask-2-none']);
    await system.runs.answer(runId, { 'ask-2-none': { action: 'decline' }, 'ask-2-sure': YES });
    expect((await system.runs.waitFor(runId)).result).toEqual({
      first: { sure: YES },
      second: { sure: YES, none: { action: 'decline' } },
      nothing: {},
    });
  });
});

describe('an answer that does not fit', () => {
  test('is asked for again, alone, under another key and with the reason', async () => {
    const { runId } = await asking(both());
    const misfit = { action: 'accept', content: { name: '', born: 18.15 } };
    await system.runs.answer(runId, { 'ask-1-who': misfit, 'ask-1-sure': YES });
    const again = await asksAgain(runId);
    expect(Object.keys(again.questions ?? {})).toEqual(['ask-1-who-2']);
    const message = again.questions?.['ask-1-who-2']?.message;
    expect(message).toMatch(/^Who are you\?\n\nThe last answer did not fit: "name": .+; "born": .+\.$/);
    // The former key stands for the former question.
    const late = await system.runs.answer(runId, { 'ask-1-who': ADA });
    expect(late).toMatchObject({ status: 'waiting_input', questions: { 'ask-1-who-2': {} } });
    await system.runs.answer(runId, { 'ask-1-who-2': { action: 'accept' } });
    expect((await asksAgain(runId)).questions).toHaveProperty('ask-1-who-3');
    await system.runs.answer(runId, { 'ask-1-who-3': ADA });
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'completed',
      result: { answers: { who: ADA, sure: YES }, attempt: 4 },
    });
  });

  test('is changed by its fields as they say, and what they do not name is left out', async () => {
    const fields = z.object({ name: z.string().trim().toUpperCase(), often: z.int().default(2) });
    const { runId } = await asking(async (context) => ({
      answers: await context.ask({ q: { message: 'Q?', fields } }),
    }));
    await system.runs.answer(runId, { 'ask-1-q': { action: 'accept', content: { name: ' ada ', more: true } } });
    const { result } = await system.runs.waitFor(runId);
    expect(result).toEqual({ answers: { q: { action: 'accept', content: { name: 'ADA', often: 2 } } } });
  });
});

describe('a run that fails', () => {
  test('while it waits asks the same again when it is retried', async () => {
    const { runId } = await system.start(both(), { timeoutMs: 600_000 });
    const waiting = await system.until(runId, 'waiting_input');
    const sql = `update lightdom.run set created_at = created_at - interval '1 hour',
      deadline_at = deadline_at - interval '1 hour' where run_id = $1`;
    await testDatabase.database.execute(sql, [runId]);
    const failed = await system.runs.waitFor(runId);
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
    expect(failed.questions).toBeUndefined();
    await system.runs.control(runId, { action: 'retry' });
    expect((await asksAgain(runId)).questions).toEqual(waiting.questions);
    await system.runs.control(runId, { action: 'cancel' });
  });

  test('later keeps its answers when it is retried', async () => {
    let isBroken = true;
    const { runId } = await asking(async (context) => {
      const { who } = await context.ask({ who: WHO });
      if (isBroken) throw new Error('broken');
      return { who };
    });
    await system.runs.answer(runId, { 'ask-1-who': { action: 'decline' } });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'failed' });
    isBroken = false;
    await system.runs.control(runId, { action: 'retry' });
    expect((await system.runs.waitFor(runId)).result).toEqual({ who: { action: 'decline' } });
  });
});

const formOf = (fields: z.ZodObject): QuestionForm => ({ message: 'Q?', fields });

test.each<[string, QuestionForms, string]>([
  ['a name that is none', { 'a-b': SURE }, '`a-b` is no name of a question'],
  ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`q${at}`, SURE])), '21 questions at once'],
  ['a field that is deep', { q: formOf(z.object({ a: z.object({}) })) }, 'its field `a` is no text, number, flag or'],
  ['a field without a schema', { q: formOf(z.object({ a: z.date() })) }, 'its fields have no JSON Schema'],
  ['too long a form', { q: formOf(z.object({ a: z.string().describe('x'.repeat(20_000)) })) }, 'at most 20000 fit'],
])('a run that asks with %s fails', async (_title, questions, why) => {
  const ended = await system.endOf(async (context) => ({ ...(await context.ask(questions)) }));
  expect(ended.status).toBe('failed');
  expect(ended.error?.message).toContain(why);
});

test('a question keeps what can be stored of it', async () => {
  const message = `a\0b${'x'.repeat(10_000)}`;
  const { runId, questions } = await asking(async (context) => ({
    ...(await context.ask({ q: { ...SURE, message } })),
  }));
  expect(questions?.['ask-1-q']?.message.startsWith('a\uFFFDb')).toBe(true);
  expect(questions?.['ask-1-q']?.message.length).toBe(2_000);
  await system.runs.answer(runId, { 'ask-1-q': { action: 'accept', content: { sure: 'x\0' } } });
  const again = (await asksAgain(runId)).questions?.['ask-1-q-2']?.message ?? '';
  expect(again).toContain('did not fit: "sure"');
  expect(again.length).toBeLessThanOrEqual(2_000);
  await system.runs.control(runId, { action: 'cancel' });
});
