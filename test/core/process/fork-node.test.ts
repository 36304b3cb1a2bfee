import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { signalProcess } from '../../../src/core/process-signal.ts';
import { forkNode, isProcessAlive } from '../../../src/core/process/index.ts';
import type { ForkedNode, ForkOptions } from '../../../src/core/process/index.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/process/${name}`, import.meta.url));

describe('forkNode', () => {
  const children: ForkedNode[] = [];

  afterEach(async () => {
    for (const child of children) child.signal('SIGKILL');
    await Promise.all(children.splice(0).map((child) => child.exited));
  });

  const start = (args: readonly string[], options: Partial<ForkOptions> & { entry?: string } = {}) => {
    const { entry = fixture('forked.mjs'), ...others } = options;
    const messages: unknown[] = [];
    const lines: string[] = [];
    const child = forkNode(entry, args, {
      onMessage: (message) => void messages.push(message),
      onLine: (line) => void lines.push(line),
      ...others,
    });
    children.push(child);
    const heard = async (count: number): Promise<void> => {
      while (messages.length < count) await delay(10);
    };
    return { child, messages, lines, heard };
  };

  it('exchanges messages, and says how the child ended', async () => {
    const { child, messages, heard } = start(['echo']);
    await heard(1);
    for (const message of ['text', 1, { a: [true, null] }]) child.send(message);
    await heard(4);
    expect(messages.slice(1)).toEqual([{ echo: 'text' }, { echo: 1 }, { echo: { a: [true, null] } }]);
    expect(() => child.send(undefined)).toThrow(TypeError);
    child.send('end');
    expect(await child.exited).toBe('exit code 3');
    child.send('too late');
    child.signal('SIGTERM');
  });

  it('gives it arguments and the harmless part of our environment, in a process group of its own', async () => {
    vi.stubEnv('LIGHTDOM_TEST_SECRET', 'hunter2');
    const nodeArgs = ['--no-warnings'];
    const { child, messages, heard } = start(['echo', '$HOME', 'b c'], { env: { EXTRA: 'this' }, nodeArgs });
    vi.unstubAllEnvs();
    await heard(1);
    expect(messages[0]).toMatchObject({ rest: ['$HOME', 'b c'], execArgv: nodeArgs, extra: 'this' });
    expect(JSON.stringify(messages[0])).toContain('PATH');
    expect(JSON.stringify(messages[0])).not.toContain('SECRET');
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect(Number(group)).toBe(child.pid);
    child.signal('SIGKILL');
    expect(await child.exited).toBe('SIGKILL');
  });

  it('passes both outputs on line by line, long lines in pieces, the last ones before it says that it ended', async () => {
    const { child, lines } = start(['talk']);
    expect(await child.exited).toBe('exit code 0');
    expect(lines.filter((line) => !line.startsWith('x') && line !== 'last words')).toEqual([
      'one',
      '',
      'two ü and more',
    ]);
    const long = lines.filter((line) => line.startsWith('x'));
    expect(long.map((line) => line.length)).toEqual([8192, 8192, 20_000 - 2 * 8192]);
    expect(lines).toContain('last words');
  });

  it('does not wait for what the child started and left behind', async () => {
    const { child, messages } = start(['leave']);
    expect(await child.exited).toBe('exit code 0');
    const pid = Number(messages[0]);
    expect(isProcessAlive(pid)).toBe(true);
    signalProcess(pid, 'SIGKILL');
  });

  it('says how a child ended whose file is missing', async () => {
    const { child, lines } = start([], { entry: fixture('no-such-file.mjs') });
    expect(await child.exited).toBe('exit code 1');
    expect(lines.join('\n')).toContain('Cannot find module');
  });

  it('lets the child know when its parent is killed', async () => {
    const parent = fork(fixture('forker.mjs'));
    const messages: unknown[] = await once(parent, 'message');
    const pid = Number(messages[0]);
    expect(isProcessAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    while (isProcessAlive(pid)) await delay(20);
  });
});
