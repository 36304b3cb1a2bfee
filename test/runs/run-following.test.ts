import { afterAll, beforeAll, expect, test } from 'vitest';
import { proposeRuns, watchRun } from '../../src/runs/index.ts';
import { createGate } from '../support/gate.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
let worker: RunSystem;
let observer: RunSystem;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  worker = buildRuns(testDatabase);
  observer = buildRuns(testDatabase, { isWorker: false });
  await worker.runs.open();
  await observer.runs.open();
});

afterAll(async () => {
  await observer?.runs.close();
  await worker?.runs.close();
  await testDatabase?.drop();
});

test('who follows a run hears of lines that it logs, in its own process and in others', async () => {
  const [speak, end] = [createGate(), createGate()];
  const run = await worker.start(async ({ log }) => {
    await speak.opened;
    log('info', 'a line');
    await end.opened;
    return {};
  });
  const isLogged = async (): Promise<boolean> =>
    (await observer.runs.recentEvents(run.runId)).some(({ message }) => message === 'a line');
  const stops: (() => void)[] = [];
  const heard = [worker, observer].map(
    (system) =>
      new Promise<void>((resolve) => {
        const changed = (): void => void isLogged().then((isThere) => isThere && resolve());
        stops.push(watchRun(system.runs, run.runId, changed));
      }),
  );
  speak.open();
  // Nothing else happens to the run: it waits.
  await Promise.all(heard);
  for (const stop of stops) stop();
  end.open();
  await worker.runs.waitFor(run.runId);
});

test('ids of runs are proposed by their beginning, the newest first', async () => {
  const first = await worker.endOf(() => Promise.resolve({}));
  const second = await worker.endOf(() => Promise.resolve({}));
  const all = await proposeRuns(observer.runs, '', {});
  expect(all.values.slice(0, 2)).toEqual([second.runId, first.runId]);
  expect(all.total).toBe(all.values.length);
  expect(await proposeRuns(observer.runs, first.runId.slice(0, 16), {})).toEqual({ values: [first.runId], total: 1 });
  expect(await proposeRuns(observer.runs, '_', {})).toEqual({ values: [], total: 0 });
});
