import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { createRemoteBackend } from '../../../src/server/mcp/remote-backend.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import type { SurfaceBackend } from '../../../src/server/mcp/surface-backend.ts';
import { defineResource } from '../../../src/surface/index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';
import type { CatalogEvents } from '../../support/test-catalog.ts';

const CALL = plainCall(new AbortController().signal);

const page = defineResource({
  name: 'page',
  title: 'Page',
  description: 'Has something said about it.',
  uri: 'test://page',
  mimeType: 'text/html',
  meta: { about: { it: 1 } },
  read: () => Promise.resolve({ text: '<p>', mimeType: 'text/html' }),
});

describe('remote backend', () => {
  let server: HttpServer;
  let events: CatalogEvents;
  let backend: SurfaceBackend;

  beforeEach(async () => {
    const test = createTestCatalog();
    events = test.events;
    const resources = [...test.catalog.resources, page];
    server = await serveHttp({ catalog: { ...test.catalog, resources }, log: createSilentLog() });
    backend = createRemoteBackend({ url: `${server.url}/mcp`, token: TOKEN, log: createSilentLog() });
  });

  afterEach(() => server.close());

  test('gives the answer of the master', async () => {
    expect(await backend.callTool('echo', { text: 'hey' }, CALL)).toEqual({ text: 'hey', structured: { said: 'hey' } });
    expect(await backend.readResource('test://items/7', CALL)).toEqual([
      { uri: 'test://items/7', mimeType: 'application/json', text: '{"id":"7"}' },
    ]);
    expect(await backend.readResource('test://page', CALL)).toEqual([
      { uri: 'test://page', mimeType: 'text/html', text: '<p>', _meta: { about: { it: 1 } } },
    ]);
    expect(await backend.getPrompt('greet', { name: 'Ada', tone: 'warmly' }, CALL)).toEqual([
      { role: 'user', content: { type: 'text', text: 'Greet Ada, warmly.' } },
    ]);
  });

  test('keeps code, message and hint of an error', async () => {
    expect(await failureOf(backend.callTool('refuse', {}, CALL))).toMatchObject({
      code: 'conflict',
      message: 'Campaign c_41 is already running.',
      hint: 'Call pause first.',
    });
    expect(await failureOf(backend.callTool('echo', { times: 1 }, CALL))).toMatchObject({ code: 'invalid_input' });
    expect(await failureOf(backend.callTool('crash', {}, CALL))).toMatchObject({ code: 'internal' });
    expect(await failureOf(backend.callTool('ecko', {}, CALL))).toMatchObject({
      code: 'not_found',
      message: 'There is no tool named "ecko" (did you mean "echo"?).',
    });
    expect(await failureOf(backend.callTool('echo', 'text', CALL))).toMatchObject({ code: 'invalid_input' });
    expect(await failureOf(backend.readResource('test://nothing', CALL))).toMatchObject({ code: 'not_found' });
    expect(await failureOf(backend.readResource('test://items/broken', CALL))).toMatchObject({
      code: 'upstream_failed',
      hint: 'Wait.',
    });
    expect(await failureOf(backend.getPrompt('greet', {}, CALL))).toMatchObject({ code: 'invalid_input' });
  });

  test('says that an input is too large, and not that the master is away', async () => {
    const failure = await failureOf(backend.callTool('echo', { text: 'x'.repeat(10_000_000) }, CALL));
    expect(failure).toMatchObject({
      code: 'invalid_input',
      message: 'The input of echo is larger than the master takes (HTTP 413).',
    });
    expect(await backend.callTool('echo', { text: 'hey' }, CALL)).toMatchObject({ text: 'hey' });
  });

  test('forwards progress', async () => {
    const seen: unknown[] = [];
    const progress = (...step: unknown[]): void => void seen.push(step);
    await backend.callTool('slow', { steps: 3 }, { ...CALL, progress });
    expect(seen.slice(0, 2)).toEqual([
      [1, 3, 'step 1'],
      [2, 3, 'step 2'],
    ]);
  });

  test('forwards cancellation', async () => {
    const controller = new AbortController();
    const started = once(events, 'started');
    const aborted = once(events, 'aborted');
    const input = { steps: 0, isEndless: true };
    const failure = failureOf(backend.callTool('slow', input, { ...CALL, signal: controller.signal }));
    await started;
    controller.abort();
    await aborted;
    expect(await failure).toMatchObject({ code: 'cancelled' });
  });

  test('says that a master that is gone is not ready, and finds it again when it is back', async () => {
    await backend.callTool('echo', { text: 'a' }, CALL);
    const { port } = server;
    await server.close();
    const failure = await failureOf(backend.callTool('echo', { text: 'a' }, CALL));
    expect(failure).toMatchObject({
      code: 'not_ready',
      hint: 'See `lightdom status`; start it with `lightdom start`.',
    });
    const test = createTestCatalog();
    const config = { host: '127.0.0.1', port };
    server = await serveHttp({ catalog: test.catalog, log: createSilentLog() }, { config });
    expect(await backend.callTool('echo', { text: 'b' }, CALL)).toMatchObject({ text: 'b' });
  });

  test('says that the token is refused, without showing it', async () => {
    const stranger = createRemoteBackend({ url: `${server.url}/mcp`, token: 'wrong-token', log: createSilentLog() });
    const failure = await failureOf(stranger.callTool('echo', { text: 'a' }, CALL));
    expect(failure).toMatchObject({ code: 'permission_denied' });
    expect(String(failure)).not.toContain('wrong-token');
  });
});
