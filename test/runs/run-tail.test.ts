import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Queryable } from '../../src/core/db/index.ts';
import { TypedEvents } from '../../src/core/events.ts';
import { createSilentLog } from '../../src/core/log.ts';
import type { RunMeasurement, RunServiceEvents, RunTailItem } from '../../src/runs/index.ts';
import { RunTail } from '../../src/runs/run-tail.ts';
import { RunTailStore } from '../../src/runs/run-tail-store.ts';
import { createGate } from '../support/gate.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { Code, RunSystem } from './run-system.ts';

/** What was heard, and a way to wait for it. */
function hearing() {
  const heard: RunTailItem[] = [];
  const events = new TypedEvents<{ heard: [] }>();
  return {
    heard,
    listen: (item: RunTailItem): void => {
      heard.push(item);
      events.emit('heard');
    },
    until: async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) await new Promise<void>((resolve) => events.once('heard', resolve));
    },
    lines: (): string[] => heard.flatMap((item) => (item.what === 'line' ? [item.line.message] : [])),
    states: (): string[] => heard.flatMap((item) => (item.what === 'changed' ? [item.run.status] : [])),
  };
}

describe('following all runs', () => {
  let database: TestDatabase;
  const systems: RunSystem[] = [];

  const open = async (isWorker: boolean): Promise<RunSystem> => {
    const system = buildRuns(database, { isWorker, codes: systems[0]?.codes ?? new Map<string, Code>() });
    systems.push(system);
    await system.runs.open();
    return system;
  };

  beforeEach(async () => {
    database = await createProductDatabase();
  });

  afterEach(async () => {
    for (const { runs } of systems.splice(0)) await runs.close();
    await database.drop();
  });

  it('hears each line and the states of runs that another process executes, with their owner', async () => {
    const worker = await open(true);
    const watcher = await open(false);
    const { heard, listen, until, lines, states } = hearing();
    const stop = await watcher.runs.follow(listen);
    const input = worker.define(async (context) => {
      for (let number = 1; number <= 700; number += 1) context.log('info', `line ${number}`);
      return Promise.resolve({});
    });
    const { runId } = await watcher.runs.start('test_code', input, { owner: 'ada' });
    await until(() => states().at(-1) === 'completed' && lines().at(-1) === 'completed');
    const own = lines().filter((message) => message.startsWith('line '));
    expect(own).toEqual(Array.from({ length: 700 }, (_, index) => `line ${index + 1}`));
    expect(lines()).toEqual(
      (await watcher.runs.listEvents(runId, { limit: 500 }))
        .concat(await watcher.runs.recentEvents(runId, 300))
        .filter(({ sequence }, index, all) => all.findIndex((other) => other.sequence === sequence) === index)
        .map(({ message }) => message),
    );
    expect(states()[0]).toBe('pending');
    expect(new Set(heard.map((item) => item.what === 'missed' || item.owner))).toEqual(new Set(['ada']));
    stop();
    const before = heard.length;
    await watcher.runs.waitFor((await watcher.runs.start('test_code', input)).runId);
    expect(heard).toHaveLength(before);
  });

  it('hears of a line that was committed after a later one, and of none twice', async () => {
    const system = await open(false);
    const { runId } = await system.runs.start('test_code', { code: 'none' });
    const events = new TypedEvents<RunServiceEvents>();
    const tail = new RunTail({ store: new RunTailStore(database.database), events, log: createSilentLog() });
    const { listen, until, lines } = hearing();
    await tail.follow(listen);
    const insert = (to: Queryable, message: string) =>
      to.query(
        z.object({ sequence: z.coerce.number() }),
        `insert into lightdom.run_event (run_id, level, message) values ($1, 'info', $2) returning sequence`,
        [runId, message],
      );
    await database.database.transaction(async (transaction) => {
      await insert(transaction, 'begun first');
      await insert(database.database, 'committed first');
      events.emit('logged', runId);
      await until(() => lines().length === 1);
    });
    events.emit('logged', runId);
    await until(() => lines().length === 2);
    await insert(database.database, 'last');
    events.emit('logged', runId);
    await until(() => lines().length === 3);
    expect(lines()).toEqual(['committed first', 'begun first', 'last']);
  });

  it('says when changes may be missing, and reads the lines of runs that it knows', async () => {
    const system = await open(false);
    const { runId } = await system.runs.start('test_code', { code: 'none' });
    const events = new TypedEvents<RunServiceEvents>();
    const tail = new RunTail({ store: new RunTailStore(database.database), events, log: createSilentLog() });
    const { heard, listen, until, lines } = hearing();
    await tail.follow(listen);
    const insert = (message: string) =>
      database.database.execute(`insert into lightdom.run_event (run_id, level, message) values ($1, 'info', $2)`, [
        runId,
        message,
      ]);
    await insert('heard of');
    events.emit('logged', runId);
    await until(() => lines().length === 1);
    await insert('not heard of');
    events.emit('missed');
    await until(() => lines().length === 2);
    expect(heard.map(({ what }) => what)).toEqual(['line', 'missed', 'line']);
  });

  it('measures each step that was done, and none that was recorded before', async () => {
    const { runs, start, until } = await open(true);
    const measured: RunMeasurement[] = [];
    runs.events.on('measured', (each) => measured.push(each));
    let failures = 1;
    const held = createGate();
    const run = await start(async (context) => {
      await context.step('one', () => Promise.resolve(1));
      await context.transaction('two', async (transaction) => {
        await transaction.execute('select 1');
      });
      await context.step('three', () => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('the first time')) : Promise.resolve(3);
      });
      held.open();
      return {};
    });
    await until(run.runId, 'failed');
    expect(measured.map((each) => each.what === 'step' && each.isOk)).toEqual([true, true, false]);
    await runs.control(run.runId, { action: 'retry' });
    await held.opened;
    await until(run.runId, 'completed');
    expect(measured.map((each) => each.what === 'step' && each.isOk)).toEqual([true, true, false, true]);
    expect(measured[0]).toMatchObject({ what: 'step', kind: 'test_code' });
  });
});
