import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { failureOf } from '../../support/failure-of.ts';
import { rawRequest } from '../../support/raw-request.ts';
import type { RawRequest } from '../../support/raw-request.ts';
import { httpTransport, modernSdk, serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const JSON_BODY = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

function surface() {
  return { catalog: createTestCatalog().catalog, log: createSilentLog() };
}

describe('HTTP server', () => {
  let server: HttpServer;
  let readiness = { ready: true, reason: 'running' };

  beforeEach(async () => {
    server = await serveHttp(surface(), { readiness: () => readiness });
  });

  afterEach(() => server.close());

  function ask(path: string, options: RawRequest = {}) {
    return rawRequest(`${server.url}${path}`, options);
  }

  const ROUTES = [
    { method: 'GET', path: '/livez' },
    { method: 'GET', path: '/readyz' },
    { method: 'POST', path: '/mcp' },
    { method: 'GET', path: '/mcp' },
    { method: 'DELETE', path: '/mcp' },
    { method: 'GET', path: '/nothing/here' },
  ];

  test.each(ROUTES)('refuses a foreign Host on $method $path before it looks at anything else', async (route) => {
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:3001']) {
      const answer = await ask(route.path, { method: route.method, headers: { ...AUTHORIZED, host } });
      expect({ host, status: answer.status }).toEqual({ host, status: 403 });
    }
  });

  test.each(ROUTES)('refuses a foreign Origin on $method $path', async (route) => {
    for (const origin of ['http://evil.example', 'https://localhost.evil.example', 'null']) {
      const answer = await ask(route.path, { method: route.method, headers: { ...AUTHORIZED, origin } });
      expect({ origin, status: answer.status }).toEqual({ origin, status: 403 });
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'permission_denied', status: 403 });
    }
  });

  test('answers a page of its own origin', async () => {
    const headers = { origin: `http://localhost:${server.port}` };
    expect((await ask('/livez', { headers })).status).toBe(200);
  });

  test('tells without a token only that it lives and whether it is ready', async () => {
    expect(await ask('/livez')).toMatchObject({ status: 200, body: '{"alive":true}' });
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: '{"ready":true,"reason":"running"}' });
    readiness = { ready: false, reason: 'database' };
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: '{"ready":false,"reason":"database"}' });
    readiness = { ready: true, reason: 'running' };
  });

  test.each(ROUTES.slice(2))('challenges $method $path without a token', async ({ method, path }) => {
    const answer = await ask(path, { method });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="lightdom"');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(answer.body)).toEqual({
      type: 'urn:lightdom:problem:permission_denied',
      title: 'Unauthorized',
      status: 401,
      detail: 'This needs a bearer token.',
      code: 'permission_denied',
      retryable: false,
      hint: 'Send the text of the file `token` in the data folder as `Authorization: Bearer …`.',
    });
  });

  test('refuses a wrong token, and a right one anywhere but in the header', async () => {
    for (const authorization of [`Bearer ${TOKEN}x`, 'Bearer x', `Basic ${TOKEN}`, TOKEN, 'Bearer']) {
      expect((await ask('/mcp', { headers: { authorization } })).status).toBe(401);
    }
    expect((await ask(`/mcp?token=${TOKEN}&access_token=${TOKEN}`)).status).toBe(401);
    const wrong = await ask('/mcp', { headers: { authorization: 'Bearer wrong' } });
    expect(wrong.headers['www-authenticate']).toBe('Bearer realm="lightdom", error="invalid_token"');
    expect(wrong.body).not.toContain('wrong');
  });

  test('says what is not there without repeating the query', async () => {
    const answer = await ask('/nothing?secret=1', { headers: AUTHORIZED });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_found', detail: 'There is nothing at GET /nothing.' });
  });

  test('answers a URL that cannot be read in the same form', async () => {
    const answer = await ask('/%zz', { headers: AUTHORIZED });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid_input' });
  });

  test('refuses bodies that are too large, of another type, or no JSON', async () => {
    const post = (headers: Record<string, string>, body: string) =>
      ask('/mcp', { method: 'POST', headers: { ...AUTHORIZED, ...JSON_BODY, ...headers }, body });
    const large = await post({}, JSON.stringify({ text: 'x'.repeat(4 * 1024 * 1024) }));
    expect(large.status).toBe(413);
    expect(JSON.parse(large.body)).toMatchObject({ code: 'limit_reached' });
    const other = await post({ 'content-type': 'text/plain' }, '{}');
    expect(other.status).toBe(415);
    expect(JSON.parse(other.body)).toMatchObject({ code: 'unsupported' });
    for (const body of ['{', '']) {
      const broken = await post({}, body);
      expect(broken.status).toBe(400);
      expect(JSON.parse(broken.body)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32700 } });
    }
  });

  test('takes a body just under the limit', async () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'ping', params: { _meta: { x: 'x'.repeat(4_000_000) } } };
    const answer = await ask('/mcp', {
      method: 'POST',
      headers: { ...AUTHORIZED, ...JSON_BODY },
      body: JSON.stringify(request),
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid_input' });
  });
});

describe('HTTP server, starting and stopping', () => {
  test('names the port and the config key when the port is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => void blocker.listen(0, '127.0.0.1', resolve));
    const { port } = addressOf(blocker.address());
    const failure = await failureOf(serveHttp(surface(), { config: { host: '127.0.0.1', port } }));
    expect(failure).toMatchObject({
      code: 'conflict',
      message: `Port ${port} on 127.0.0.1 is taken by another process.`,
      hint: 'Choose another with http.port (--port; 0 takes any free one), or stop the other process.',
    });
    await new Promise((resolve) => void blocker.close(resolve));
  });

  test('does not listen beyond this machine until it knows its names', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
      expect(await failureOf(serveHttp(surface(), { config: { host, port: 0 } }))).toMatchObject({
        code: 'not_configured',
        message: `http.host is ${host}, which other machines can reach.`,
      });
    }
  });

  test('answers under the names it was given', async () => {
    const config = { host: '0.0.0.0', port: 0, allowedHosts: ['dom.example'] };
    const server = await serveHttp(surface(), { config });
    const url = `http://127.0.0.1:${server.port}/livez`;
    const statuses = await Promise.all(
      ['dom.example', 'localhost', 'other.example'].map((host) => rawRequest(url, { headers: { host } })),
    );
    expect(statuses.map((answer) => answer.status)).toEqual([200, 200, 403]);
    await server.close();
  });

  test('frees its port when it closes, with connections still open', async () => {
    const first = await serveHttp(surface());
    const idle = await fetch(`${first.url}/livez`);
    await idle.text();
    await first.close();
    const second = await serveHttp(surface(), { config: { host: '127.0.0.1', port: first.port } });
    expect(second.port).toBe(first.port);
    await second.close();
  });
});

test('nothing stays open after a close: no socket, no listener, not even of clients that broke off', async () => {
  const { catalog, events } = createTestCatalog();
  const server = await serveHttp({ catalog, log: createSilentLog() });
  const url = new URL(`${server.url}/mcp`);
  const clients = await Promise.all([modernSdk('modern', httpTransport(url)), modernSdk('legacy', httpTransport(url))]);
  for (const client of clients) {
    await client.listTools();
    const controller = new AbortController();
    const started = once(events, 'started');
    const call = failureOf(client.callTool('slow', { steps: 1, isEndless: true }, { signal: controller.signal }));
    await started;
    controller.abort();
    await call;
  }
  const [gone] = clients;
  await gone?.close();
  await server.close();
  await vi.waitFor(() => expect(openSockets()).toBe(0));
});

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address;
}
