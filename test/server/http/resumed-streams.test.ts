import { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { defineTool } from '../../../src/surface/index.ts';
import { EventStream } from '../../support/event-stream.ts';
import { createGate } from '../../support/gate.ts';
import type { Gate } from '../../support/gate.ts';
import { createLiveCatalog } from '../../support/live-catalog.ts';
import type { LiveCatalog } from '../../support/live-catalog.ts';
import { httpTransport, serveHttp, TOKEN } from '../../support/surface-client.ts';

const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } };

/** Lets go of its stream if it is told to, says something, and answers when the test lets it. */
function patientTool(gate: () => Gate) {
  return defineTool({
    name: 'patient',
    title: 'Patient',
    description: 'Answers later.',
    effect: 'read',
    idempotent: true,
    openWorld: false,
    input: z.object({ releases: z.boolean() }),
    output: z.object({ answered: z.boolean() }),
    async run({ releases }, context) {
      if (releases) context.releaseStream();
      await gate().opened;
      context.progress(1, 2, 'half');
      context.progress(2, 2, 'whole');
      return { answered: true };
    },
  });
}

describe('a session whose stream breaks', () => {
  let server: HttpServer;
  let live: LiveCatalog;
  let gate: Gate;

  beforeEach(async () => {
    gate = createGate();
    live = createLiveCatalog();
    const [first] = live.catalog.toolsets;
    const toolsets = first === undefined ? [] : [{ ...first, tools: [patientTool(() => gate)] }];
    server = await serveHttp({ catalog: { ...live.catalog, toolsets }, log: createSilentLog() });
  });

  afterEach(() => server.close());

  function send(method: 'GET' | 'POST' | 'DELETE', headers: Record<string, string>, body?: object): Promise<Response> {
    return fetch(`${server.url}/mcp`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify({ jsonrpc: '2.0', ...body }) }),
    });
  }

  async function openSession(): Promise<Record<string, string>> {
    const answer = await send('POST', {}, { id: 0, method: 'initialize', params: INITIALIZE });
    await answer.text();
    const session = { 'mcp-session-id': answer.headers.get('mcp-session-id') ?? '' };
    await (await send('POST', session, { method: 'notifications/initialized' })).text();
    return session;
  }

  async function callPatient(session: Record<string, string>, releases: boolean): Promise<EventStream> {
    const params = { name: 'patient', arguments: { releases }, _meta: { progressToken: 'p' } };
    return new EventStream(await send('POST', session, { id: 7, method: 'tools/call', params }));
  }

  const resume = (session: Record<string, string>, lastEventId = '') =>
    send('GET', { ...session, 'last-event-id': lastEventId });

  test.each([
    { how: 'the tool lets go of it', releases: true },
    { how: 'the connection breaks', releases: false },
  ])('gets all of the answer, once, after it comes back: $how', async ({ releases }) => {
    const session = await openSession();
    const stream = await callPatient(session, releases);
    const first = await stream.next();
    expect(first).toMatchObject({ message: undefined, retryMs: 500 });
    const more = releases ? await stream.rest() : [];
    expect(more).toEqual([]);
    await stream.cancel();
    const resumed = new EventStream(await resume(session, first?.id));
    gate.open();
    const half = await resumed.next();
    await resumed.cancel();
    const rest = await new EventStream(await resume(session, half?.id)).rest();
    expect([half, ...rest].map((event) => event?.message)).toMatchObject([
      { method: 'notifications/progress', params: { progress: 1 } },
      { method: 'notifications/progress', params: { progress: 2 } },
      { id: 7, result: { structuredContent: { answered: true } } },
    ]);
    const last = rest.at(-1)?.id;
    expect(await new EventStream(await resume(session, last)).rest()).toEqual([]);
  });

  test('gets what changed meanwhile on its standing stream', async () => {
    const session = await openSession();
    const uri = 'test://ticker/a';
    await (await send('POST', session, { id: 1, method: 'resources/subscribe', params: { uri } })).text();
    const standing = new EventStream(await send('GET', session));
    live.change('a');
    const first = await standing.next();
    expect(first?.message).toMatchObject({ method: 'notifications/resources/updated', params: { uri } });
    await standing.cancel();
    // The same that opens the stream again brings what came in between.
    live.change('a');
    const resumed = new EventStream(await resume(session, first?.id));
    expect((await resumed.next())?.message).toMatchObject({ params: { uri } });
    await resumed.cancel();
  });

  test('is told when it asks for what the server does not have', async () => {
    const session = await openSession();
    const other = await openSession();
    const stream = await callPatient(session, true);
    const first = await stream.next();
    expect((await resume(session, '99.nothing')).status).toBe(400);
    expect((await resume(other, first?.id)).status).toBe(400);
    expect((await send('DELETE', session)).status).toBe(200);
    expect((await resume(session, first?.id)).status).toBe(404);
    gate.open();
  });

  test('is nothing that a client of the SDK notices', async () => {
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode: 'legacy' } });
    await client.connect(httpTransport(new URL(`${server.url}/mcp`)));
    const answer = client.callTool({ name: 'patient', arguments: { releases: true } });
    gate.open();
    expect((await answer).structuredContent).toEqual({ answered: true });
    await client.close();
  });
});
