import { afterAll, beforeAll, expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/core/db/index.ts';
import { newId } from '../../src/core/ids.ts';
import { RunStore } from '../../src/runs/index.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let store: RunStore;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ migrations: MIGRATIONS });
  store = new RunStore(testDatabase.database);
});

afterAll(() => testDatabase.drop());

async function insertRun(): Promise<string> {
  const runId = newId();
  await store.insert({ runId, kind: 'test', title: 'test', input: 'null', parentRunId: undefined });
  return runId;
}

const progress = { done: 1, total: 2, unit: 'files', message: '' };

test('what an older attempt writes late is dropped', async () => {
  const runId = await insertRun();
  const older = (await store.begin(runId))?.run;
  const newer = (await store.begin(runId))?.run;
  expect([older?.attempt, newer?.attempt]).toEqual([1, 2]);
  const late = { runId, attempt: 1 };
  expect(await store.saveProgress(late, progress)).toBeUndefined();
  expect(await store.complete(late, '{}')).toBeUndefined();
  expect(await store.fail(late, { code: 'internal', message: 'late' })).toBeUndefined();
  expect(await store.find(runId)).toEqual(newer);
  expect(await store.complete({ runId, attempt: 2 }, '{"ok":true}')).toMatchObject({ result: { ok: true } });
});

test('a run that has ended is neither begun nor changed', async () => {
  const runId = await insertRun();
  const cancelled = await store.cancel(runId, undefined);
  expect(cancelled).toMatchObject({ status: 'cancelled', attempt: 0 });
  expect(await store.begin(runId)).toBeUndefined();
  expect(await store.cancel(runId, 'again')).toBeUndefined();
  expect(await store.fail({ runId, attempt: 0 }, { code: 'internal', message: 'late' })).toBeUndefined();
  expect((await store.recentEvents(runId, 10)).map((event) => event.message)).toEqual(['cancelled']);
});

test('attempts that an orderly stop ended are no crashes', async () => {
  const runId = await insertRun();
  expect((await store.begin(runId))?.crashes).toBe(0);
  await store.recordStop([runId]);
  expect((await store.begin(runId))?.crashes).toBe(0);
  expect((await store.begin(runId))?.crashes).toBe(1);
});
