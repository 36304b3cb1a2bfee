import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../../src/surface/index.ts';
import type { Catalog, Tool } from '../../../src/surface/index.ts';
import { toolCall } from '../../../tools/catalog/tool-call.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { serveRest, STATUS } from '../../support/rest-surface.ts';
import type { RestSurface } from '../../support/rest-surface.ts';
import { TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

let rest: RestSurface;

beforeAll(async () => {
  const { catalog } = createTestCatalog();
  rest = await serveRest({
    ...catalog,
    toolsets: [...catalog.toolsets, { toolset: TOOLSET, tools: [toolCall, lead] }],
  });
});

afterAll(() => rest.close());

const TOOLSET = { id: 'more', title: 'More', description: 'More.', isDefault: false };

/** Suggests what to do next, and destroys by a plan. */
const lead = defineTool({
  name: 'lead',
  title: 'Lead',
  description: 'Leads on.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({}),
  output: z.object({ found: z.int() }),
  attachments: () => [{ type: 'resource_link', uri: 'test://fixed', name: 'fixed' }],
  next: () => [{ tool: 'echo', arguments: { text: 'on' } }],
  run: () => Promise.resolve({ found: 1 }),
});

describe('POST /api/v1/tools/{name}', () => {
  test('answers with the fields of the tool, and what it leads to in _meta', async () => {
    const answer = await rest.post('/api/v1/tools/echo', { body: { text: 'ab', times: 2 } });
    expect(answer).toMatchObject({ status: 200, body: { said: 'abab' } });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await rest.post('/api/v1/tools/lead')).body).toEqual({
      found: 1,
      _meta: {
        'lightdom/next': [{ tool: 'echo', arguments: { text: 'on' } }],
        'lightdom/attachments': [{ type: 'resource_link', uri: 'test://fixed', name: 'fixed' }],
      },
    });
  });

  test('takes a call of another tool, as MCP does', async () => {
    const body = { tool: 'echo', arguments: { text: 'through' } };
    expect((await rest.post('/api/v1/tools/tool_call', { body })).body).toEqual({ said: 'through' });
  });

  test('says which field does not fit', async () => {
    const answer = await rest.post('/api/v1/tools/echo', { body: { text: 'a', tines: 2, style: 'lout' } });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchInlineSnapshot(`
      {
        "code": "invalid_input",
        "detail": "Invalid input for echo: "style" is "lout", but must be one of "plain", "loud" (did you mean "loud"?); "tines" is not a field (did you mean "times"?).",
        "hint": "Fields: text, times, style.",
        "retryable": false,
        "status": 400,
        "title": "Bad Request",
        "type": "urn:lightdom:problem:invalid_input",
      }
    `);
  });

  test('gives an expected failure the status of its code, and an unexpected one an incident alone', async () => {
    const refused = await rest.post('/api/v1/tools/refuse');
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', hint: 'Call pause first.' } });
    const crashed = await rest.post('/api/v1/tools/crash');
    expect(crashed).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(crashed.body['incidentId']).toEqual(expect.any(String));
    expect(JSON.stringify(crashed.body)).not.toContain('secret detail');
    expect((await rest.post('/api/v1/tools/malformed')).status).toBe(500);
  });

  test('names the nearest tool where there is none', async () => {
    const answer = await rest.post('/api/v1/tools/ecko');
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(answer.body['detail']).toContain('did you mean "echo"?');
  });

  test('takes JSON objects alone, of bounded size and depth', async () => {
    const post = (body: string, type = 'application/json') =>
      rest.post('/api/v1/tools/echo', { body, headers: { 'content-type': type } });
    for (const body of ['{', '[]', '"a"', 'null', '1', '{"__proto__":{}}'])
      expect({ body, status: (await post(body)).status }).toEqual({ body, status: 400 });
    expect((await post('text=a', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post('a', 'text/plain')).status).toBe(415);
    expect((await post(JSON.stringify({ text: 'x'.repeat(4 * 1024 * 1024) }))).status).toBe(413);
    const deep = await post(`{"text":${'['.repeat(40)}${']'.repeat(40)}}`);
    expect(deep).toMatchObject({ status: 400, body: { detail: 'The body nests more than 32 levels.' } });
  });

  test('takes an empty body whose type is said for no input', async () => {
    const answer = await rest.post('/api/v1/tools/lead', { headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBe(200);
  });
});

describe('GET /api/v1/tools', () => {
  test('lists what may be called, whether or not MCP lists it', async () => {
    const { body } = await rest.get('/api/v1/tools');
    const { tools } = z.object({ tools: z.array(z.looseObject({ name: z.string() })) }).parse(body);
    expect(tools.map(({ name }) => name)).toEqual([
      'echo',
      'refuse',
      'crash',
      'malformed',
      'slow',
      'tool_call',
      'lead',
    ]);
    expect(tools[0]).toMatchObject({
      toolset: 'test',
      scope: 'lightdom:read',
      isListed: true,
      inputSchema: { type: 'object' },
    });
    expect(tools[6]).toMatchObject({ isListed: false });
  });
});

describe('policy headers', () => {
  test('take tools away from a single request', async () => {
    const readOnly = { 'x-lightdom-read-only': 'true' };
    const denied = await rest.post('/api/v1/tools/refuse', { headers: readOnly });
    expect(denied).toMatchObject({
      status: 403,
      body: { code: 'permission_denied', hint: 'X-LightDom-Read-Only is set.' },
    });
    expect((await rest.post('/api/v1/tools/echo', { headers: readOnly, body: { text: 'a' } })).status).toBe(200);
    const excluded = { 'x-lightdom-exclude-tools': 'echo' };
    expect((await rest.post('/api/v1/tools/echo', { headers: excluded, body: { text: 'a' } })).status).toBe(403);
    const list = JSON.stringify((await rest.get('/api/v1/tools', { headers: { ...readOnly, ...excluded } })).body);
    expect(list).not.toContain('"echo"');
    expect(list).not.toContain('"refuse"');
    const unknown = await rest.get('/api/v1/tools', { headers: { 'x-lightdom-exclude-tools': 'nope' } });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  });

  test('keep a reader from stopping the system', async () => {
    for (const path of ['/api/master/stop', '/api/master/start']) {
      const answer = await rest.post(path, { headers: { 'x-lightdom-read-only': '1' } });
      expect(answer).toMatchObject({ status: 403, body: { code: 'permission_denied' } });
    }
    expect(rest.stops()).toBe(0);
  });
});

describe('/api/master', () => {
  test('tells status and metrics as they are', async () => {
    expect(await rest.get('/api/master/status')).toMatchObject({ status: 200, body: STATUS });
    expect((await rest.get('/api/master/metrics')).body).toEqual(STATUS.metrics);
  });

  test('a start of what runs answers with its status', async () => {
    expect(await rest.post('/api/master/start')).toMatchObject({ status: 200, body: STATUS });
    expect(await rest.post('/api/master/start', { body: {} })).toMatchObject({ status: 200, body: STATUS });
    expect(await rest.post('/api/master/start', { body: { mode: 'x' } })).toMatchObject({ status: 400 });
  });

  test('a stop is answered, then begun', async () => {
    const before = rest.stops();
    expect(await rest.post('/api/master/stop')).toMatchObject({ status: 202, body: { status: 'stopping' } });
    await expect.poll(() => rest.stops()).toBe(before + 1);
  });

  test.each([
    { method: 'POST', path: '/api/master/workflow', subsystem: 'navigation' },
    { method: 'POST', path: '/api/master/campaign', subsystem: 'campaigns' },
    { method: 'GET', path: '/api/master/campaigns', subsystem: 'campaigns' },
    { method: 'POST', path: '/api/master/training', subsystem: 'training' },
  ])('$method $path names the subsystem that is not there', async ({ method, path, subsystem }) => {
    expect(await rest.ask(method, path)).toMatchObject({
      status: 501,
      body: {
        code: 'unsupported',
        subsystem,
        detail: `${method} ${path} needs the subsystem ${subsystem}, which is not part of this version.`,
      },
    });
  });

  test('such a route works as soon as the catalog has its tool', async () => {
    const later = await serveRest(campaignCatalog());
    expect(await later.post('/api/master/campaign', { body: { name: 'a' } })).toMatchObject({
      status: 200,
      body: { campaignId: 'c_a' },
    });
    expect(await later.post('/api/master/campaign', { body: { nome: 'a' } })).toMatchObject({ status: 400 });
    expect(await later.get('/api/master/campaigns?limit=2&isActive=true&tags=x')).toMatchObject({
      status: 200,
      body: { limit: 2, isActive: true, tags: ['x'] },
    });
    expect((await later.get('/api/master/campaigns?limit=two')).body['detail']).toContain('"limit" is "two"');
    expect((await later.post('/api/master/training')).status).toBe(501);
    await later.close();
  });
});

function campaignCatalog(): Catalog {
  const common = { title: 'T', description: 'D.', idempotent: true, openWorld: false };
  const start = defineTool({
    ...common,
    name: 'campaign_start',
    effect: 'write',
    input: z.object({ name: z.string() }),
    output: z.object({ campaignId: z.string() }),
    run: ({ name }) => Promise.resolve({ campaignId: `c_${name}` }),
  });
  const fields = { limit: z.int(), isActive: z.boolean(), tags: z.array(z.string()) };
  const list: Tool = defineTool({
    ...common,
    name: 'campaign_list',
    effect: 'read',
    input: z.object(fields),
    output: z.object(fields),
    run: (input) => Promise.resolve(input),
  });
  const toolset = { id: 'campaigns', title: 'Campaigns', description: 'C.', isDefault: true };
  return { toolsets: [{ toolset, tools: [start, list] }], resources: [], prompts: [] };
}

describe('what is not there', () => {
  test('an unknown path is a problem', async () => {
    for (const path of ['/api', '/api/', '/api/v2/tools', '/api/v1/tools/echo/more', '/api/master'])
      expect(await rest.get(path)).toMatchObject({ status: 404, body: { code: 'not_found', status: 404 } });
  });

  test('another method is refused with those that there are', async () => {
    const cases = [
      ['GET', '/api/v1/tools/echo', 'POST'],
      ['DELETE', '/api/v1/tools', 'GET'],
      ['POST', '/api/master/status', 'GET'],
      ['PUT', '/api/master/stop', 'POST'],
      ['PATCH', '/api/v1/config', 'GET'],
      ['GET', '/api/v1/runs/r1/cancel', 'POST'],
      ['POST', '/api/v1/runs/r1/log', 'GET'],
      ['POST', '/api/openapi.json', 'GET'],
      ['OPTIONS', '/api/v1/runs', 'GET'],
    ] as const;
    for (const [method, path, allow] of cases) {
      const answer = await rest.ask(method, path, method.startsWith('P') ? { body: 'no JSON' } : {});
      expect({ path, status: answer.status, allow: answer.headers['allow'] }).toEqual({ path, status: 405, allow });
      expect(answer.body).toMatchObject({ code: 'unsupported', status: 405 });
    }
  });

  test('runs are asked of their tools, which this catalog has not', async () => {
    expect(await rest.get('/api/v1/runs')).toMatchObject({ status: 501, body: { subsystem: 'runs' } });
  });
});

describe('who may ask', () => {
  test('nothing but the page of the docs answers without the token', async () => {
    const statuses = await Promise.all(
      ['/api/v1/tools', '/api/v1/config', '/api/master/status', '/api/openapi.json', '/api/nothing', '/docs'].map(
        async (path) => (await rawRequest(`${rest.server.url}${path}`)).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 200]);
  });

  test('the configuration is told to the admin', async () => {
    const { body } = await rest.get('/api/v1/config');
    expect(body).toMatchObject({ keys: [{ key: 'http.port' }, { key: 'deepseek.apiKey', value: '••••' }] });
  });
});

describe('requests that are too many', () => {
  test('share their rate and their places with /mcp', async () => {
    const config = { host: '127.0.0.1', port: 0, rateLimit: { perMinute: 3 } };
    const slow = await serveRest(createTestCatalog().catalog, { config, now: () => 0 });
    const mcp = await rawRequest(`${slow.server.url}/mcp`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(mcp.status).toBe(400);
    expect((await slow.get('/api/master/status')).status).toBe(200);
    expect((await slow.get('/api/v1/tools')).status).toBe(200);
    const refused = await slow.get('/api/v1/tools');
    expect(refused).toMatchObject({ status: 429, body: { code: 'limit_reached' } });
    expect(refused.headers['retry-after']).toBe('20');
    await slow.close();
  });

  test('a caller that goes away gives back its place, and its call is cancelled', async () => {
    const { catalog, events } = createTestCatalog();
    const config = { host: '127.0.0.1', port: 0, maxConcurrent: 1 };
    const one = await serveRest(catalog, { config });
    const started = once(events, 'started');
    const aborted = once(events, 'aborted');
    const controller = new AbortController();
    const call = fetch(`${one.server.url}/api/v1/tools/slow`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: '{"steps":0,"isEndless":true}',
      signal: controller.signal,
    }).catch((error: unknown) => error);
    await started;
    expect(await one.get('/api/master/status')).toMatchObject({ status: 429, body: { code: 'limit_reached' } });
    controller.abort();
    await aborted;
    await call;
    await expect.poll(async () => (await one.get('/api/master/status')).status).toBe(200);
    await one.close();
  });

  test('a tool that takes too long is stopped', async () => {
    const late = await serveRest(createTestCatalog().catalog, { deadlineMs: 50 });
    const answer = await late.post('/api/v1/tools/slow', { body: { steps: 0, isEndless: true } });
    expect(answer).toMatchObject({ status: 504, body: { code: 'timed_out', retryable: true } });
    await late.close();
  });
});
