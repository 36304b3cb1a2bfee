import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure-of.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { RunSystem } from './run-system.ts';

const ADA = { owner: 'https://issuer.example|ada' };
const BOB = { owner: 'https://issuer.example|bob' };

let testDatabase: TestDatabase;
let system: RunSystem;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase);
  await system.runs.open();
});
afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

test('a run is seen by its owner and by who asks for no owner', async () => {
  const { runs } = system;
  const { runId } = await runs.start('test_echo', { text: 'a' }, ADA);
  expect(await runs.get(runId, ADA)).toMatchObject({ runId });
  expect(await runs.get(runId)).toMatchObject({ runId });
  expect(await runs.find(runId, BOB)).toBeUndefined();
});

test('a foreign run answers as one that does not exist, whatever is asked of it', async () => {
  const { runs } = system;
  const { runId } = await runs.start('test_held', { text: 'a' }, ADA);
  const unknown = 'f'.repeat(32);
  const questions: readonly ((id: string) => Promise<unknown>)[] = [
    (id) => runs.get(id, BOB),
    (id) => runs.control(id, { action: 'cancel' }, BOB),
    (id) => runs.listEvents(id, BOB),
    (id) => runs.recentEvents(id, 5, BOB),
    (id) => runs.listChildren(id, BOB),
    (id) => runs.start('test_echo', { text: 'a' }, { ...BOB, parentRunId: id }),
  ];
  for (const ask of questions) {
    const [foreign, missing] = await Promise.all([failureOf(ask(runId)), failureOf(ask(unknown))]);
    expect(foreign).toMatchObject({ code: 'not_found' });
    expect(String(foreign).replace(runId, '')).toBe(String(missing).replace(unknown, ''));
  }
  expect((await runs.get(runId)).status).not.toBe('cancelled');
  expect(await runs.control(runId, { action: 'cancel' }, ADA)).toMatchObject({ status: 'cancelled' });
});

test('a list holds the runs of its owner alone, also behind a cursor that another one was given', async () => {
  const { runs } = system;
  const own: string[] = [];
  for (const text of ['1', '2', '3']) {
    own.push((await runs.start('test_echo', { text }, { owner: 'cal' })).runId);
    await runs.start('test_echo', { text }, BOB);
  }
  const first = await runs.list({ owner: 'cal', limit: 2 });
  expect(first.runs.map(({ runId }) => runId)).toEqual(own.slice(1).toReversed());
  const rest = await runs.list({ owner: 'cal', limit: 10, cursor: first.cursor });
  expect(rest).toEqual({ runs: [expect.objectContaining({ runId: own[0] })] });
  const stolen = await runs.list({ ...BOB, limit: 10, cursor: first.cursor });
  expect(stolen.runs.filter(({ runId }) => own.includes(runId))).toEqual([]);
  expect((await runs.list({ limit: 100 })).runs.length).toBeGreaterThanOrEqual(6);
});

test('what belongs to a run belongs to its owner, and what nobody asked for to this machine', async () => {
  const { runs, define } = system;
  const part = define(() => Promise.resolve({}));
  const parent = await system.endOf(async (context) => {
    await context.startChild('test_part', part);
    await context.waitForChildren();
    return {};
  }, ADA);
  expect(parent.status).toBe('completed');
  const children = await runs.listChildren(parent.runId, ADA);
  expect(children).toHaveLength(1);
  for (const { runId } of children) {
    expect(await runs.find(runId, ADA)).toBeDefined();
    expect(await runs.find(runId, { owner: 'local' })).toBeUndefined();
  }
  const { runId } = await runs.start('test_echo', { text: 'a' });
  expect(await runs.find(runId, { owner: 'local' })).toBeDefined();
});
