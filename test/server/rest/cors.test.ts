import { afterEach, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/index.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { serveRest } from '../../support/rest-surface.ts';
import type { RestSurface } from '../../support/rest-surface.ts';
import { TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

const PAGE = 'https://dom.example';
const PREFLIGHT = {
  origin: PAGE,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization',
};

let rest: RestSurface | undefined;
afterEach(async () => {
  await rest?.close();
  rest = undefined;
});

async function serve(corsOrigins: readonly string[]): Promise<RestSurface> {
  rest = await serveRest(createTestCatalog().catalog, { config: { host: '127.0.0.1', port: 0, corsOrigins } });
  return rest;
}

function corsHeaders(headers: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control'));
}

test('without origins no answer speaks of it, and no question in advance is granted', async () => {
  const surface = await serve([]);
  const { server } = surface;
  const preflight = await rawRequest(`${server.url}/api/v1/tools`, { method: 'OPTIONS', headers: PREFLIGHT });
  expect(preflight.status).toBe(403);
  expect(corsHeaders(preflight.headers)).toEqual([]);
  for (const headers of [{}, { origin: PAGE }, { origin: `http://localhost:${server.port}` }]) {
    const answer = await surface.ask('GET', '/api/v1/tools', { headers });
    expect(corsHeaders(answer.headers)).toEqual([]);
    expect(answer.headers['vary']).toBeUndefined();
  }
  expect((await surface.ask('GET', '/api/v1/tools', { headers: { origin: PAGE } })).status).toBe(403);
});

test('a named origin is admitted to /api, and to nothing else', async () => {
  const surface = await serve([PAGE]);
  const { server } = surface;
  const preflight = await rawRequest(`${server.url}/api/v1/tools/echo`, { method: 'OPTIONS', headers: PREFLIGHT });
  expect(preflight).toMatchObject({ status: 204, body: '' });
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': PAGE,
    'access-control-allow-methods': 'GET, POST',
    vary: 'Origin',
  });
  expect(preflight.headers['access-control-allow-headers']).toContain('Authorization, Content-Type, Idempotency-Key');
  expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
  const answer = await surface.ask('POST', '/api/v1/tools/echo', { headers: { origin: PAGE }, body: { text: 'a' } });
  expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': PAGE } });
  const failed = await surface.ask('GET', '/api/nothing', { headers: { origin: PAGE } });
  expect(failed).toMatchObject({ status: 404, headers: { 'access-control-allow-origin': PAGE } });
  const url = `${server.url}/api/v1/tools`;
  expect((await rawRequest(url, { headers: { origin: PAGE } })).status).toBe(401);
  for (const origin of ['https://dom.example.evil', 'http://dom.example', 'null', `${PAGE}:444`]) {
    const foreign = await surface.ask('GET', '/api/v1/tools', { headers: { origin } });
    expect({ origin, status: foreign.status, cors: corsHeaders(foreign.headers) }).toEqual({
      origin,
      status: 403,
      cors: [],
    });
  }
  const mcp = await rawRequest(`${server.url}/mcp`, {
    method: 'POST',
    headers: { origin: PAGE, authorization: `Bearer ${TOKEN}` },
  });
  expect({ status: mcp.status, cors: corsHeaders(mcp.headers) }).toEqual({ status: 403, cors: [] });
  const host = await rawRequest(url, { headers: { origin: PAGE, host: 'evil.example' } });
  expect({ status: host.status, cors: corsHeaders(host.headers) }).toEqual({ status: 403, cors: [] });
});

test('the key takes origins alone', () => {
  const load = (origin: string) => loadConfig({ flags: { http: { corsOrigins: [origin] } } });
  expect(load('http://localhost:5173').config.http.corsOrigins).toEqual(['http://localhost:5173']);
  for (const bad of ['*', 'https://*.example', 'https://dom.example/', 'dom.example', 'null', 'https://a@b'])
    expect(() => load(bad)).toThrow('http.corsOrigins');
});
