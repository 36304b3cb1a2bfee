import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageOf } from '../../../src/core/errors.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createLiveCatalog } from '../../support/live-catalog.ts';
import type { LiveCatalog } from '../../support/live-catalog.ts';
import { connectHttp, LIVE_PLACES, openLive } from '../../support/live-client.ts';
import type { LiveClient } from '../../support/live-client.ts';
import { serveHttp } from '../../support/surface-client.ts';

const LIMITS = { perConnection: 2, inAll: 3 };

function uriOf(id: string): string {
  return `test://ticker/${id}`;
}

describe.each(LIVE_PLACES)('resource updates over $transport, client $sdk', (place) => {
  let client: LiveClient;
  let live: LiveCatalog;

  beforeEach(async () => {
    live = createLiveCatalog();
    client = await openLive(place, live.catalog, LIMITS);
  });

  afterEach(async () => {
    await client.close();
    await live.untilWatched([]);
  });

  /** Through a master, the resource is watched a moment later, and then said to have changed. */
  async function watching(ids: readonly string[]): Promise<number> {
    await live.untilWatched(ids);
    if (place.transport !== 'stdio before a master') return 0;
    await Promise.all(ids.map((id) => client.updated(uriOf(id), 1)));
    return 1;
  }

  test('come to who has subscribed, and no more after the end of it', async () => {
    const end = await client.subscribe([uriOf('a')]);
    const before = await watching(['a']);
    live.change('a');
    live.change('b');
    await client.updated(uriOf('a'), before + 1);
    await end();
    await live.untilWatched([]);
    live.change('a');
    await client.subscribe([uriOf('b')]);
    const beforeOther = await watching(['b']);
    live.change('b');
    await client.updated(uriOf('b'), beforeOther + 1);
    expect(client.updates().filter((uri) => uri === uriOf('a'))).toHaveLength(before + 1);
  });

  test('of many changes at once are one at once and one after', async () => {
    await client.subscribe([uriOf('a')]);
    const before = await watching(['a']);
    for (let at = 0; at < 20; at += 1) live.change('a');
    await client.updated(uriOf('a'), before + 2);
    // What comes in order after it would have come after more of the same.
    await client.subscribe([uriOf('b')]);
    await watching(['a', 'b']);
    live.change('b');
    await client.updated(uriOf('b'), 1);
    expect(client.updates().filter((uri) => uri === uriOf('a'))).toHaveLength(before + 2);
  });

  test('are bounded for each connection', async () => {
    const failure = await failureOf(client.subscribe(['a', 'b', 'c'].map(uriOf)));
    expect(failure).toMatchObject({ data: { code: 'limit_reached' } });
    expect(messageOf(failure)).toContain('A connection may watch 2 resources, not 3.');
  });
});

test('subscriptions of all connections are bounded, and given back when a connection ends', async () => {
  const live = createLiveCatalog();
  const server = await serveHttp({ catalog: live.catalog, log: createSilentLog() }, { subscriptionLimits: LIMITS });
  const [first, second] = await Promise.all([connectHttp(server, 'modern'), connectHttp(server, 'legacy')]);
  await first.subscribe(['a', 'b'].map(uriOf));
  const failure = await failureOf(second.subscribe(['c', 'd'].map(uriOf)));
  expect(failure).toMatchObject({ data: { code: 'limit_reached' } });
  expect(messageOf(failure)).toContain('All connections together may watch 3 resources.');
  await first.close();
  await live.untilWatched(['c']);
  await second.subscribe([uriOf('d')]);
  await second.close();
  await server.close();
  await live.untilWatched([]);
});

test('a resource that several watch is watched once, and until the last of them ends', async () => {
  const live = createLiveCatalog();
  const server = await serveHttp({ catalog: live.catalog, log: createSilentLog() });
  const clients = await Promise.all(
    (['modern', 'modern', 'legacy', 'v1'] as const).map((sdk) => connectHttp(server, sdk)),
  );
  const ends = await Promise.all(clients.map((client) => client.subscribe([uriOf('a')])));
  live.change('a');
  await Promise.all(clients.map((client) => client.updated(uriOf('a'), 1)));
  expect(clients.map((client) => client.updates())).toEqual(clients.map(() => [uriOf('a')]));
  for (const end of ends.slice(1)) await end();
  expect(live.watched()).toEqual(['a']);
  await ends[0]?.();
  await live.untilWatched([]);
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
});

test('what is no resource can not be subscribed to', async () => {
  const client = await openLive({ transport: 'stdio', sdk: 'legacy' }, createLiveCatalog().catalog);
  expect(await failureOf(client.subscribe(['test://nothing']))).toMatchObject({
    code: -32_602,
    data: { uri: 'test://nothing' },
  });
  await client.close();
});
