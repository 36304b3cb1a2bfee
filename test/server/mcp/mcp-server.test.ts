import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { serverInfoOf } from '../../../src/server/mcp/server-info.ts';
import { createMcpServer } from '../../../src/server/mcp/mcp-server.ts';
import { defineTool } from '../../../src/surface/index.ts';
import type { Catalog } from '../../../src/surface/index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createLiveCatalog } from '../../support/live-catalog.ts';
import { modernRequest } from '../../support/modern-request.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { httpTransport, serveHttp } from '../../support/surface-client.ts';
import { createTestCatalog, NO_SERVICES } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

async function connect(catalog: Catalog): Promise<Client> {
  const log = createSilentLog();
  const backend = createLocalBackend({
    sealer: testSealer,
    catalog,
    log,
    services: () => Promise.resolve(NO_SERVICES),
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await createMcpServer({ catalog, backend, info: { name: 'test', version: '0' }, log }).connect(serverSide);
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(clientSide);
  return client;
}

function catalogOfSize(size: number): Catalog {
  const tools = Array.from({ length: size }, (_, index) =>
    defineTool({
      name: `tool_${index}`,
      title: 'Tool',
      description: 'One of many.',
      effect: 'read',
      idempotent: true,
      openWorld: false,
      input: z.object({}),
      output: z.object({}),
      run: () => Promise.resolve({}),
    }),
  );
  const toolset = { id: 'test', title: 'Test', description: 'For tests.', isDefault: true };
  return { toolsets: [{ toolset, tools }], resources: [], prompts: [] };
}

test('a catalog that is larger than a page is listed whole, in order, and a made-up cursor is refused', async () => {
  const client = await connect(catalogOfSize(120));
  const first = await client.request({ method: 'tools/list' });
  expect(first.tools).toHaveLength(50);
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual(Array.from({ length: 120 }, (_, index) => `tool_${index}`));
  expect(await failureOf(client.listTools({ cursor: 'made up' }))).toMatchObject({ code: -32602 });
  await client.close();
});

test('only what is there is announced', async () => {
  const full = await connect(createTestCatalog().catalog);
  expect(full.getServerCapabilities()).toEqual({ logging: {}, tools: {}, resources: {}, prompts: {} });
  expect(full.getInstructions()).toContain('Start with system_status');
  await full.close();
  const live = await connect(createLiveCatalog().catalog);
  expect(live.getServerCapabilities()).toMatchObject({ resources: { subscribe: true }, completions: {} });
  await live.close();
  const toolsOnly = await connect(catalogOfSize(1));
  expect(toolsOnly.getServerCapabilities()).toEqual({ logging: {}, tools: {} });
  expect(await failureOf(toolsOnly.request({ method: 'prompts/list' }))).toMatchObject({ code: -32601 });
  await toolsOnly.close();
});

test('the server shows itself with a title and a small icon', async () => {
  const { icons = [], ...info } = serverInfoOf('1.2.3');
  expect(info).toEqual({ name: 'lightdom', title: 'LightDom', version: '1.2.3' });
  const [icon] = icons;
  const [type, data = ''] = icon?.src.split(',') ?? [];
  expect(type).toBe('data:image/svg+xml;base64');
  expect(Buffer.from(data, 'base64').toString()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>$/);
  expect(JSON.stringify(icons).length).toBeLessThan(600);
  const server = await serveHttp({ catalog: createTestCatalog().catalog, log: createSilentLog() });
  const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(httpTransport(new URL(`${server.url}/mcp`)));
  expect(client.getServerVersion()).toMatchObject({ title: 'LightDom', icons });
  await client.close();
  await server.close();
});

test('what a tool logs reaches a client at the level that it asked for', async () => {
  const client = await connect(createTestCatalog().catalog);
  const lines: unknown[] = [];
  client.setNotificationHandler('notifications/message', ({ params }) => void lines.push([params.level, params.data]));
  await client.callTool({ name: 'slow', arguments: { steps: 0 } });
  await client.setLoggingLevel('error');
  await client.callTool({ name: 'slow', arguments: { steps: 0 } });
  expect(lines).toEqual([['info', 'slow has begun']]);
  await client.close();
});

test('answers of the stateless era say how long they may be kept, and by whom', async () => {
  const server = await serveHttp({ catalog: createTestCatalog().catalog, log: createSilentLog() });
  const resultOf = async (request: ReturnType<typeof modernRequest>) => {
    const answer = await rawRequest(`${server.url}/mcp`, request);
    return z.object({ result: z.looseObject({}) }).parse(JSON.parse(answer.body)).result;
  };
  for (const method of [
    'server/discover',
    'tools/list',
    'resources/list',
    'resources/templates/list',
    'prompts/list',
  ]) {
    expect(await resultOf(modernRequest(method))).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' });
  }
  const uri = 'test://fixed';
  expect(await resultOf(modernRequest('resources/read', { params: { uri }, name: uri }))).toMatchObject({
    ttlMs: 0,
    cacheScope: 'private',
  });
  const call = await resultOf(
    modernRequest('tools/call', { params: { name: 'refuse', arguments: {} }, name: 'refuse' }),
  );
  expect(call).toMatchObject({
    isError: true,
    _meta: {
      'lightdom/error': {
        code: 'conflict',
        message: 'Campaign c_41 is already running.',
        hint: 'Call pause first.',
      },
    },
  });
  await server.close();
});
