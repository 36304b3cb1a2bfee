import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGate } from '../../support/gate.ts';
import { openEngine } from './engine-system.ts';

let system: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  system = await openEngine([
    { name: 'two', workerConcurrency: 2 },
    { name: 'one', workerConcurrency: 1 },
    { name: 'global', workerConcurrency: 4, globalConcurrency: 1 },
    { name: 'parts', workerConcurrency: 8, partitionConcurrency: 1 },
    { name: 'slow', workerConcurrency: 8, rateLimit: { limit: 2, periodMs: 1_000 } },
  ]);
});
afterAll(() => system.close());

/** How many of these run at once at most, by the key that `keyOf` gives each. */
async function mostAtOnce(queue: string, partitions: readonly (string | undefined)[]): Promise<Record<string, number>> {
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const add = (key: string, count: number): void => {
    running.set(key, (running.get(key) ?? 0) + count);
    most.set(key, Math.max(most.get(key) ?? 0, running.get(key) ?? 0));
  };
  const ids = await Promise.all(
    partitions.map((partition) =>
      system.start(
        async () => {
          const keys = ['all', ...(partition === undefined ? [] : [partition])];
          for (const key of keys) add(key, 1);
          await delay(150);
          for (const key of keys) add(key, -1);
        },
        { queue, ...(partition === undefined ? {} : { partition }) },
      ),
    ),
  );
  for (const id of ids) expect(await system.ended(id)).toBe('succeeded');
  return Object.fromEntries(most);
}

test('no more workflows of a queue run at once in a process than allowed', async () => {
  expect(await mostAtOnce('two', Array.from({ length: 5 }))).toEqual({ all: 2 });
});

test('no more run at once over all processes than allowed', async () => {
  expect(await mostAtOnce('global', Array.from({ length: 3 }))).toEqual({ all: 1 });
});

test('no more of one partition run at once than allowed, while partitions run side by side', async () => {
  const most = await mostAtOnce('parts', ['red', 'red', 'blue', 'blue']);
  expect(most).toEqual({ all: 2, red: 1, blue: 1 });
});

test('no more begin in a period than its rate allows', async () => {
  const begunAtMs: number[] = [];
  const ids = await Promise.all(
    Array.from({ length: 4 }, () =>
      system.start(
        async () => {
          begunAtMs.push(performance.now());
        },
        { queue: 'slow' },
      ),
    ),
  );
  for (const id of ids) await system.ended(id);
  const [first = 0, second = 0, third = 0] = begunAtMs.toSorted((a, b) => a - b);
  expect(second - first).toBeLessThan(900);
  expect(third - first).toBeGreaterThan(800);
});

test('what has priority goes first, also when it is given later', async () => {
  const [began, gate] = [createGate(), createGate()];
  const order: string[] = [];
  const first = await system.start(
    async () => {
      began.open();
      await gate.opened;
    },
    { queue: 'one' },
  );
  await began.opened;
  const add = (name: string, priority: number): Promise<string> =>
    system.start(
      async () => {
        order.push(name);
      },
      { queue: 'one', priority },
    );
  const ids = [await add('low', 9), await add('middle', 5), await add('high', 1), await add('raised', 8)];
  await system.control.setPriority(ids[3] ?? '', 2);
  gate.open();
  for (const id of [first, ...ids]) expect(await system.ended(id)).toBe('succeeded');
  expect(order).toEqual(['high', 'raised', 'middle', 'low']);
});

test('a cancelled workflow that waits in the queue is never delivered', async () => {
  const [began, gate] = [createGate(), createGate()];
  const first = await system.start(
    async () => {
      began.open();
      await gate.opened;
    },
    { queue: 'one' },
  );
  await began.opened;
  const second = await system.start(async () => {}, { queue: 'one' });
  await system.control.cancel([second]);
  const third = await system.start(async () => {}, { queue: 'one' });
  gate.open();
  for (const id of [first, third]) expect(await system.ended(id)).toBe('succeeded');
  expect(system.delivered).not.toContain(second);
  expect(await system.stateOf(second)).toBe('cancelled');
});
