import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectDatabase, followNotifications } from '../../../src/core/db/index.ts';
import type { NotificationFeed, NotificationOptions } from '../../../src/core/db/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { until } from './cluster-fixture.ts';

const log = createSilentLog();
const NAME = 'a feed';

describe('a feed of notifications', () => {
  let test: TestDatabase;
  let feed: NotificationFeed | undefined;
  let heard: string[] = [];
  let connections = 0;

  beforeEach(async () => {
    test = await createTestDatabase();
    heard = [];
    connections = 0;
  });

  afterEach(async () => {
    await feed?.close();
    await test.drop();
  });

  const follow = (options: Partial<NotificationOptions> = {}): NotificationFeed => {
    feed = followNotifications({
      url: test.url,
      log,
      applicationName: NAME,
      channel: 'news',
      onMessage: (payload) => void heard.push(payload),
      onConnected: () => void (connections += 1),
      ...options,
    });
    return feed;
  };
  const notify = (payload: string): Promise<number> => test.database.execute(`select pg_notify('news', $1)`, [payload]);
  const kill = (): Promise<number> =>
    test.database.execute('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [NAME]);

  it('connects in the background and passes messages on', async () => {
    const { isConnected } = follow();
    expect(isConnected()).toBe(false);
    await until(isConnected);
    expect(connections).toBe(1);
    await notify('first');
    await until(() => heard.length === 1);
    expect(heard).toEqual(['first']);
    await feed?.close();
    expect(isConnected()).toBe(false);
  });

  it('connects again when its connection breaks, as often as it does, and says so', async () => {
    const { isConnected } = follow();
    for (const count of [1, 2, 3]) {
      await until(() => connections === count && isConnected());
      await notify(`message ${count}`);
      await until(() => heard.length === count);
      expect(await kill()).toBe(1);
    }
    await until(() => connections === 4);
  });

  it('keeps trying while the server does not let it in', async () => {
    const { isConnected } = follow();
    await until(isConnected);
    const name = new URL(test.url).pathname.slice(1);
    const admin = await connectDatabase({ url: inject('postgresUrl'), log, max: 1 });
    await admin.execute(`alter database ${name} allow_connections false`);
    await kill();
    await until(() => !isConnected());
    await admin.execute(`alter database ${name} allow_connections true`);
    await admin.close();
    await until(() => connections === 2);
  });

  it('goes on although what it calls throws', async () => {
    const fail = (): never => {
      throw new Error('no ears');
    };
    const { isConnected } = follow({
      onConnected: fail,
      onMessage: (payload) => {
        heard.push(payload);
        fail();
      },
    });
    await until(isConnected);
    for (const payload of ['first', 'second']) await notify(payload);
    await until(() => heard.length === 2);
    expect(isConnected()).toBe(true);
  });

  it('is closed at once while it waits for a server that says nothing, or for its next attempt', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const waiting = follow({ url: `postgresql://me@127.0.0.1:${port}/x` });
    await once(silent, 'connection');
    const began = Date.now();
    await waiting.close();
    silent.close();
    const lost = follow({ url: 'postgresql://me@127.0.0.1:1/x' });
    await lost.close();
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(connections).toBe(0);
  });
});
