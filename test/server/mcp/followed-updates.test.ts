import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { createFollowingBackend } from '../../../src/server/mcp/following-backend.ts';
import type { MasterLink } from '../../../src/server/mcp/master-source.ts';
import { createRemoteBackend } from '../../../src/server/mcp/remote-backend.ts';
import { createLiveCatalog } from '../../support/live-catalog.ts';
import type { LiveCatalog } from '../../support/live-catalog.ts';
import { overStdio } from '../../support/live-client.ts';
import type { LiveClient } from '../../support/live-client.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';

const log = createSilentLog();
const URI = 'test://ticker/a';

/** A process that forwards to whoever is the master; the masters are real HTTP servers. */
describe.each(['modern', 'legacy'] as const)('updates before masters that change, %s client', (sdk) => {
  let live: LiveCatalog;
  let servers: HttpServer[];
  let gone: AbortController;
  let current: Promise<MasterLink>;
  let client: LiveClient;

  async function serve(port = 0): Promise<HttpServer> {
    const server = await serveHttp({ catalog: live.catalog, log }, { config: { host: '127.0.0.1', port } });
    servers.push(server);
    return server;
  }

  function link(server: HttpServer): void {
    gone = new AbortController();
    const backend = createRemoteBackend({ url: `${server.url}/mcp`, token: TOKEN, log });
    current = Promise.resolve({ backend, gone: gone.signal });
  }

  beforeEach(async () => {
    live = createLiveCatalog();
    servers = [];
    link(await serve());
    const source = { current: () => current, lookNow: () => {}, lastFailure: () => undefined };
    const backend = createFollowingBackend({ catalog: live.catalog, source });
    client = await overStdio({ backend, catalog: live.catalog, limits: undefined }, sdk);
  });

  afterEach(async () => {
    await client.close();
    await Promise.all(servers.map((server) => server.close()));
    await live.untilWatched([]);
  });

  test('nothing is held open while nobody watches', async () => {
    expect(live.watched()).toEqual([]);
    const end = await client.subscribe([URI]);
    await client.updated(URI, 1);
    expect(live.watched()).toEqual(['a']);
    await end();
    await live.untilWatched([]);
  });

  test('go on with the next master, which may have changed what is watched', async () => {
    await client.subscribe([URI]);
    await client.updated(URI, 1);
    const former = gone;
    const next = await serve();
    link(next);
    former.abort(new Error('gone'));
    await servers[0]?.close();
    const before = client.updates().length;
    await client.updated(URI, before + 1);
    await live.untilWatched(['a']);
    live.change('a');
    await client.updated(URI, client.updates().length + 1);
  });

  test('go on when the same master is back after its connection broke', async () => {
    await client.subscribe([URI]);
    await client.updated(URI, 1);
    const port = servers[0]?.port ?? 0;
    await servers.shift()?.close();
    await serve(port);
    await client.updated(URI, 2);
    live.change('a');
    await client.updated(URI, 3);
  });
});
