import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { createMcpServer } from '../../../src/server/mcp/mcp-server.ts';
import { serveMcpStdio } from '../../../src/server/mcp/serve-stdio.ts';
import { Subscriptions } from '../../../src/server/mcp/subscriptions.ts';
import { createTestCatalog, NO_SERVICES } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

const SERVER = fileURLToPath(new URL('../../fixtures/noisy-stdio-server.mjs', import.meta.url));
const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};
const messageSchema = z.looseObject({ jsonrpc: z.literal('2.0') });

describe('a process that serves stdio', () => {
  let child: ChildProcessWithoutNullStreams | undefined;

  afterEach(() => void child?.kill('SIGKILL'));

  function start(...args: string[]) {
    const started = spawn(process.execPath, [SERVER, ...args]);
    child = started;
    const answers = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
    let id = 0;
    return {
      process: started,
      async ask(request: object): Promise<z.infer<typeof messageSchema>> {
        id += 1;
        started.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...request })}\n`);
        return messageSchema.parse(JSON.parse(String((await answers.next()).value)));
      },
    };
  }

  test('writes nothing but JSON-RPC to stdout, whatever its code prints', async () => {
    const server = start();
    const noise: string[] = [];
    server.process.stderr.on('data', (chunk: Buffer) => noise.push(chunk.toString()));
    expect(await server.ask(INITIALIZE)).toMatchObject({ result: { serverInfo: { name: 'noisy' } } });
    expect(await server.ask({ method: 'tools/call', params: { name: 'noisy', arguments: {} } })).toMatchObject({
      result: { structuredContent: { ok: true } },
    });
    expect(await server.ask({ method: 'tools/list' })).toMatchObject({ result: { tools: [{ name: 'noisy' }] } });
    server.process.stdin.end();
    await once(server.process, 'close');
    expect(noise.join('')).toContain('noise of the process');
    expect(noise.join('')).toContain('noise of a tool\nnoise without a line end');
  });

  test('lists its tools before its services are up', async () => {
    const server = start('--never-ready');
    await server.ask(INITIALIZE);
    expect(await server.ask({ method: 'tools/list' })).toMatchObject({ result: { tools: [{ name: 'noisy' }] } });
  });

  test('goes on after a line that is no JSON', async () => {
    const server = start();
    await server.ask(INITIALIZE);
    server.process.stdin.write('this is no JSON\n{"jsonrpc":"2.0"}\n');
    expect(await server.ask({ method: 'ping' })).toMatchObject({ result: {} });
  });

  test('ends at the end of its input', async () => {
    const server = start();
    await server.ask(INITIALIZE);
    server.process.stdin.end();
    expect(await once(server.process, 'exit')).toEqual([0, null]);
  });

  test('ends, without a crash, when nobody reads its answers any more', async () => {
    const server = start();
    await server.ask(INITIALIZE);
    server.process.stdout.destroy();
    server.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/list' })}\n`);
    expect(await once(server.process, 'exit')).toEqual([0, null]);
  });
});

test('closing a connection aborts the calls under way and says so once', async () => {
  const { catalog, events } = createTestCatalog();
  const log = createSilentLog();
  const backend = createLocalBackend({
    sealer: testSealer,
    catalog,
    log,
    services: () => Promise.resolve(NO_SERVICES),
  });
  const input = new PassThrough();
  let closed = 0;
  const connection = serveMcpStdio({
    build: () => createMcpServer({ catalog, backend, info: { name: 'test', version: '0' }, log }),
    subscriptions: new Subscriptions(backend),
    onClose: () => {
      closed += 1;
    },
    input,
    output: new PassThrough().resume(),
  });
  const started = once(events, 'started');
  const aborted = once(events, 'aborted');
  const params = { name: 'slow', arguments: { steps: 0, isEndless: true } };
  for (const message of [INITIALIZE, { method: 'tools/call', params }]) {
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.method, ...message })}\n`);
  }
  await started;
  await connection.close();
  await connection.close();
  await aborted;
  expect(closed).toBe(1);
});
