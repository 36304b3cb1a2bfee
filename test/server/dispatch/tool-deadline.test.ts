import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { ANSWER_DEADLINE_MS } from '../../../src/server/dispatch/tool-dispatch.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createPolicyCatalog } from '../../support/policy-catalog.ts';
import { httpTransport, modernSdk, serveHttp } from '../../support/surface-client.ts';
import type { SurfaceClient } from '../../support/surface-client.ts';

describe('the deadline of an answer', () => {
  const { catalog, events } = createPolicyCatalog();
  let server: HttpServer | undefined;
  let client: SurfaceClient | undefined;

  afterEach(async () => {
    await client?.close();
    await server?.close();
  });

  async function connect(deadlineMs: number): Promise<SurfaceClient> {
    server = await serveHttp({ catalog, log: createSilentLog() }, { deadlineMs });
    client = await modernSdk('modern', httpTransport(new URL(`${server.url}/mcp`)));
    return client;
  }

  test('is below what hosts wait for', () => {
    expect(ANSWER_DEADLINE_MS).toBeLessThan(20_000);
  });

  test.each([
    ['stuck', {}],
    ['tool_call', { tool: 'stuck' }],
  ])('stops a tool that goes on for longer and names the way to do long work: %s', async (name, args) => {
    const connected = await connect(50);
    const aborted = once(events, 'aborted');
    const answer = await connected.callTool(name, args);
    await aborted;
    expect(answer).toMatchObject({
      isError: true,
      content: [
        {
          text: 'stuck gave no answer within 0.05 s and was stopped. Ask for less: a lower limit, a narrower path. Long work belongs into a run: launch.',
        },
      ],
    });
    expect(await connected.callTool('look', {})).toMatchObject({ isError: false });
  });

  test('is not the end of a call that the client gave up before', async () => {
    const connected = await connect(60_000);
    const controller = new AbortController();
    const [called, aborted] = [once(events, 'called'), once(events, 'aborted')];
    const failure = failureOf(connected.callTool('stuck', {}, { signal: controller.signal }));
    await called;
    controller.abort(new Error('changed my mind'));
    expect(String(await failure)).toContain('changed my mind');
    await aborted;
  });
});
