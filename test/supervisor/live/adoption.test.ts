import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signalProcess } from '../../../src/core/process-signal.ts';
import { isProcessAlive } from '../../../src/core/process/index.ts';
import { z } from 'zod';
import { SupervisorStore } from '../../../src/supervisor/supervisor-runtime.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { createDatabase, OBEDIENT, Playground, Supervised } from './supervised.ts';

const masterMessage = z.object({ pids: z.record(z.string(), z.number()) });

/** A supervisor in a process of its own, from what was built; it says `up` with the ids of its services. */
const MASTER = `
const [dist, url, supervisorId, workspace, folder, services] = process.argv.slice(2);
const { checkManifest, planServices, SupervisorService, SupervisorStore } = await import(dist + 'supervisor/supervisor-runtime.js');
const { connectDatabase } = await import(dist + 'core/db/index.js');
const { createSilentLog } = await import(dist + 'core/log.js');
const log = createSilentLog();
const database = await connectDatabase({ url, log, max: 2 });
const planned = planServices(checkManifest(JSON.parse(services), 'test'), { workspace, environment: {}, secretKeys: [], findSecret: () => undefined, builtIn: [], restarts: { isAutomatic: true, mostQuick: 4 } });
const store = new SupervisorStore(database, supervisorId);
const deps = { services: planned, store, supervisorId, folder, log, wallClock: () => Date.now(), random: () => 0.5 };
const supervisor = new SupervisorService(deps);
await supervisor.start();
for (;;) {
  const stored = await store.listServices();
  if (stored.filter((one) => one.process !== undefined).length === planned.length) break;
}
process.send({ pids: Object.fromEntries(supervisor.list().map(({ name, pid }) => [name, pid])) });
`;
const DIST = pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'dist', 'src/')).href;
const TICKING = `let n = 0; setInterval(() => console.log('tick ' + n++), 20); console.log('pid ' + process.pid);`;

describe('a supervisor that follows another', () => {
  let test: TestDatabase;
  let playground: Playground;
  const running: Supervised[] = [];

  beforeEach(async () => {
    test = await createDatabase();
    playground = new Playground();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.service.stop(AbortSignal.timeout(5_000));
    rmSync(playground.folder, { recursive: true, force: true });
    await test.drop();
  });

  const supervise = (services: Readonly<Record<string, unknown>>): Supervised => {
    const one = new Supervised(playground, { test, services: playground.plan(services) });
    running.push(one);
    return one;
  };

  /** The ids of its services, after it was killed without a word. */
  const killedMaster = async (services: Readonly<Record<string, unknown>>): Promise<Record<string, number>> => {
    const file = join(playground.folder, 'master.mjs');
    writeFileSync(file, MASTER);
    const { folder, kept, supervisorId } = playground;
    const args = [file, DIST, test.url, supervisorId, folder, kept, JSON.stringify({ services })];
    const master = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const message = await new Promise<{ pids: Record<string, number> }>((resolve) => {
      master.once('message', (value) => resolve(masterMessage.parse(value)));
    });
    master.kill('SIGKILL');
    await new Promise((resolve) => master.once('exit', resolve));
    return message.pids;
  };

  it('adopts what lives on after it was killed, with what that wrote meanwhile, and ends it in the end', async () => {
    const services = {
      a: {
        command: playground.program('a', TICKING),
        readiness: { type: 'log', contains: 'pid ', periodSeconds: 0.1 },
      },
    };
    const { a = 0 } = await killedMaster(services);
    expect(isProcessAlive(a)).toBe(true);
    await delay(100);
    const one = supervise(services);
    expect(await one.service.start()).toMatchObject([{ name: 'a', state: 'ready', pid: a, restarts: 0 }]);
    await one.said('a', 'tick ');
    const pids = one.lines.filter(({ line }) => line.line.startsWith('pid ')).map(({ line }) => line.line);
    expect(new Set(pids).size).toBeLessThanOrEqual(1);
    process.kill(a, 'SIGKILL');
    await one.until('a', 'ready', 2);
    const next = one.service.get('a').pid ?? 0;
    expect(next).not.toBe(a);
    await one.service.stop();
    running.splice(0);
    expect(isProcessAlive(next)).toBe(false);
  });

  it('starts anew what died meanwhile, and what would be started otherwise now, and ends what is not wanted any more', async () => {
    const command = playground.program('x', OBEDIENT);
    const pids = await killedMaster({ dies: { command }, changes: { command }, goes: { command }, off: { command } });
    const { dies = 0, changes = 0, goes = 0, off = 0 } = pids;
    signalProcess(dies, 'SIGKILL');
    await expect.poll(() => isProcessAlive(dies)).toBe(false);
    const one = supervise({
      dies: { command },
      changes: { command, env: { NEW: '1' } },
      off: { command, enabled: false },
    });
    const views = await one.service.start();
    expect(views.map(({ name, state }) => `${name} ${state}`)).toEqual(['dies ready', 'changes ready', 'off stopped']);
    expect([dies, changes, goes, off].map((pid) => isProcessAlive(pid))).toEqual([false, false, false, false]);
    const store = new SupervisorStore(test.database, playground.supervisorId);
    expect((await store.listServices()).map(({ name }) => name)).not.toContain('goes');
    const reasons = await store.listTransitions('dies', 20);
    expect(reasons.map(({ reason }) => reason)).toContain('it ended while no supervisor was there');
  });

  it('ends processes that bear its mark though nobody has recorded them', async () => {
    const command = playground.program('x', OBEDIENT);
    const { a = 0 } = await killedMaster({ a: { command } });
    await test.database.execute('update lightdom.service set pid = null, process_start = null');
    const one = supervise({ a: { command } });
    await one.service.start();
    expect(isProcessAlive(a)).toBe(false);
    expect(one.service.get('a')).toMatchObject({ state: 'ready' });
  });

  it('keeps the wishes of its user: what was stopped or disabled stays so', async () => {
    const command = playground.program('x', OBEDIENT);
    const services = {
      stopped: { command },
      disabled: { command },
      always: { command, restart: 'always' },
      other: { command },
    };
    const one = supervise(services);
    await one.service.start();
    await one.service.stopService('stopped');
    await one.service.stopService('always');
    await one.service.disable('disabled', 'it is noisy');
    await one.service.stop();
    running.splice(0);
    const again = supervise(services);
    const states = (await again.service.start()).map(({ name, state }) => `${name} ${state}`);
    expect(states).toEqual(['stopped stopped', 'disabled stopped', 'always ready', 'other ready']);
    expect(again.service.get('disabled')).toMatchObject({ isEnabled: false, disabledReason: 'it is noisy' });
    expect(() => again.service.startService('disabled')).toThrow('Service `disabled` is disabled: it is noisy.');
    again.service.enable('disabled');
    again.service.startService('stopped');
    await Promise.all([again.until('disabled', 'ready'), again.until('stopped', 'ready')]);
    expect(() => again.service.get('nope')).toThrow('There is no service `nope`.');
    const ratio = (await again.service.availability('other', 60_000)).ratio ?? 0;
    expect(ratio).toBeGreaterThan(0);
    expect(ratio).toBeLessThan(1);
  });

  it('is handed services that live on', async () => {
    const services = { a: { command: playground.program('a', TICKING) } };
    const one = supervise(services);
    await one.service.start();
    const { pid } = one.service.get('a');
    await one.service.release();
    running.splice(0);
    const again = supervise(services);
    expect(await again.service.start()).toMatchObject([{ state: 'ready', pid }]);
    await again.said('a', 'tick ');
  });

  it('can stop and start again, runs jobs in their order, and stops in the reverse one', async () => {
    const command = playground.program('x', OBEDIENT);
    const one = supervise({
      web: { command, dependsOn: { job: { condition: 'completed' }, db: { condition: 'healthy' } } },
      job: { command: playground.program('job', 'console.log("done")'), oneShot: true, dependsOn: { db: {} } },
      db: { command },
      bad: { command: ['no-such-program'] },
      late: { command, dependsOn: { bad: { condition: 'healthy' } } },
    });
    const views = await one.service.start();
    expect(views.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'db ready',
      'bad failed',
      'job completed',
      'late stopped',
      'web ready',
    ]);
    expect(one.service.get('late')).toMatchObject({ isWanted: true, waitingFor: ['bad'] });
    expect(one.service.get('bad').reason).toBe('there is no program `no-such-program`, or its folder is gone');
    const before = one.seen.length;
    await one.service.stop();
    const stops = one.seen.slice(before).map(({ name, to }) => `${name} ${to}`);
    expect(stops.indexOf('web stopped')).toBeLessThan(stops.indexOf('db stopping'));
    expect((await one.service.start()).find(({ name }) => name === 'web')).toMatchObject({ state: 'ready' });
  });

  it('kills what does not stop before its deadline', async () => {
    const command = playground.program('x', `process.on('SIGTERM', () => console.log('no')); ${OBEDIENT}`);
    const one = supervise({ a: { command, stop: { graceMs: 3_600_000 } } });
    await one.service.start();
    const pid = Number(await one.said('a', 'pid '));
    const hurry = new AbortController();
    const stopped = one.service.stop(hurry.signal);
    await one.said('a', 'no');
    hurry.abort();
    await stopped;
    running.splice(0);
    expect(isProcessAlive(pid)).toBe(false);
  });
});
