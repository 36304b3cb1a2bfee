import { existsSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../../src/core/process/index.ts';
import type { SupervisorDeps } from '../../../src/supervisor/index.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { createDatabase, OBEDIENT, Playground, SERVER, Supervised } from './supervised.ts';

const QUICK = { periodSeconds: 0.05, timeoutSeconds: 1, failureThreshold: 2 };
const STUBBORN = `process.on('SIGTERM', () => {}); ${OBEDIENT}`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a supervised service', () => {
  let test: TestDatabase;
  let playground: Playground;
  const running: Supervised[] = [];

  beforeAll(async () => {
    test = await createDatabase();
  });
  afterAll(() => test.drop());
  beforeEach(() => {
    playground = new Playground();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.service.stop(AbortSignal.timeout(5_000));
    rmSync(playground.folder, { recursive: true, force: true });
  });

  const supervise = (services: Readonly<Record<string, unknown>>, more: Partial<SupervisorDeps> = {}): Supervised => {
    const one = new Supervised(playground, { test, services: playground.plan(services), ...more });
    running.push(one);
    return one;
  };

  it('that crashes is started again, and its end is told with its reason', async () => {
    const one = supervise({ a: { command: playground.program('a', OBEDIENT) } });
    await one.service.start();
    process.kill(Number(await one.said('a', 'pid ')), 'SIGKILL');
    await one.until('a', 'ready', 2);
    expect(one.wayOf('a')).toEqual(['starting', 'running', 'ready', 'backoff', 'starting', 'running', 'ready']);
    expect(one.seen[3]?.reason).toMatch(/^SIGKILL; it is started again in \d+ ms$/);
    expect(one.service.get('a')).toMatchObject({ state: 'ready', restarts: 1, isWanted: true });
  });

  it('that crashes again and again is in a crash loop, with an alert, until it is started by hand', async () => {
    const command = playground.program('a', `if (!require('node:fs').existsSync('ok')) process.exit(7); ${OBEDIENT}`);
    const one = supervise({ a: { command, critical: true, backoff: { initialMs: 10 }, crashLoop: { exits: 3 } } });
    await one.service.start();
    expect((await one.until('a', 'crashloop')).reason).toBe('exit code 7');
    expect(one.wayOf('a').filter((state) => state === 'backoff')).toHaveLength(2);
    expect(one.alerts).toMatchObject([{ service: 'a', kind: 'crash-loop', isCritical: true }]);
    symlinkSync('/dev/null', join(playground.folder, 'ok'));
    one.service.startService('a');
    await one.until('a', 'ready');
  });

  it('that hangs when it is told to end is killed after its grace, with what it started', async () => {
    const parent = `${STUBBORN} const child = require('node:child_process').spawn(process.execPath, [${JSON.stringify(playground.program('child', STUBBORN)[1])}]);
      console.log('child ' + child.pid);`;
    const one = supervise({ a: { command: playground.program('a', parent), stop: { graceMs: 200 } } });
    await one.service.start();
    const pids = [Number(await one.said('a', 'pid ')), Number(await one.said('a', 'child '))];
    expect(await one.service.stopService('a')).toMatchObject({ state: 'stopped', reason: 'stopped by hand' });
    expect(pids.map((pid) => isProcessAlive(pid))).toEqual([false, false]);
  });

  it('that dies and leaves a child behind has that ended before it is started again', async () => {
    const parent = `const child = require('node:child_process').spawn(process.execPath, [${JSON.stringify(playground.program('child', STUBBORN)[1])}], { stdio: 'inherit' });
      console.log('child ' + child.pid); ${OBEDIENT}`;
    const one = supervise({ a: { command: playground.program('a', parent) } });
    await one.service.start();
    const child = Number(await one.said('a', 'child '));
    process.kill(one.service.get('a').pid ?? 0, 'SIGKILL');
    await one.until('a', 'ready', 2);
    expect(isProcessAlive(child)).toBe(false);
  });

  it('whose port is taken is not started, names who has it, and comes up when it is free', async () => {
    const port = await freePort();
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const one = supervise({ a: { command: [...playground.program('a', SERVER), String(port)], ports: [{ port }] } });
    const started = one.service.start();
    expect((await one.until('a', 'backoff')).reason).toMatch(
      new RegExp(`^port ${port} of 127\\.0\\.0\\.1 is taken by .* \\(process ${process.pid}\\); it is started again`),
    );
    holder.close();
    expect(await started).toMatchObject([{ state: 'ready' }]);
  });

  it('that starts slowly is not ready, nor restarted, before its startup probe has passed', async () => {
    const slow = `setTimeout(() => console.log('ready to serve'), 700); ${OBEDIENT}`;
    const one = supervise({
      a: {
        command: playground.program('a', slow),
        startup: { type: 'log', contains: 'ready to serve', ...QUICK, failureThreshold: 1_000 },
        liveness: { type: 'command', command: [process.execPath, '-e', '0'], periodSeconds: 60 },
      },
      b: { command: playground.program('b', OBEDIENT), dependsOn: { a: { condition: 'healthy' } } },
    });
    expect(await one.service.start()).toMatchObject([{ state: 'ready', restarts: 0 }, { state: 'ready' }]);
    const order = one.seen.map(({ name, to }) => `${name} ${to}`);
    expect(order.indexOf('b starting')).toBeGreaterThan(order.indexOf('a ready'));
  });

  it('that never comes up is ended by its startup probe', async () => {
    const startup = { type: 'log', contains: 'never', ...QUICK };
    const one = supervise({ a: { command: playground.program('a', OBEDIENT), startup, maxRestarts: 1 } });
    const [view] = await one.service.start();
    expect(view).toMatchObject({ state: 'failed' });
    expect(view?.reason).toBe('its startup probe failed: no line with "never" yet; 1 restarts in a row did not help');
  });

  it('whose health comes and goes is ready and unready with it, and is not restarted for that', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const one = supervise({
      a: {
        command: [...playground.program('a', SERVER), String(port)],
        readiness: { type: 'http', url: `${url}/health`, ...QUICK },
        liveness: { type: 'tcp', port, ...QUICK },
        startup: { type: 'http', url, contains: 'fine', ...QUICK, failureThreshold: 200 },
      },
    });
    await one.service.start();
    for (const count of [1, 2, 3]) {
      await fetch(`${url}/toggle`);
      expect((await one.until('a', 'unready', count)).reason).toContain('answered 500');
      await fetch(`${url}/toggle`);
      await one.until('a', 'ready', count + 1);
    }
    expect(one.service.get('a').restarts).toBe(0);
  });

  it('that hangs is restarted by its liveness probe', async () => {
    const port = await freePort();
    const command = [...playground.program('a', SERVER), String(port)];
    const probe = { type: 'http', url: `http://127.0.0.1:${port}/`, periodSeconds: 0.05, timeoutSeconds: 0.5 };
    const startup = { ...probe, failureThreshold: 500 };
    const one = supervise({
      a: { command, startup, liveness: { ...probe, failureThreshold: 1 }, stop: { graceMs: 100 } },
    });
    await one.service.start();
    process.kill(one.service.get('a').pid ?? 0, 'SIGSTOP');
    expect((await one.until('a', 'stopping')).reason).toBe('its liveness probe failed: no answer within 0.5 s');
    await one.until('a', 'ready', 2);
  });

  it('does what its manifest says when a dependency dies', async () => {
    const dependent = (name: string, onDependencyFailure: string) => ({
      command: playground.program(name, OBEDIENT),
      dependsOn: { db: { condition: 'healthy' } },
      onDependencyFailure,
    });
    const one = supervise({
      db: { command: playground.program('db', OBEDIENT) },
      stops: dependent('stops', 'stop'),
      restarts: dependent('restarts', 'restart'),
      ignores: dependent('ignores', 'ignore'),
    });
    await one.service.start();
    process.kill(one.service.get('db').pid ?? 0, 'SIGKILL');
    await Promise.all([one.until('db', 'ready', 2), one.until('restarts', 'ready', 2), one.until('stops', 'stopped')]);
    expect(one.service.get('stops')).toMatchObject({ isWanted: false, reason: 'db, on which it depends, is down' });
    expect(one.service.get('restarts')).toMatchObject({ state: 'ready', isWanted: true });
    expect(one.wayOf('ignores')).toEqual(['starting', 'running', 'ready']);
    const order = one.seen.map(({ name, to }) => `${name} ${to}`);
    expect(order.lastIndexOf('restarts starting')).toBeGreaterThan(order.lastIndexOf('db ready'));
    expect(one.alerts.map(({ service, kind }) => `${service} ${kind}`)).toEqual([
      'stops dependency-lost',
      'restarts dependency-lost',
    ]);
  });

  it('that takes more memory than it may is restarted with that as reason', async () => {
    const growing = `const kept = []; setInterval(() => { if (kept.length < 60) kept.push(Buffer.alloc(5e6, 1)); }, 10); ${OBEDIENT}`;
    const limits = { memoryMb: 150, samples: 3 };
    const one = supervise({ a: { command: playground.program('a', growing), limits } }, { sampleMs: 50 });
    await one.service.start();
    expect((await one.until('a', 'stopping')).reason).toMatch(/^it takes \d+ MB of memory, more than 150$/);
    await one.until('a', 'ready', 2);
    expect(one.alerts[0]).toMatchObject({ kind: 'over-limit' });
  });

  it('is not disturbed by a clock that is set, and its availability stays a share', async () => {
    let shiftMs = 0;
    const one = supervise(
      { a: { command: playground.program('a', OBEDIENT) } },
      { wallClock: () => Date.now() + shiftMs },
    );
    await one.service.start();
    for (const jumpMs of [7_200_000, -7_200_000]) {
      shiftMs += jumpMs;
      process.kill(one.service.get('a').pid ?? 0, 'SIGKILL');
      await one.until('a', 'ready', jumpMs > 0 ? 2 : 3);
    }
    await one.service.stopService('a');
    expect(one.wayOf('a').filter((state) => state === 'crashloop')).toEqual([]);
    const { ratio = -1 } = await one.service.availability('a', 3_600_000);
    expect(ratio).toBeGreaterThanOrEqual(0);
    expect(ratio).toBeLessThanOrEqual(1);
  });

  it('goes on when its log can not be written, which is said once', async () => {
    // As a full disk says it, for every single line.
    symlinkSync('/dev/full', join(playground.kept, 'a.log'));
    const one = supervise({
      a: { command: playground.program('a', `setInterval(() => console.log('tick'), 5); ${OBEDIENT}`) },
    });
    await one.service.start();
    await one.said('a', 'tick');
    expect(one.alerts.map(({ kind }) => kind)).toEqual(['log-unwritable']);
    expect(one.service.get('a')).toMatchObject({ state: 'ready', restarts: 0 });
    expect(one.service.logs('a').length).toBeGreaterThan(2);
  });

  it('keeps its lines in memory, in a file and in the database, without secrets and hidden characters', async () => {
    const source = `console.log('key is ' + process.env.KEY); console.error('a\\u202eb\\u001b[31m Bearer abcdefghijkl'); ${OBEDIENT}`;
    const one = supervise({ a: { command: playground.program('a', source), env: { KEY: { secret: 'a.secret' } } } });
    await one.service.start();
    await one.said('a', 'pid ');
    await one.said('a', 'ab');
    const texts = one.service.logs('a', { tail: 1_000 }).map(({ stream, line }) => `${stream} ${line}`);
    expect(texts).toContain('stdout key is [Redacted]');
    expect(texts).toContain('stderr ab[31m Bearer [Redacted]');
    expect(one.service.logs('a', { tail: 1 })).toHaveLength(1);
    expect(one.service.logs('a', { since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect(() => one.service.logs('a', { tail: 0 })).toThrow("`tail` can't be 0");
    expect(() => one.service.logs('a', { since: 'noon' })).toThrow("`since` can't be noon");
    expect(statSync(join(playground.kept, 'a.log')).mode & 0o777).toBe(0o600);
    await one.service.stop();
    running.splice(0);
    const again = supervise({ a: { command: ['x'], enabled: false, disabledReason: 'not now' } });
    expect(await again.service.start()).toMatchObject([
      { state: 'stopped', isEnabled: false, disabledReason: 'not now' },
    ]);
    expect(again.service.logs('a').map(({ line }) => line)).toContain('key is [Redacted]');
    expect(existsSync(join(playground.kept, 'a.stdout'))).toBe(true);
  });

  it('is not started twice: something healthy that is there already is used, and replaced when it goes', async () => {
    const port = await freePort();
    const other = supervise({ other: { command: [...playground.program('other', SERVER), String(port)] } });
    await other.service.start();
    await other.said('other', 'listening ');
    const mine = { command: [...playground.program('a', SERVER), String(port)], attach: true, ports: [{ port }] };
    const readiness = { type: 'http', url: `http://127.0.0.1:${port}/`, ...QUICK };
    playground = new Playground();
    const one = supervise({ a: { ...mine, cwd: '.', readiness } });
    expect(await one.service.start()).toMatchObject([{ state: 'ready', isAttached: true }]);
    await other.service.stopService('other');
    await one.until('a', 'ready', 2);
    expect(one.service.get('a')).toMatchObject({ isAttached: false, restarts: 1 });
  });
});
