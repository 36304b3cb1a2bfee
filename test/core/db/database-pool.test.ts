import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectDatabase } from '../../../src/core/db/index.ts';
import { AppError } from '../../../src/core/errors.ts';
import { newId } from '../../../src/core/ids.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const countRow = z.object({ count: z.coerce.number() });

describe('a pool of connections', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    await test.database.execute('create table item (id integer primary key, name text not null)');
  });

  afterAll(() => test.drop());

  const countItems = async (): Promise<number> => {
    const [row] = await test.database.query(countRow, 'select count(*) as count from item');
    return row?.count ?? -1;
  };

  it('copies rows in and out again, more than one chunk of them', async () => {
    const total = 50_000;
    const chunks = function* (): Iterable<Buffer> {
      for (let id = 0; id < total; id += 1) yield Buffer.from(`${id}\tname of ${id}\n`);
    };
    await test.database.copyIn('copy item from stdin', chunks());
    expect(await countItems()).toBe(total);
    let text = '';
    for await (const chunk of test.database.copyOut('copy (select * from item order by id) to stdout')) {
      text += chunk.toString('utf8');
    }
    expect(text.split('\n').slice(0, 2)).toEqual(['0\tname of 0', '1\tname of 1']);
    expect(text.split('\n')).toHaveLength(total + 1);
  });

  it('takes no more of the source of a copy than the server takes from it', async () => {
    const lock = 4_711;
    const chunk = Buffer.from(`1\t${'x'.repeat(1 << 16)}\n`);
    const total = 1_000;
    let taken = 0;
    const source = async function* (): AsyncIterable<Buffer> {
      for (; taken < total; taken += 1) yield await Promise.resolve(chunk);
    };
    await test.database.execute('create table slow (id integer, name text)');
    await test.database.execute(`create function wait() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(${lock}); return new; end $$`);
    await test.database.execute('create trigger wait before insert on slow for each row execute function wait()');
    let copied: Promise<void> | undefined;
    await test.database.transaction(async (holder) => {
      await holder.execute('select pg_advisory_xact_lock($1)', [lock]);
      copied = test.database.copyIn('copy slow from stdin', source());
      const waiting = `select from pg_stat_activity where wait_event = 'advisory' and query like 'copy slow%'`;
      while ((await test.database.execute(waiting)) === 0);
      // What is still on its way fills the buffers in between; then nothing moves any more.
      for (let before = -1; before !== taken;) {
        before = taken;
        for (let asked = 0; asked < 100; asked += 1) await holder.execute('select 1');
      }
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThan(total / 2);
    });
    await copied;
    expect(await test.database.execute('select from slow')).toBe(total);
  });

  it('writes nothing of a copy whose source fails, and works on', async () => {
    const before = await countItems();
    const broken = function* (): Iterable<Buffer> {
      yield Buffer.from('900001\tfirst\n');
      throw new Error('the source broke');
    };
    await expect(test.database.copyIn('copy item from stdin', broken())).rejects.toThrow('the source broke');
    expect(await countItems()).toBe(before);
  });

  it('gives up a copy that its reader leaves, and works on', async () => {
    for await (const chunk of test.database.copyOut('copy item to stdout')) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await countItems()).toBeGreaterThan(0);
  });

  it('rolls a transaction back when its work throws', async () => {
    const before = await countItems();
    const work = test.database.transaction(async (transaction) => {
      await transaction.execute(`insert into item values (900002, 'second')`);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await countItems()).toBe(before);
  });

  it('does not call a transaction committed that the server rolled back', async () => {
    const before = await countItems();
    const work = test.database.transaction(async (transaction) => {
      await transaction.execute(`insert into item values (900003, 'third')`);
      await transaction.execute(`insert into item values (0, 'twice')`).catch(() => {});
    });
    await expect(work).rejects.toThrow('was rolled back');
    expect(await countItems()).toBe(before);
  });

  it('leaves the errors of a transaction alone, whatever they say, and goes on with its connection', async () => {
    const single = await connectDatabase({ url: test.url, log: createSilentLog(), max: 1 });
    const backend = async (): Promise<unknown> => {
      const [row] = await single.query(z.object({ pid: z.number() }), 'select pg_backend_pid() as pid');
      return row?.pid;
    };
    const before = await backend();
    const own = new Error('no connection between the parts');
    await expect(single.transaction(() => Promise.reject(own))).rejects.toBe(own);
    const copied = single.transaction((transaction) =>
      transaction.copyIn(
        'copy item from stdin',
        (function* (): Iterable<Buffer> {
          yield Buffer.from('900004\tfourth\n');
          throw own;
        })(),
      ),
    );
    await expect(copied).rejects.toBe(own);
    const read = single.transaction(async (transaction) => {
      for await (const chunk of transaction.copyOut('copy item to stdout')) if (chunk.length > 0) break;
      return transaction.execute('select 1');
    });
    expect(await read).toBe(1);
    await expect(single.execute('select nonsense')).rejects.toThrow('nonsense');
    expect(await backend()).toBe(before);
    await Promise.all([single.close(), single.close()]);
  });

  it('fails a copy in either direction when its connection is lost on the way, and works on', async () => {
    const killOthers = (): Promise<number> =>
      test.database.execute(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy item%' and state = 'active'`,
      );
    const source = async function* (): AsyncIterable<Buffer> {
      yield Buffer.from('900005\tfifth\n');
      while ((await killOthers()) === 0);
      for (;;) yield Buffer.alloc(1 << 16, 'x');
    };
    const copied = test.database.copyIn('copy item from stdin', source());
    await expect(copied).rejects.toMatchObject({ code: 'not_ready' });
    const read = async (): Promise<void> => {
      let isKilled = false;
      // More than sockets and buffers hold, so that the server is still writing when it is killed.
      const sql = `copy (select repeat('x', 1000) from item, generate_series(1, 20)) to stdout`;
      for await (const chunk of test.database.copyOut(sql)) {
        if (isKilled || chunk.length === 0) continue;
        isKilled = true;
        await test.database.execute(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy (select repeat%' and state = 'active'`,
        );
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'not_ready' });
    await expect(test.database.copyOut('copy nothing_here to stdout')[Symbol.asyncIterator]().next()).rejects.toThrow(
      'nothing_here',
    );
    expect(await countItems()).toBeGreaterThan(0);
  });

  it('says what stands in the way: no right, no time, no entry, no such database', async () => {
    const role = `guest_${newId().slice(0, 12)}`;
    await test.database.execute(`create role ${role} login password 'guest'`);
    const url = new URL(test.url);
    url.username = role;
    url.password = 'guest';
    const guest = await connectDatabase({ url: url.href, log: createSilentLog(), max: 1 });
    await expect(guest.execute('create schema lightdom')).rejects.toMatchObject({ code: 'permission_denied' });
    await guest.execute(`set statement_timeout to '10ms'`);
    await expect(guest.execute('select pg_sleep(10)')).rejects.toMatchObject({ code: 'timed_out' });
    await guest.close();
    url.password = 'wrong';
    const refused = connectDatabase({ url: url.href, log: createSilentLog() });
    await expect(refused).rejects.toMatchObject({ code: 'not_configured' });
    url.password = 'guest';
    url.pathname = '/not_there';
    const missing = connectDatabase({ url: url.href, log: createSilentLog() });
    await expect(missing).rejects.toMatchObject({ code: 'not_configured' });
    await test.database.execute(`drop role ${role}`);
  });

  it('says that a database is read-only, or has no room', async () => {
    const single = await connectDatabase({ url: test.url, log: createSilentLog(), max: 1 });
    await single.execute('set default_transaction_read_only = on');
    const error = await failureOf(single.execute(`insert into item values (900006, 'sixth')`));
    expect(error).toMatchObject({ code: 'not_configured' });
    expect(error instanceof AppError && error.hint).toContain('standby');
    expect(String(error)).toContain('The database is read-only');
    const full = single.execute(`do $$ begin raise exception using errcode = '53100'; end $$`);
    await expect(full).rejects.toMatchObject({ code: 'limit_reached' });
    await single.close();
  });

  it('waits for a lock no longer than it is told', async () => {
    const hasty = await connectDatabase({ url: test.url, log: createSilentLog(), max: 1, lockTimeoutMs: 50 });
    await test.database.transaction(async (holder) => {
      await holder.execute('lock table item');
      await expect(hasty.execute('select from item limit 1')).rejects.toMatchObject({ code: 'not_ready' });
    });
    expect(await hasty.execute('select from item limit 1')).toBe(1);
    await hasty.close();
  });

  it('says conflict when a key exists already, and refuses rows that are not as expected', async () => {
    const twice = test.database.execute(`insert into item values (0, 'again')`);
    await expect(twice).rejects.toMatchObject({ code: 'conflict' });
    const wrong = test.database.query(z.object({ id: z.string() }), 'select id from item limit 1');
    await expect(wrong).rejects.toThrow('id');
  });

  it('survives the loss of all its connections', async () => {
    const other = await connectDatabase({ url: test.url, log: createSilentLog(), max: 2 });
    await test.database.execute(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    // The first one may still meet a connection whose end has not been noticed.
    const answer = await other.execute('select 1').catch((error: unknown) => error);
    expect(answer === 1 || (answer instanceof AppError && answer.code === 'not_ready')).toBe(true);
    expect(await other.execute('select 1')).toBe(1);
    await other.close();
  });

  it('says that a server can not be reached', async () => {
    const refused = connectDatabase({ url: 'postgresql://me:hunter2@127.0.0.1:1/x', log: createSilentLog() });
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'not_ready' });
    expect(String(error)).not.toContain('hunter2');
  });
});
