import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { createFollowingBackend } from '../../../src/server/mcp/following-backend.ts';
import type { MasterLink } from '../../../src/server/mcp/master-source.ts';
import { createRemoteBackend } from '../../../src/server/mcp/remote-backend.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import type { SurfaceBackend } from '../../../src/server/mcp/surface-backend.ts';
import type { Catalog } from '../../../src/surface/index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

const CALL = plainCall(new AbortController().signal);

/** The same catalog, of which the one who asks believes that every call changes something. */
function asWriting(catalog: Catalog): Catalog {
  const toolsets = catalog.toolsets.map(({ toolset, tools }) => ({
    toolset,
    tools: tools.map((tool) => ({ ...tool, effect: 'write' as const, idempotent: false })),
  }));
  return { ...catalog, toolsets };
}

/** Masters are real HTTP servers over the test catalog; the test says which is the present one. */
describe('following backend', () => {
  const { catalog, events } = createTestCatalog();
  let servers: HttpServer[] = [];
  let gone = new AbortController();
  let current: Promise<MasterLink>;
  let lookNow = (): void => {};
  let backend: SurfaceBackend;
  const source = { current: () => current, lookNow: () => lookNow(), lastFailure: () => undefined };

  const serve = async (): Promise<HttpServer> => {
    const server = await serveHttp({ catalog, log: createSilentLog() });
    servers.push(server);
    gone = new AbortController();
    current = Promise.resolve({
      backend: createRemoteBackend({ url: `${server.url}/mcp`, token: TOKEN, log: createSilentLog() }),
      gone: gone.signal,
    });
    return server;
  };
  /** As the follower does it: first the successor, then the news. */
  const succeed = async (): Promise<void> => {
    const former = gone;
    await serve();
    former.abort(new Error('gone'));
  };

  beforeEach(async () => {
    lookNow = () => {};
    await serve();
    backend = createFollowingBackend({ catalog, source });
  });

  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    servers = [];
  });

  test('sends a call that a master refused to its successor, whatever the call does', async () => {
    await servers[0]?.close();
    lookNow = () => void succeed();
    expect(await failureOf(backend.callTool('refuse', {}, CALL))).toMatchObject({ code: 'conflict' });
  });

  test('repeats a reading call that broke off on the successor', async () => {
    const started = once(events, 'started');
    const input = { steps: 0, isEndless: true };
    const controller = new AbortController();
    const answer = failureOf(backend.callTool('slow', input, { ...CALL, signal: controller.signal }));
    await started;
    const repeated = once(events, 'started');
    await succeed();
    await repeated;
    controller.abort();
    expect(await answer).toMatchObject({ code: 'cancelled' });
  });

  test('says of a writing call that broke off that its outcome is unknown', async () => {
    const careful = createFollowingBackend({ catalog: asWriting(catalog), source });
    const started = once(events, 'started');
    const failure = failureOf(careful.callTool('slow', { steps: 0, isEndless: true }, CALL));
    await started;
    await succeed();
    expect(await failure).toMatchObject({
      code: 'not_ready',
      message: 'The master went away while slow ran: it may or may not have taken effect.',
      hint: 'Look with run_list or system_status before you call it again.',
    });
  });

  test('repeats it as well when the master stops rather than dies', async () => {
    const started = once(events, 'started');
    const answer = failureOf(backend.callTool('slow', { steps: 0, isEndless: true }, CALL));
    await started;
    const repeated = once(events, 'started');
    lookNow = () => void succeed();
    await servers[0]?.close();
    await repeated;
    await servers[1]?.close();
    lookNow = () => {};
    expect(await answer).toMatchObject({ code: 'not_ready' });
  });

  test('passes on why there is no master, and stops waiting when the caller does', async () => {
    current = Promise.reject(new AppError('not_configured', 'no Postgres'));
    await expect(backend.callTool('echo', { text: 'a' }, CALL)).rejects.toThrow('no Postgres');
    current = new Promise(() => {});
    const signal = AbortSignal.abort(new Error('caller left'));
    await expect(backend.callTool('echo', { text: 'a' }, { ...CALL, signal })).rejects.toThrow('caller left');
  });
});
