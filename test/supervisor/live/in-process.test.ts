import process from 'node:process';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import type { InProcess, ServiceSpec } from '../../../src/supervisor/index.ts';
import { SupervisorStore } from '../../../src/supervisor/supervisor-runtime.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { createDatabase, OBEDIENT, Playground, Supervised } from './supervised.ts';

describe('a supervisor', () => {
  let test: TestDatabase;
  let playground: Playground;
  let one: Supervised | undefined;

  beforeEach(async () => {
    test = await createDatabase();
    playground = new Playground();
  });
  afterEach(async () => {
    await one?.service.stop(AbortSignal.timeout(5_000));
    rmSync(playground.folder, { recursive: true, force: true });
    await test.drop();
  });

  const builtIn = (
    start: (signal: AbortSignal) => Promise<InProcess>,
    more: Partial<ServiceSpec> = {},
  ): ServiceSpec => {
    const [spec] = playground.plan({ part: { command: 'x', backoff: { initialMs: 10 } } });
    if (spec === undefined) throw new Error('no plan');
    return { ...spec, launch: { type: 'function', start }, ...more };
  };

  it('runs a part of its own process like any other service, and asks it by a function', async () => {
    let starts = 0;
    let isHealthy = true;
    let fail = (_error: Error): void => {};
    const spec = builtIn(
      async () => {
        starts += 1;
        if (starts === 1) throw new Error('not yet');
        const { promise, resolve, reject } = withResolvers();
        fail = reject;
        return { ended: promise, stop: async () => resolve() };
      },
      {
        readiness: {
          type: 'function',
          initialDelaySeconds: 0,
          periodSeconds: 0.02,
          timeoutSeconds: 1,
          successThreshold: 1,
          failureThreshold: 1,
          check: async () => {
            if (!isHealthy) throw new Error('not well');
          },
        },
      },
    );
    one = new Supervised(playground, { test, services: [spec] });
    expect(await one.service.start()).toMatchObject([{ state: 'ready', restarts: 1 }]);
    expect(one.seen[1]?.reason).toMatch(/^not yet; it is started again/);
    isHealthy = false;
    expect((await one.until('part', 'unready')).reason).toBe('not well');
    isHealthy = true;
    await one.until('part', 'ready', 2);
    fail(new Error('broken'));
    await one.until('part', 'ready', 3);
    expect(one.seen.find(({ reason }) => reason.startsWith('broken;'))).toBeDefined();
    expect(await one.service.stopService('part')).toMatchObject({ state: 'stopped' });
  });

  it('does not try again what is not configured', async () => {
    const spec = builtIn(() => Promise.reject(new AppError('not_configured', 'There is no model.')));
    one = new Supervised(playground, { test, services: [spec] });
    expect(await one.service.start()).toMatchObject([{ state: 'failed', reason: 'There is no model.' }]);
  });

  it('goes on without its database, and stores what happened once that is back', async () => {
    const services = playground.plan({ a: { command: playground.program('a', OBEDIENT) } });
    one = new Supervised(playground, { test, services });
    await one.service.start();
    await test.database.execute('alter schema lightdom rename to away');
    process.kill(one.service.get('a').pid ?? 0, 'SIGKILL');
    await one.until('a', 'ready', 2);
    await test.database.execute('alter schema away rename to lightdom');
    const store = new SupervisorStore(test.database, playground.supervisorId);
    const wanted = one.wayOf('a').toReversed();
    let stored: string[] = [];
    while (stored.length < wanted.length) stored = (await store.listTransitions('a', 100)).map(({ to }) => to);
    expect(stored).toEqual(wanted);
    let pid: number | undefined;
    while (pid !== one.service.get('a').pid) pid = (await store.listServices())[0]?.process?.pid;
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = (): void => {};
  let reject = (_error: Error): void => {};
  const promise = new Promise<void>((onDone, onFail) => {
    resolve = onDone;
    reject = onFail;
  });
  return { promise, resolve, reject };
}
