import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openEngine, WORKFLOW } from './engine-system.ts';

let system: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  system = await openEngine();
});
afterAll(() => system.close());

describe('messages', () => {
  test('are received once, in order, and by topic; without one the wait ends', async () => {
    const received: unknown[] = [];
    const id = await system.start(async (delivery) => {
      received.push(await delivery.receive('numbers', 10_000));
      received.push(await delivery.receive('numbers', 10_000));
      received.push(await delivery.receive('none', 50));
    });
    await system.control.send(id, 'letters', 'a');
    await system.control.send(id, 'numbers', { n: 1 });
    await system.control.send(id, 'numbers', { n: 2 });
    expect(await system.ended(id)).toBe('succeeded');
    expect(received).toEqual([{ n: 1 }, { n: 2 }, undefined]);
  });

  test('of a stream can be followed from its beginning to the end of the workflow', async () => {
    const id = await system.start(async (delivery) => {
      for (const value of [1, 2, 3]) await delivery.publish('out', { value });
    });
    const values: unknown[] = [];
    for await (const value of system.control.readStream(id, 'out')) values.push(value);
    expect(values).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });
});

describe('a schedule', () => {
  const schedule = { name: 'tick', workflow: WORKFLOW, cron: '* * * * * *' };

  afterEach(async () => {
    for (const { name } of await system.control.listSchedules()) await system.control.removeSchedule(name);
  });

  test('fires each second, each time a workflow of its own', async () => {
    const before = system.delivered.length;
    await system.control.schedule(schedule);
    await expect.poll(() => system.delivered.length - before, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    const fired = system.delivered.slice(before);
    expect(new Set(fired).size).toBe(fired.length);
  });

  test('can be listed, changed, paused, resumed and removed', async () => {
    await system.control.schedule({ ...schedule, timeZone: 'Europe/Berlin' });
    expect(await system.control.listSchedules()).toEqual([{ ...schedule, timeZone: 'Europe/Berlin', isPaused: false }]);
    await system.control.pauseSchedule('tick');
    expect(await system.control.listSchedules()).toMatchObject([{ isPaused: true }]);
    await system.control.resumeSchedule('tick');
    await system.control.schedule({ ...schedule, cron: '0 4 * * *' });
    expect(await system.control.listSchedules()).toMatchObject([{ cron: '0 4 * * *', isPaused: false }]);
    await system.control.removeSchedule('tick');
    expect(await system.control.listSchedules()).toEqual([]);
  });

  test('that is paused fires no more', async () => {
    await system.control.schedule(schedule);
    const before = system.delivered.length;
    await expect.poll(() => system.delivered.length, { timeout: 10_000 }).toBeGreaterThan(before);
    await system.control.pauseSchedule('tick');
    // Noticing it takes a while, and what was due by then still waits in the queue; it would fire each second.
    const deliveredInTwoSeconds = async (): Promise<number> => {
      const before = system.delivered.length;
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      return system.delivered.length - before;
    };
    await expect.poll(deliveredInTwoSeconds, { timeout: 15_000 }).toBe(0);
  });
});
