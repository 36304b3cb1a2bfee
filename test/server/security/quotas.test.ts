import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import { RequestQuota } from '../../../src/server/http/request-quota.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { boundedBackend } from '../../../src/server/mcp/bounded-backend.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import { failureOf } from '../../support/failure-of.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { httpTransport, modernSdk, serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog, NO_SERVICES } from '../../support/test-catalog.ts';
import type { CatalogEvents } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

describe('rate limit and concurrency cap, for each principal', () => {
  let server: HttpServer | undefined;
  let events: CatalogEvents = new EventEmitter();
  let now = 0;

  afterEach(() => server?.close());

  async function serve(perMinute: number, maxConcurrent: number): Promise<string> {
    const created = createTestCatalog();
    events = created.events;
    const config = { host: '127.0.0.1', port: 0, rateLimit: { perMinute }, maxConcurrent };
    server = await serveHttp({ catalog: created.catalog, log: createSilentLog() }, { config, now: () => now });
    return `${server.url}/mcp`;
  }

  test('requests beyond the rate get 429 with the time to wait, until it is over; other routes are not counted', async () => {
    const url = await serve(60, 10);
    const ask = () => rawRequest(url, { headers: AUTHORIZED });
    for (let count = 0; count < 60; count += 1) expect((await ask()).status).toBe(400);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(JSON.parse(refused.body)).toMatchObject({
      code: 'limit_reached',
      retryable: true,
      detail: 'You send requests faster than this server takes them.',
      hint: 'Wait 1 s; the operator sets the limit as http.rateLimit.perMinute.',
    });
    expect((await rawRequest(url)).status).toBe(401);
    expect((await rawRequest(url.replace('/mcp', '/livez'))).status).toBe(200);
    now += 1_000;
    expect((await ask()).status).toBe(400);
    expect((await ask()).status).toBe(429);
  });

  test('requests beyond those at work get 429, and a place is free again when one ends', async () => {
    const url = await serve(1_000, 2);
    const client = await modernSdk('modern', httpTransport(new URL(url)));
    const controllers = [new AbortController(), new AbortController()];
    const calls = [];
    for (const { signal } of controllers) {
      const started = once(events, 'started');
      calls.push(failureOf(client.callTool('slow', { steps: 0, isEndless: true }, { signal })));
      await started;
    }
    const refused = await rawRequest(url, {
      method: 'POST',
      headers: { ...AUTHORIZED, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body)).toMatchObject({
      code: 'limit_reached',
      hint: 'Wait 1 s; the operator sets the limit as http.maxConcurrent.',
    });
    const aborted = once(events, 'aborted');
    controllers[0]?.abort();
    await aborted;
    await expect
      .poll(() => client.callTool('echo', { text: 'a' }).catch(() => undefined))
      .toMatchObject({ isError: false });
    controllers[1]?.abort();
    await Promise.all(calls);
    await client.close();
  });

  test('one principal takes nothing from another, and thousands of them no memory', () => {
    const quota = new RequestQuota({ perMinute: 2, maxConcurrent: 1, now: () => now });
    expect([quota.take('ada'), quota.take('ada'), quota.take('ada')]).toEqual([0, 0, 30]);
    expect(quota.take('bob')).toBe(0);
    const leave = quota.enter('ada');
    expect(quota.enter('ada')).toBeUndefined();
    expect(quota.enter('bob')).toBeDefined();
    leave?.();
    expect(quota.enter('ada')).toBeDefined();
    for (let count = 0; count < 20_000; count += 1) quota.take(`principal ${count}`);
    expect(quota.take('principal 19999')).toBe(0);
  });
});

describe('calls of a client on stdio', () => {
  test('wait for a place in their order, are refused when too many wait, and can be cancelled while they wait', async () => {
    const { catalog, events } = createTestCatalog();
    const services = () => Promise.resolve(NO_SERVICES);
    const local = createLocalBackend({ sealer: testSealer, catalog, log: createSilentLog(), services });
    const backend = boundedBackend(local, { maxConcurrent: 1, maxWaiting: 2 });
    const [first, waiting] = [new AbortController(), new AbortController()];
    const started = once(events, 'started');
    const atWork = failureOf(backend.callTool('slow', { steps: 0, isEndless: true }, plainCall(first.signal)));
    await started;
    const cancelled = failureOf(backend.callTool('echo', { text: 'a' }, plainCall(waiting.signal)));
    const answered = backend.readResource('test://fixed', plainCall(new AbortController().signal));
    expect(await failureOf(backend.getPrompt('greet', {}, plainCall(first.signal)))).toMatchObject({
      code: 'limit_reached',
      message: '1 calls are at work and 2 wait: this one is one too many.',
    });
    waiting.abort();
    expect(await cancelled).toMatchObject({ code: 'cancelled' });
    first.abort();
    expect(await answered).toMatchObject([{ text: 'fixed text' }]);
    expect(await atWork).toMatchObject({ code: 'cancelled' });
    expect(await backend.callTool('echo', { text: 'b' }, plainCall(new AbortController().signal))).toMatchObject({
      text: 'b',
    });
  });
});
