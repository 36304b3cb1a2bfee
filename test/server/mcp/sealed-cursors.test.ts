import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { createRemoteBackend } from '../../../src/server/mcp/remote-backend.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import type { SurfaceBackend } from '../../../src/server/mcp/surface-backend.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createLiveCatalog } from '../../support/live-catalog.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';

const CALL = plainCall(new AbortController().signal);
const pageSchema = z.object({ rows: z.array(z.string()), nextCursor: z.string().optional() });

describe('cursors of tools', () => {
  let server: HttpServer;
  let backend: SurfaceBackend;

  beforeEach(async () => {
    const log = createSilentLog();
    server = await serveHttp({ catalog: createLiveCatalog().catalog, log });
    backend = createRemoteBackend({ url: `${server.url}/mcp`, token: TOKEN, log });
  });

  afterEach(() => server.close());

  async function page(cursor?: string, principal = 'local') {
    const call = { ...CALL, caller: { ...CALL.caller, principal } };
    const { text, structured } = await backend.callTool('pages', { limit: 4, cursor }, call);
    return { text, ...pageSchema.parse(structured) };
  }

  test('lead through all pages, each row once, and the text shows the cursor that counts', async () => {
    const rows: string[] = [];
    for (let next = await page(); ; next = await page(next.nextCursor)) {
      rows.push(...next.rows);
      if (next.nextCursor === undefined) break;
      expect(next.text.split('\n').at(-1)).toBe(`cursor=${next.nextCursor}`);
    }
    expect(rows).toEqual(Array.from({ length: 23 }, (_, at) => `row-${at}`));
  });

  test('are those that the tool gave, unchanged, and of no other tool', async () => {
    const { nextCursor = '' } = await page();
    expect(nextCursor).toMatch(/^4\.[\w-]{22}$/);
    const hint = 'Start over: ask without `cursor`, then pass `nextCursor` with the same arguments.';
    const refused = { code: 'invalid_input', hint };
    for (const cursor of ['4', '', `8${nextCursor.slice(1)}`, `${nextCursor}x`]) {
      expect(await failureOf(page(cursor))).toMatchObject(refused);
    }
    const other = backend.callTool('other_pages', { limit: 4, cursor: nextCursor }, CALL);
    const message = `The cursor \`${nextCursor}\` is not one that other_pages gave.`;
    expect(await failureOf(other)).toMatchObject({ ...refused, message });
  });
});
