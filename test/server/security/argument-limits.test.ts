import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalog } from '../../../src/catalog.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { checkArguments } from '../../../src/server/mcp/argument-limits.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import { failureOf } from '../../support/failure-of.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog, NO_SERVICES } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

const LIMITS = { maxDepth: 3, maxElements: 10, maxItems: 4, maxTextLength: 5 };

function nested(depth: number): unknown {
  return z.unknown().parse(JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`));
}

describe('arguments are limited in depth, size and number before work starts', () => {
  test.each<[unknown, string]>([
    [nested(100_000), 'nest more than 3 levels'],
    [{ a: { b: { c: { d: {} } } } }, 'nest more than 3 levels'],
    [{ a: [1, 2, 3, 4, 5] }, 'hold a list or object of more than 4 items'],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5 }, 'hold a list or object of more than 4 items'],
    [{ a: [1, 2, 3, 4], b: [1, 2, 3, 4], c: [1] }, 'hold more than 10 values'],
    [{ a: ['123456'] }, 'hold a text of more than 5 characters'],
    ['123456', 'hold a text of more than 5 characters'],
  ])('refuses %# with what is too much', (input, how) => {
    expect(() => checkArguments('echo', input, LIMITS)).toThrow(`The arguments of echo ${how}.`);
  });

  test('lets pass what is just within', () => {
    for (const input of [undefined, null, 5, nested(4), { a: [1, 2, 3, 4] }, ['12345', '12345']]) {
      expect(() => checkArguments('echo', input, LIMITS)).not.toThrow();
    }
  });

  test('looks at the answers that come with a repeated call as well', async () => {
    const backend = createLocalBackend({
      sealer: testSealer,
      catalog: createTestCatalog().catalog,
      log: createSilentLog(),
      services: () => Promise.resolve(NO_SERVICES),
    });
    const call = plainCall(new AbortController().signal);
    const bombs = [
      backend.callTool('echo', { text: nested(50_000) }, call),
      backend.callTool(
        'echo',
        { text: 'a' },
        { ...call, retry: { responses: { x: nested(50_000) }, state: undefined } },
      ),
      backend.getPrompt('greet', { name: nested(50_000) }, call),
    ];
    for (const bomb of bombs) expect(await failureOf(bomb)).toMatchObject({ code: 'invalid_input' });
  });

  test('every text and list that a tool takes has a limit of its own', () => {
    const tools = catalog.toolsets.flatMap((entry) => entry.tools);
    expect(tools.flatMap((tool) => unlimited(z.toJSONSchema(tool.input, { io: 'input' }), tool.name))).toEqual([]);
  });
});

const schemaNode = z.looseObject({
  type: z.unknown(),
  properties: z.record(z.string(), z.unknown()).default({}),
  items: z.unknown(),
  anyOf: z.array(z.unknown()).default([]),
});

function unlimited(schema: unknown, path: string): string[] {
  const parsed = schemaNode.safeParse(schema);
  if (!parsed.success) return [];
  const { type, properties, items, anyOf, ...rest } = parsed.data;
  const isFixed = 'enum' in rest || 'const' in rest;
  return [
    ...(type === 'string' && !isFixed && !('maxLength' in rest) ? [`${path}: no maxLength`] : []),
    ...(type === 'array' && !('maxItems' in rest) ? [`${path}: no maxItems`] : []),
    ...Object.entries(properties).flatMap(([name, inner]) => unlimited(inner, `${path}.${name}`)),
    ...anyOf.flatMap((inner) => unlimited(inner, path)),
    ...unlimited(items, `${path}[]`),
  ];
}

describe('over HTTP a deep body costs nothing', () => {
  let server: HttpServer;
  beforeEach(async () => {
    server = await serveHttp({ catalog: createTestCatalog().catalog, log: createSilentLog() });
  });
  afterEach(() => server.close());

  test.each(['{"a":'.repeat(200_000), '['.repeat(500_000)])(
    '%# is refused, and the server answers on',
    async (open) => {
      const close = (open.startsWith('[') ? ']' : '}').repeat(open.startsWith('[') ? 500_000 : 200_000);
      const bomb = `${open}${open.startsWith('[') ? '' : '1'}${close}`;
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      };
      const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":${bomb}}}}`;
      for (const body of [bomb, call]) {
        const { status } = await rawRequest(`${server.url}/mcp`, { method: 'POST', headers, body });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
      expect((await rawRequest(`${server.url}/livez`)).status).toBe(200);
    },
  );
});
