import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import { createToolPolicy, DEFAULT_SETTINGS } from '../../../src/server/dispatch/tool-policy.ts';
import type { PolicySettings } from '../../../src/server/dispatch/tool-policy.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { createFollowingBackend } from '../../../src/server/mcp/following-backend.ts';
import type { AuditEntry } from '../../../src/server/mcp/audit-log.ts';
import { createMcpServer } from '../../../src/server/mcp/mcp-server.ts';
import { createRemoteBackend } from '../../../src/server/mcp/remote-backend.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createPolicyCatalog } from '../../support/policy-catalog.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';

const log = createSilentLog();
const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const ERAS = ['modern', 'legacy'] as const;
type Era = (typeof ERAS)[number];
type Settings = Partial<PolicySettings>;

/** Every way in: one master over HTTP, and a front such as `lightdom mcp` that forwards to it. */
describe('what the policy denies', () => {
  const { catalog, events } = createPolicyCatalog();
  let called: string[] = [];
  let server: HttpServer | undefined;
  let clients: Client[] = [];

  beforeEach(() => {
    called = [];
    events.removeAllListeners().on('called', (name) => called.push(name));
  });

  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
    await server?.close();
    server = undefined;
  });

  const policyOf = (settings: Settings) => createToolPolicy(catalog, { ...DEFAULT_SETTINGS, ...settings });

  async function serve(settings: Settings): Promise<HttpServer> {
    server = await serveHttp({ catalog, log }, { policy: policyOf(settings) });
    return server;
  }

  function clientOf(era: Era, capabilities = {}): Client {
    const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode }, capabilities });
    clients.push(client);
    return client;
  }

  async function connect(
    era: Era,
    { settings = {}, headers = {}, capabilities = {} }: Connection = {},
  ): Promise<Client> {
    const { url } = server ?? (await serve(settings));
    const client = clientOf(era, capabilities);
    const requestInit = { headers: { authorization: `Bearer ${TOKEN}`, ...headers } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
    return client;
  }

  /** Its own policy on top of the master's, as a process that a client starts over stdio has it. */
  async function connectFront(settings: Settings): Promise<Client> {
    const { url } = server ?? (await serve({}));
    const link = {
      backend: createRemoteBackend({ url: `${url}/mcp`, token: TOKEN, log: createSilentLog() }),
      gone: new AbortController().signal,
    };
    const source = { current: () => Promise.resolve(link), lookNow: () => {}, lastFailure: () => undefined };
    const backend = createFollowingBackend({ catalog, source });
    const info = { name: 'front', version: '0' };
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    await createMcpServer({ catalog, backend, info, log, policy: policyOf(settings) }).connect(serverSide);
    const client = clientOf('legacy');
    await client.connect(clientSide);
    return client;
  }

  const named = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);
  const call = async (client: Client, name: string, args: Record<string, unknown> = {}) =>
    answerSchema.parse(await client.callTool({ name, arguments: args }));

  /** By its name, by a former one, and through tool_call, though it is not listed. */
  async function expectDenied(client: Client, names: readonly string[], hint: string): Promise<void> {
    for (const name of names) {
      for (const answer of [await call(client, name), await call(client, 'tool_call', { tool: name })]) {
        expect(answer).toMatchObject({ isError: true, _meta: { 'lightdom/error': { code: 'permission_denied' } } });
        expect(answer.content[0]?.text).toContain(hint);
      }
    }
    expect(called).toEqual([]);
  }

  test.each(ERAS)('is neither listed nor run for a %s client over HTTP: read-only', async (era) => {
    const client = await connect(era, { settings: { readOnly: true, toolsets: ['all'] } });
    expect(await named(client)).not.toContain('store');
    await expectDenied(client, ['store', 'save', 'wipe', 'hidden_store', 'run_control'], 'mcp.readOnly');
    expect(await call(client, 'tool_call', { tool: 'hidden_look' })).toMatchObject({ isError: false });
  });

  test.each(ERAS)('is neither listed nor run for a %s client over HTTP: excluded', async (era) => {
    const client = await connect(era, { settings: { excludeTools: ['save', 'hidden_store'] } });
    expect(await named(client)).toEqual(expect.not.arrayContaining(['store', 'hidden_store']));
    await expectDenied(client, ['store', 'save', 'hidden_store'], 'mcp.excludeTools');
    await call(client, 'wipe');
    expect(called).toEqual(['wipe']);
  });

  test.each(ERAS)('can be more by the headers of a request of a %s client, and only more', async (era) => {
    const headers = { 'X-LightDom-Toolsets': 'reading,extra', 'X-LightDom-Read-Only': 'true' };
    const client = await connect(era, { settings: { excludeTools: ['look'] }, headers });
    expect(await named(client)).toEqual(['picture', 'refuse', 'ask']);
    await expectDenied(client, ['wipe', 'hidden_store'], 'X-LightDom-Read-Only');
    await expectDenied(client, ['peek'], 'mcp.excludeTools');
    const other = await connect(era);
    expect(await named(other)).toContain('store');
    await call(other, 'store');
    expect(called).toEqual(['store']);
  });

  test('is recorded with the setting that denied it, by the name that was called; so are tools about tools', async () => {
    const entries: AuditEntry[] = [];
    const audit = { record: (entry: AuditEntry) => void entries.push(entry) };
    server = await serveHttp({ catalog, log }, { policy: policyOf({ readOnly: true }), audit });
    const client = await connect('modern');
    await call(client, 'tool_call', { tool: 'store' });
    await failureOf(call(client, 'nothing'));
    await call(client, 'tool_call', { tool: 'tool_search', arguments: { query: '' } });
    await call(client, 'tool_search', { limit: 0 });
    const seen = entries.filter(({ kind }) => kind === 'tool');
    expect(seen).toMatchObject([
      { name: 'tool_call', outcome: 'permission_denied', deniedBy: 'mcp.readOnly (--read-only)' },
      { name: 'nothing', outcome: 'not_found', deniedBy: undefined },
      { name: 'tool_search', outcome: 'ok' },
      { name: 'tool_search', outcome: 'invalid_input' },
    ]);
  });

  test('headers that name what is not there are a bad request, whatever is asked', async () => {
    const { url } = await serve({});
    for (const [header, value] of [
      ['x-lightdom-toolsets', 'redaing'],
      ['x-lightdom-exclude-tools', 'nothing'],
      ['x-lightdom-read-only', 'maybe'],
    ] as const) {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', [header]: value };
      const answer = await rawRequest(`${url}/mcp`, { method: 'POST', headers, body: '{}' });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid_input' });
      expect(answer.body).toContain(value);
    }
  });

  test('holds in a front that forwards to a master which would allow it', async () => {
    const front = await connectFront({ readOnly: true, excludeTools: ['look'] });
    expect(await named(front)).toEqual(['picture', 'refuse', 'ask', 'tool_search', 'tool_call']);
    await expectDenied(front, ['store', 'hidden_store'], 'mcp.readOnly');
    await expectDenied(front, ['peek'], 'mcp.excludeTools');
    const found = await call(front, 'tool_search', { query: '', limit: 50 });
    expect(found.content[0]?.text).not.toContain('store');
    expect(await call(front, 'tool_call', { tool: 'hidden_look' })).toMatchObject({ isError: false });
  });

  test('holds in the master of a front which would allow it', async () => {
    await serve({ readOnly: true });
    const front = await connectFront({ toolsets: ['all'] });
    expect(await named(front)).toContain('store');
    await expectDenied(front, ['store', 'save', 'hidden_store'], 'mcp.readOnly');
  });

  test('is not done to a task either', async () => {
    const client = await connect('modern', { settings: { readOnly: true }, capabilities: TASKS });
    const ask = (method: string, more = {}) =>
      client.request({ method, params: { taskId: 'r1', ...more } }, z.looseObject({}));
    expect(await ask('tasks/get')).toMatchObject({ taskId: 'r1', status: 'working' });
    expect(String(await failureOf(ask('tasks/cancel')))).toContain('only reading is allowed here');
    const approval = { action: 'accept', content: { approve: true } };
    expect(String(await failureOf(ask('tasks/update', { inputResponses: { approval } })))).toContain('only reading');
    expect(called).toEqual([]);
  });
});

interface Connection {
  readonly settings?: Settings;
  readonly headers?: Record<string, string>;
  readonly capabilities?: object;
}

const answerSchema = z.looseObject({
  content: z.array(z.looseObject({ text: z.string().optional() })),
  isError: z.boolean().default(false),
});
