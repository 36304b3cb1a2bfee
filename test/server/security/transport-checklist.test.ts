import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../../src/core/config/index.ts';
import { openDataFolder } from '../../../src/core/data-folder/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createSealer } from '../../../src/core/seal.ts';
import type { HttpServer, HttpServerOptions } from '../../../src/server/http/http-server.ts';
import { openDialog } from '../../../src/server/mcp/dialog.ts';
import { defineTool, formRequest, LOCAL_CALLER } from '../../../src/surface/index.ts';
import type { Catalog } from '../../../src/surface/index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { AUDIENCE, startIssuer } from '../../support/issuer-server.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { modernSdk, serveHttp, TOKEN } from '../../support/surface-client.ts';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTestCatalog } from '../../support/test-catalog.ts';

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(config: Partial<HttpServerOptions['config']>, catalog: Catalog = createTestCatalog().catalog) {
  server = await serveHttp({ catalog, log: createSilentLog() }, { config: { host: '127.0.0.1', port: 0, ...config } });
  return server;
}

describe('bind: loopback by default; any other bind needs auth and allowedHosts, else no start', () => {
  test('the default is loopback, and nothing else starts without names', async () => {
    const cwd = tmpdir();
    expect(loadConfig({ env: {}, cwd }).config.http).toMatchObject({ host: '127.0.0.1', allowedHosts: [] });
    for (const host of ['0.0.0.0', '::', '::ffff:127.0.0.1', '10.0.0.1', 'localhost.example']) {
      expect(await failureOf(serve({ host }))).toMatchObject({ code: 'not_configured' });
    }
  });

  test('beyond loopback there is no way in without a token', async () => {
    const { port } = await serve({ host: '0.0.0.0', allowedHosts: ['dom.example'] });
    for (const authorization of [undefined, 'Bearer', `Bearer ${TOKEN.slice(1)}`]) {
      const headers = { host: 'dom.example', ...(authorization === undefined ? {} : { authorization }) };
      expect((await rawRequest(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers })).status).toBe(401);
    }
  });
});

describe('Host and Origin are validated before the body is read, on every route and method', () => {
  test.each([
    '/mcp',
    '/livez',
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/mcp',
    '/x',
  ])('%s', async (path) => {
    const oauth = { issuer: 'https://issuer.example', audience: AUDIENCE, requiredScopes: [] };
    const { url } = await serve({ oauth });
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      for (const evil of [{ host: 'evil.example' }, { origin: 'https://evil.example' }]) {
        const { status } = await rawRequest(`${url}${path}`, {
          method,
          headers: { authorization: `Bearer ${TOKEN}`, ...evil },
        });
        expect({ method, evil, status }).toEqual({ method, evil, status: 403 });
      }
    }
  });

  test('a body that never comes is not waited for', async () => {
    const { url } = await serve({});
    const headers = { host: 'evil.example', 'content-type': 'application/json', 'content-length': '1000' };
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(`${url}/mcp`, { method: 'POST', headers, agent: false }, (answer) => {
        resolve(answer.statusCode);
        outgoing.destroy();
      });
      outgoing.on('error', reject);
      outgoing.flushHeaders();
    });
    expect(status).toBe(403);
  });
});

test('local HTTP needs a bearer token, which is made at the first start, of 256 bits, for its user alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-token-'));
  const data = openDataFolder(join(folder, 'data'));
  const { path } = data;
  const token = data.readToken();
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(openDataFolder(path).readToken()).toBe(token);
  expect(statSync(join(path, 'token')).mode & 0o777).toBe(0o600);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  rmSync(folder, { recursive: true });
});

/** Gives back everything that a tool can see of a call. */
const spy = defineTool({
  name: 'spy',
  title: 'Spy',
  description: 'Returns its context.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({}),
  output: z.object({ seen: z.string() }),
  run: (_input, context) => Promise.resolve({ seen: JSON.stringify(context) }),
});

test('no token passthrough: nothing behind the gate is given the token of a caller', async () => {
  const issuer = await startIssuer();
  const toolset = { id: 'test', title: 'Test', description: 'For tests.', isDefault: true };
  const catalog: Catalog = { toolsets: [{ toolset, tools: [spy] }], resources: [], prompts: [] };
  const oauth = { issuer: issuer.issuer, audience: AUDIENCE, requiredScopes: [] };
  const { url } = await serve({ oauth }, catalog);
  for (const token of [TOKEN, await issuer.token({ scope: 'lightdom:read' })]) {
    for (const era of ['modern', 'legacy'] as const) {
      const requestInit = { headers: { authorization: `Bearer ${token}` } };
      const client = await modernSdk(era, new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
      const answer = JSON.stringify(await client.callTool('spy', {}));
      expect(answer).toContain(token === TOKEN ? 'local' : `${issuer.issuer}|ada`);
      expect(answer).not.toContain(token);
      expect(answer).not.toContain(token.split('.')[1] ?? token);
      await client.close();
    }
  }
  await issuer.close();
});

describe('requestState is signed and bound to principal, method, arguments and expiry', () => {
  let now = 1_000_000;
  const sealer = createSealer('secret-of-the-tests-0123456789abcdef', () => now);
  const question = { name: formRequest('Who?', z.object({ name: z.string().max(50) })) };
  const SUBJECT = ['tool', 'ask', '{"id":1}'];

  function open(principal: string, subject: readonly string[], state: string | undefined) {
    const caller = { ...LOCAL_CALLER, principal };
    const retry = state === undefined ? undefined : { responses: {}, state };
    return openDialog({ sealer: () => sealer, caller, subject, retry });
  }

  async function stateOf(principal: string): Promise<string> {
    const needed = await failureOf(open(principal, SUBJECT, undefined).ask(question));
    return z.object({ state: z.string() }).parse(needed).state;
  }

  test('it opens for the same call alone', async () => {
    const state = await stateOf('x|ada');
    expect(() => open('x|ada', SUBJECT, state)).not.toThrow();
    const [body = '', tag = ''] = state.split('.');
    const longer = Buffer.from(JSON.stringify([now * 2, {}])).toString('base64url');
    for (const [principal, subject, given] of [
      ['x|bob', SUBJECT, state],
      ['local', SUBJECT, state],
      ['x|ada', ['tool', 'other', '{"id":1}'], state],
      ['x|ada', ['tool', 'ask', '{"id":2}'], state],
      ['x|ada', ['prompt', 'ask', '{"id":1}'], state],
      ['x|ada', SUBJECT, `${longer}.${tag}`],
      ['x|ada', SUBJECT, body],
      ['x|ada', SUBJECT, 'x'.repeat(100_000)],
    ] as const) {
      expect(() => open(principal, subject, given)).toThrow('not one that this server gave to you for this call');
    }
    now += 31 * 60_000;
    expect(() => open('x|ada', SUBJECT, state)).toThrow('not one that this server gave to you for this call');
  });
});
