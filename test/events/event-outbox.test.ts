import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/core/db/index.ts';
import { AppError } from '../../src/core/errors.ts';
import { createSilentLog } from '../../src/core/log.ts';
import { EventOutbox, EventOutboxStore } from '../../src/events/event-runtime.ts';
import type { LiveEvent } from '../../src/events/index.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

const log = createSilentLog();
const LIMITS = { maxRows: 1_000, maxAgeMs: 3_600_000, maxWaiting: 10 };

type Fault = 'none' | 'before' | 'after';

/** The same database, whose statements that store events fail as it is told: before they are done, or after. */
function failing(database: Database, fault: () => Fault, onLastId: () => Promise<void>): Database {
  return {
    url: database.url,
    execute: (...args) => database.execute(...args),
    copyIn: (...args) => database.copyIn(...args),
    copyOut: (...args) => database.copyOut(...args),
    transaction: (work) => database.transaction(work),
    close: () => database.close(),
    async query(row, sql, params) {
      if (sql.startsWith('select last_id')) await onLastId();
      const kind = sql.includes('insert into') ? fault() : 'none';
      if (kind === 'before') throw new AppError('not_ready', 'The connection broke.');
      const rows = await database.query(row, sql, params);
      if (kind === 'after') throw new AppError('not_ready', 'The connection broke.');
      return rows;
    },
  };
}

describe('the outbox of events', () => {
  let database: TestDatabase;
  let outbox: EventOutbox;
  let faults: Fault[] = [];
  let attempts = 0;
  let heard: LiveEvent[] = [];
  /** Just before it is asked which id is the last. */
  let onLastId = (): Promise<void> => Promise.resolve();

  const create = (stream = 'test', limits = LIMITS): EventOutbox => {
    const failingDatabase = failing(
      database.database,
      () => {
        attempts += 1;
        return faults.shift() ?? 'none';
      },
      () => onLastId(),
    );
    outbox = new EventOutbox({ store: new EventOutboxStore(failingDatabase), log, stream, limits });
    outbox.listen((events) => heard.push(...events));
    return outbox;
  };

  const publish = (...numbers: readonly number[]): void => {
    for (const number of numbers) outbox.publish({ type: 'warning', data: number });
  };

  const told = (): unknown[] => heard.map(({ id, data }) => [id, data]);

  beforeEach(async () => {
    database = await createProductDatabase();
    faults = [];
    onLastId = () => Promise.resolve();
    attempts = 0;
    heard = [];
  });

  afterEach(async () => {
    await outbox.close();
    await database.drop();
  });

  it('takes nothing for forgotten that is stored while it is asked', async () => {
    create();
    await outbox.open();
    publish(1);
    await outbox.flush();
    onLastId = async () => {
      onLastId = () => Promise.resolve();
      publish(2);
      await outbox.flush();
    };
    const { events, forgottenUpTo } = await outbox.listAfter(1);
    expect([events.map(({ id }) => id), forgottenUpTo]).toEqual([[2], undefined]);
  });

  it('tells of an event once it is stored, and of what was published before it was opened', async () => {
    create();
    publish(1, 2);
    expect(heard).toEqual([]);
    await outbox.open();
    publish(3);
    await outbox.flush();
    expect(told()).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
    expect((await outbox.listAfter(0)).events).toEqual(heard);
  });

  it('stores a batch once, although its connection broke before or after that was done', async () => {
    await create().open();
    faults = ['before', 'after', 'after'];
    publish(1);
    await outbox.flush();
    publish(2, 3);
    await outbox.flush();
    expect(attempts).toBeGreaterThanOrEqual(4);
    expect(told()).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
    expect(await outbox.listAfter(1)).toMatchObject({ events: [{ id: 2 }, { id: 3 }], forgottenUpTo: undefined });
  });

  it('gives up the oldest that wait beyond its bound, and says how many', async () => {
    await create().open();
    faults = ['before', 'before'];
    publish(...Array.from({ length: 25 }, (_, index) => index + 1));
    await outbox.flush();
    const gap = heard.find(({ type }) => type === 'gap');
    expect(gap?.data).toBe('{"lost":15,"reason":"Events came faster than they could be stored."}');
    expect(heard).toHaveLength(11);
    expect(heard.map(({ id }) => id)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
  });

  it('keeps the events of two masters apart, and goes on with their numbers after a restart', async () => {
    await create('one').open();
    publish(1, 2);
    await outbox.close();
    await create('other').open();
    publish(3);
    await outbox.close();
    await create('one').open();
    publish(4);
    await outbox.flush();
    expect(told()).toEqual([
      [1, '1'],
      [2, '2'],
      [1, '3'],
      [3, '4'],
    ]);
  });

  it('forgets what is too old, of masters that are gone too, and says up to where', async () => {
    await create('gone').open();
    publish(1);
    await outbox.close();
    await create().open();
    publish(1, 2);
    await outbox.flush();
    await database.database.execute(`update lightdom.live_event set at = at - interval '2 hours' where id <= 1`);
    await outbox.close();
    await create().open();
    expect(await outbox.listAfter(0)).toMatchObject({ events: [{ id: 2 }], forgottenUpTo: 1 });
    const store = new EventOutboxStore(database.database);
    expect(await store.list('gone', 0, 10)).toEqual([]);
    expect(await store.lastId('gone')).toBe(1);
  });

  it('leaves out data that is too large or is no JSON, and takes nothing after its end', async () => {
    await create().open();
    outbox.publish({ type: 'warning', data: 'x'.repeat(40_000) });
    outbox.publish({ type: 'warning', data: 1n });
    outbox.publish({ type: 'warning', data: undefined });
    await outbox.close();
    publish(4);
    expect(heard.map(({ data }) => data)).toEqual([
      '{"isLeftOut":true,"characters":40002}',
      '{"isLeftOut":true}',
      'null',
    ]);
  });

  it('is not disturbed by a listener that throws', async () => {
    create();
    const after: number[] = [];
    outbox.listen(() => {
      throw new Error('of a listener');
    });
    outbox.listen((events) => after.push(...events.map(({ id }) => id)));
    await outbox.open();
    publish(1);
    await outbox.flush();
    publish(2);
    await outbox.flush();
    expect(after).toEqual([1, 2]);
  });
});
