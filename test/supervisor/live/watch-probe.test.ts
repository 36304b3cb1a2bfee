import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { probeSchema } from '../../../src/supervisor/manifest/probe-schema.ts';
import type { FunctionProbe } from '../../../src/supervisor/manifest/probe-schema.ts';
import type { ProbeTarget } from '../../../src/supervisor/probes/run-probe.ts';
import { ask, watchProbe } from '../../../src/supervisor/probes/watch-probe.ts';

const TARGET: ProbeTarget = { env: { OF_SERVICE: 'yes' }, hasSaid: (text) => text === 'said' };
const NEVER = new AbortController().signal;
const servers: Server[] = [];

const listen = async (onRequest: RequestListener): Promise<number> => {
  const server = createServer(onRequest).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const failureOf = (probe: Record<string, unknown>) => ask(probeSchema.parse(probe), TARGET, NEVER);
const functionProbe = (check: FunctionProbe['check'], more: Partial<FunctionProbe> = {}): FunctionProbe => ({
  type: 'function',
  initialDelaySeconds: 0,
  periodSeconds: 0.01,
  timeoutSeconds: 5,
  successThreshold: 1,
  failureThreshold: 1,
  check,
  ...more,
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a probe', () => {
  it('of http passes for a status from 200 to 399 and the text that is awaited', async () => {
    const port = await listen((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      if (response.statusCode === 302) response.setHeader('location', 'http://127.0.0.1:1/');
      response.end(`ready ${'x'.repeat(200_000)} late`);
    });
    const url = (status: number): string => `http://127.0.0.1:${port}/${status}`;
    expect(await failureOf({ type: 'http', url: url(200), contains: 'ready' })).toBeUndefined();
    expect(await failureOf({ type: 'http', url: url(302) })).toBeUndefined();
    expect(await failureOf({ type: 'http', url: url(503) })).toBe(`${url(503)} answered 503`);
    expect(await failureOf({ type: 'http', url: url(200), contains: 'late' })).toContain('does not contain "late"');
  });

  it('of http fails when the answer does not come in time', async () => {
    const port = await listen(() => {});
    const url = `http://127.0.0.1:${port}/`;
    expect(await failureOf({ type: 'http', url, timeoutSeconds: 0.07 })).toBe('no answer within 0.07 s');
  });

  it('of tcp passes where somebody listens', async () => {
    const port = await listen(() => {});
    expect(await failureOf({ type: 'tcp', port })).toBeUndefined();
    servers.pop()?.close();
    expect(await failureOf({ type: 'tcp', port })).toContain('ECONNREFUSED');
  });

  it('of a command passes with exit code 0, in the environment of the service, and is ended when it takes too long', async () => {
    const command = (script: string): string[] => [process.execPath, '-e', script];
    const own = command('process.exit(process.env.OF_SERVICE === "yes" ? 0 : 1)');
    expect(await failureOf({ type: 'command', command: own, timeoutSeconds: 20 })).toBeUndefined();
    expect(await failureOf({ type: 'command', command: command('process.exit(3)'), timeoutSeconds: 20 })).toContain(
      'exit code 3',
    );
    const endless = command('setInterval(() => {}, 1000)');
    expect(await failureOf({ type: 'command', command: endless, timeoutSeconds: 0.3 })).toBe('no answer within 0.3 s');
  });

  it('of a line passes once it was said', async () => {
    expect(await failureOf({ type: 'log', contains: 'said' })).toBeUndefined();
    expect(await failureOf({ type: 'log', contains: 'other' })).toBe('no line with "other" yet');
  });

  it('of a function that does not listen is given up after its time', async () => {
    const deaf = functionProbe(() => new Promise(() => {}), { timeoutSeconds: 0.05 });
    expect(await ask(deaf, TARGET, NEVER)).toBe('no answer within 0.05 s');
  });

  it('is asked one question at a time, and tells what has changed', async () => {
    let asked = 0;
    let open = 0;
    const answers = [true, true, false, true, false, false, true];
    const probe = functionProbe(
      async () => {
        open += 1;
        expect(open).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        if (answers[(asked += 1) - 1] === false) throw new Error('down');
      },
      { failureThreshold: 2 },
    );
    const verdicts: string[] = [];
    await watchProbe(probe, TARGET, {
      signal: NEVER,
      onVerdict: ({ hasPassed, reason }) => {
        verdicts.push(`${asked} ${hasPassed} ${reason}`);
        return verdicts.length < 4;
      },
    });
    expect(verdicts).toEqual(['1 true it is well', '4 true it is well', '6 false down', '7 true it is well']);
  });

  it('ends with its signal, also in the midst of a question', async () => {
    const controller = new AbortController();
    const probe = functionProbe(() => {
      controller.abort();
      return new Promise(() => {});
    });
    await watchProbe(probe, TARGET, { signal: controller.signal, onVerdict: () => expect.unreachable() });
  });
});
