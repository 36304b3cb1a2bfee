import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSession } from '../../../src/core/db/index.ts';
import type { DatabaseSession } from '../../../src/core/db/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { until } from './cluster-fixture.ts';

const log = createSilentLog();
const valueRow = z.object({ value: z.unknown() });

describe('a session', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });

  afterAll(() => test.drop());

  const open = (): Promise<DatabaseSession> => openSession({ url: test.url, log, applicationName: 'a session' });
  const isThere = async ({ backendPid }: DatabaseSession): Promise<boolean> =>
    (await test.database.execute('select from pg_stat_activity where pid = $1', [backendPid])) === 1;
  const kill = ({ backendPid }: DatabaseSession): Promise<number> =>
    test.database.execute('select pg_terminate_backend($1)', [backendPid]);

  const untilAsleep = (): Promise<void> => {
    const sql = `select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    return until(async () => (await test.database.execute(sql)) === 1);
  };

  it('is one connection, whose locks are free once it is closed', async () => {
    const session = await open();
    const [row] = await session.query(
      valueRow,
      'select application_name as value from pg_stat_activity where pid = $1',
      [session.backendPid],
    );
    expect(row?.value).toBe('a session');
    await session.execute('select pg_advisory_lock(1)');
    const tryLock = 'select pg_try_advisory_xact_lock(1) as value';
    expect(await test.database.query(valueRow, tryLock)).toEqual([{ value: false }]);
    await Promise.all([session.close(), session.close()]);
    expect(await session.ended).toBeUndefined();
    await until(async () => (await test.database.query(valueRow, tryLock))[0]?.value === true);
    await expect(session.execute('select 1')).rejects.toMatchObject({ code: 'not_ready' });
  });

  it('runs statements one by one, and goes on after one that failed', async () => {
    const session = await open();
    const answers = await Promise.allSettled([
      session.query(valueRow, 'select 1 as value'),
      session.execute('select nonsense'),
      session.query(valueRow, 'select 2 as value'),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await session.close();
  });

  it('hears the messages of its channels alone, whatever their names, also when a listener throws', async () => {
    const session = await open();
    const heard: string[] = [];
    const channel = `Odd "name"; select 1`;
    await session.listen(channel, () => {
      throw new Error('no ears');
    });
    await session.listen(channel, (payload) => void heard.push(payload));
    await session.listen('another', (payload) => void heard.push(`another ${payload}`));
    const notify = (to: string, payload: string): Promise<number> =>
      test.database.execute('select pg_notify($1, $2)', [to, payload]);
    await notify(channel, 'first');
    await notify('not_listened_to', 'lost');
    await notify('another', 'second');
    await until(() => heard.length === 2);
    expect(heard).toEqual(['first', 'another second']);
    await session.close();
  });

  it('says why it ended when the server ends it, idle or at work', async () => {
    const idle = await open();
    await kill(idle);
    expect(await idle.ended).toContain('terminating connection');
    const busy = await open();
    const failure = failureOf(busy.execute('select pg_sleep(60)'));
    await untilAsleep();
    await kill(busy);
    expect(await failure).toMatchObject({ code: 'not_ready' });
    expect(await busy.ended).toContain('terminated');
    await expect(busy.listen('channel', () => {})).rejects.toMatchObject({ code: 'not_ready' });
    await Promise.all([idle.close(), busy.close()]);
  });

  it('is closed although a statement is under way, or the server hangs', async () => {
    const busy = await open();
    const [current, next] = [failureOf(busy.execute('select pg_sleep(60)')), failureOf(busy.execute('select 1'))];
    await untilAsleep();
    await busy.close();
    expect(await current).toMatchObject({ code: 'not_ready' });
    expect(await next).toMatchObject({ code: 'not_ready' });
    await kill(busy);
    const frozen = await open();
    process.kill(frozen.backendPid, 'SIGSTOP');
    await frozen.close();
    expect(await frozen.ended).toBeUndefined();
    process.kill(frozen.backendPid, 'SIGCONT');
    await until(async () => !(await isThere(frozen)));
  });

  it('says that a server can not be reached, or does not let us in', async () => {
    const refused = openSession({ url: 'postgresql://me:hunter2@127.0.0.1:1/x', log });
    await expect(refused).rejects.toMatchObject({ code: 'not_ready' });
    const url = new URL(test.url);
    url.password = 'wrong';
    await expect(openSession({ url: url.href, log })).rejects.toMatchObject({ code: 'not_configured' });
  });

  it('is no longer opened when it is not wanted any more, and closed when it is open', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const controller = new AbortController();
    const opening = openSession({ url: `postgresql://me@127.0.0.1:${port}/x`, log, signal: controller.signal });
    await once(silent, 'connection');
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    silent.close();
    await expect(openSession({ url: test.url, log, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const later = new AbortController();
    const session = await openSession({ url: test.url, log, signal: later.signal });
    later.abort();
    expect(await session.ended).toBeUndefined();
  });
});
