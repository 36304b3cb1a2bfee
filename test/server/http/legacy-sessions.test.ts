import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { DEFAULT_EVENT_LIMITS } from '../../../src/server/http/session-events.ts';
import { rawRequest } from '../../support/raw-request.ts';
import type { RawAnswer } from '../../support/raw-request.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';
import type { CatalogEvents } from '../../support/test-catalog.ts';

const HEADERS = {
  authorization: `Bearer ${TOKEN}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};
const IDLE_TTL_MS = 1_000;

describe('sessions of clients that open with initialize', () => {
  let server: HttpServer;
  let events: CatalogEvents;
  let time = 0;

  beforeEach(async () => {
    const test = createTestCatalog();
    events = test.events;
    server = await serveHttp(
      { catalog: test.catalog, log: createSilentLog() },
      { sessionLimits: { maxSessions: 2, idleTtlMs: IDLE_TTL_MS, now: () => time, events: DEFAULT_EVENT_LIMITS } },
    );
  });

  afterEach(() => server.close());

  function post(message: object, headers: Record<string, string> = {}): Promise<RawAnswer> {
    const body = JSON.stringify(message);
    return rawRequest(`${server.url}/mcp`, { method: 'POST', headers: { ...HEADERS, ...headers }, body });
  }

  async function openSession(): Promise<Record<string, string>> {
    time += 1;
    const answer = await post(INITIALIZE);
    expect(answer.status).toBe(200);
    return { 'mcp-session-id': String(answer.headers['mcp-session-id']) };
  }

  const ping = (session: Record<string, string>) => post({ jsonrpc: '2.0', id: 1, method: 'ping' }, session);

  test('have unguessable ids and answer under them', async () => {
    const session = await openSession();
    expect(session['mcp-session-id']).toMatch(/^[0-9a-f]{32}$/);
    expect((await ping(session)).status).toBe(200);
  });

  test('are over after DELETE: the client is told to initialize again', async () => {
    const session = await openSession();
    const gone = await rawRequest(`${server.url}/mcp`, { method: 'DELETE', headers: { ...HEADERS, ...session } });
    expect(gone.status).toBe(200);
    const answer = await ping(session);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_found', hint: 'Send `initialize` again.' });
  });

  test('answer an unknown id as one that is over', async () => {
    expect((await ping({ 'mcp-session-id': 'f'.repeat(32) })).status).toBe(404);
    expect((await ping({ 'mcp-session-id': '../../etc/passwd' })).status).toBe(404);
  });

  test('are needed for anything but initialize', async () => {
    expect((await ping({})).status).toBe(400);
    expect((await rawRequest(`${server.url}/mcp`, { headers: HEADERS })).status).toBe(400);
  });

  test('end when nobody used them for the idle time', async () => {
    const used = await openSession();
    const silent = await openSession();
    time += IDLE_TTL_MS - 10;
    expect((await ping(used)).status).toBe(200);
    time += IDLE_TTL_MS - 10;
    expect((await ping(used)).status).toBe(200);
    expect((await ping(silent)).status).toBe(404);
  });

  test('give way, the longest silent first, when there are too many', async () => {
    const first = await openSession();
    const second = await openSession();
    time += 1;
    expect((await ping(first)).status).toBe(200);
    const third = await openSession();
    expect((await ping(second)).status).toBe(404);
    expect((await ping(first)).status).toBe(200);
    expect((await ping(third)).status).toBe(200);
  });

  test('are refused while all of them are at work', async () => {
    for (const id of [1, 2]) {
      const session = await openSession();
      const started = once(events, 'started');
      const call = { jsonrpc: '2.0', id, method: 'tools/call', params: endlessCall() };
      void post(call, session).catch(() => {});
      await started;
    }
    const refused = await post(INITIALIZE);
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body)).toMatchObject({
      code: 'limit_reached',
      detail: 'All 2 MCP sessions are in use.',
      retryable: true,
    });
  });

  test('leave nothing behind when their initialize is refused', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await post(INITIALIZE, { accept: 'text/html' })).status).toBe(406);
    }
    await openSession();
    await openSession();
  });

  test('abort the work of their calls and end their streams when the server closes', async () => {
    const session = await openSession();
    const started = once(events, 'started');
    const aborted = once(events, 'aborted');
    const call = post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: endlessCall() }, session);
    await started;
    const stream = await fetch(`${server.url}/mcp`, { headers: { ...HEADERS, ...session } });
    expect(stream.status).toBe(200);
    await server.close();
    await aborted;
    expect(await stream.text()).not.toContain('error');
    expect((await call).status).toBe(200);
  });
});

function endlessCall() {
  return { name: 'slow', arguments: { steps: 0, isEndless: true } };
}
