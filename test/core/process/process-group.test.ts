import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { childEnvironment } from '../../../src/core/config/index.ts';
import { TypedEvents } from '../../../src/core/events.ts';
import {
  adoptGroup,
  describeStartFailure,
  findPortHolder,
  GroupMeter,
  isPortTaken,
  isProcessAlive,
  startGroup,
} from '../../../src/core/process/index.ts';
import type { ProcessGroup } from '../../../src/core/process/index.ts';
import { failureOf } from '../../support/failure-of.ts';

const END = { signal: 'SIGTERM', graceMs: 10_000 } as const;
const folder = mkdtempSync(join(tmpdir(), 'group-'));

/** Lines as they come, and a way to wait for one. */
class Lines {
  readonly all: string[] = [];
  readonly #events = new TypedEvents<{ line: [string] }>();
  readonly onLine = (stream: string, line: string): void => {
    this.all.push(`${stream}: ${line}`);
    this.#events.emit('line', line);
  };

  async until(text: string): Promise<string> {
    for (;;) {
      const found = this.all.find((line) => line.includes(text));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => void this.#events.once('line', () => resolve()));
    }
  }
}

describe('a process group', () => {
  const groups: ProcessGroup[] = [];
  let count = 0;

  afterEach(() => Promise.all(groups.splice(0).map((group) => group.end({ signal: 'SIGKILL', graceMs: 0 }))));

  const start = async (script: string, args: readonly string[] = []) => {
    const lines = new Lines();
    const pipePath = join(folder, String((count += 1)));
    const options = { cwd: folder, env: childEnvironment(), pipePath, onLine: lines.onLine };
    const group = await startGroup(process.execPath, ['-e', script, ...args], options);
    groups.push(group);
    return { group, lines, pipePath };
  };

  it('passes on what it writes, and how it ended, with the last lines before', async () => {
    const { group, lines } = await start('console.log(process.argv[1]); console.error("two"); process.exitCode = 3', [
      '$HOME;',
    ]);
    expect(await group.exited).toEqual({ how: 'exit code 3', isSuccess: false });
    expect(lines.all.toSorted()).toEqual(['stderr: two', 'stdout: $HOME;']);
  });

  it('ends by itself within its grace, with all that it started', async () => {
    const { group, lines } = await start(`
      require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("child")'], { stdio: 'inherit' });
      process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });
      setInterval(() => {}, 1000); console.log('up')`);
    await Promise.all([lines.until('up'), lines.until('child')]);
    await group.end(END);
    expect(await group.exited).toEqual({ how: 'exit code 0', isSuccess: true });
    expect(lines.all).toContain('stdout: bye');
    expect(isProcessAlive(group.identity.pid)).toBe(false);
  });

  it('is killed as a whole when it does not listen, grandchildren too', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('pid ' + process.pid);`;
    const { group, lines } = await start(
      `${stubborn}
      require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' });`,
      [stubborn.replace('pid ', 'child ')],
    );
    const child = Number((await lines.until('child ')).split('child ')[1]);
    await group.end({ signal: 'SIGTERM', graceMs: 100 });
    expect(await group.exited).toEqual({ how: 'SIGKILL', isSuccess: false });
    expect(isProcessAlive(child)).toBe(false);
  });

  it('is killed at once by who is in a hurry', async () => {
    const { group, lines } = await start(
      `process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')`,
    );
    await lines.until('up');
    const hurry = new AbortController();
    const ended = group.end({ signal: 'SIGTERM', graceMs: 86_400_000, hurry: hurry.signal });
    await lines.until('no');
    hurry.abort();
    await ended;
    expect(await group.exited).toMatchObject({ how: 'SIGKILL' });
  });

  it('lives on when it is released, and is adopted with what it wrote meanwhile', async () => {
    const { group, lines, pipePath } = await start(`let n = 0; setInterval(() => console.log('tick ' + n++), 20)`);
    await lines.until('tick 0');
    group.release();
    await delay(200);
    const after = new Lines();
    const adopted = adoptGroup(group.identity, { pipePath, onLine: after.onLine });
    if (adopted === undefined) throw new Error('it is gone');
    groups.push(adopted);
    await after.until('tick');
    const numbers = [...lines.all, ...after.all].map((line) => Number(line.split('tick ')[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index));
    await adopted.end(END);
    expect(await adopted.exited).toEqual({ how: 'ended', isSuccess: false });
    expect(adoptGroup(group.identity, { pipePath, onLine: after.onLine })).toBeUndefined();
    expect(adoptGroup({ ...group.identity, pid: process.pid }, { pipePath, onLine: after.onLine })).toBeUndefined();
  });

  it('says why a program can not be started, and whether that is for good', async () => {
    const options = { cwd: folder, env: {}, pipePath: join(folder, 'none'), onLine: () => {} };
    const error = await failureOf(startGroup('no-such-program', [], options));
    expect(describeStartFailure('no-such-program', error)).toEqual({
      reason: 'there is no program `no-such-program`, or its folder is gone',
      isFinal: true,
    });
    const denied = await failureOf(startGroup(folder, [], options));
    expect(describeStartFailure(folder, denied)).toMatchObject({ isFinal: true });
  });

  it('runs on plain pipes where its own can not be made', async () => {
    const lines = new Lines();
    const options = { cwd: folder, env: childEnvironment(), pipePath: '/no/such/folder/x', onLine: lines.onLine };
    const group = await startGroup(process.execPath, ['-e', 'console.log("still heard")'], options);
    expect(await group.exited).toMatchObject({ isSuccess: true });
    expect(lines.all).toEqual(['stdout: still heard']);
  });

  it('is measured with all its processes', async () => {
    const busy = 'const until = Date.now() + 60_000; console.log("busy"); while (Date.now() < until);';
    const { group, lines } = await start(`
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy)}], { stdio: 'inherit' });`);
    await lines.until('busy');
    let nowMs = 0;
    const meter = new GroupMeter(group.identity.pid, () => nowMs);
    expect(meter.sample()).toMatchObject({ cpuPercent: undefined, processes: 2 });
    await delay(300);
    nowMs = 300;
    const usage = meter.sample();
    expect(usage?.cpuPercent).toBeGreaterThan(5);
    expect(usage?.memoryBytes).toBeGreaterThan(40 * 1024 * 1024);
  });
});

describe('the holder of a port', () => {
  it('is named by number and name, and nobody is where nobody listens', async () => {
    const script = `const s = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const data: unknown[] = await once(child.stdout, 'data');
    const port = Number(String(data[0]));
    expect(await isPortTaken(port, '127.0.0.1')).toBe(true);
    expect(findPortHolder(port)?.pid).toBe(child.pid);
    expect(findPortHolder(port)?.name).toMatch(/node|MainThread/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isPortTaken(port, '127.0.0.1')).toBe(false);
    expect(findPortHolder(port)).toBeUndefined();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const own = typeof address === 'object' && address !== null ? address.port : 0;
    expect(findPortHolder(own)?.pid).toBe(process.pid);
    server.close();
  });
});
