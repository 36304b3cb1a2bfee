import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signalProcess } from '../../../src/core/process-signal.ts';
import { isProcessAlive, runProcess, spawnDetached } from '../../../src/core/process/index.ts';

const DETACHER = fileURLToPath(new URL('../../fixtures/process/detacher.mjs', import.meta.url));

describe('spawnDetached', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ld-detached-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (script: string): ReturnType<typeof spawnDetached> =>
    spawnDetached(process.execPath, ['-e', script], { cwd: folder, env: {}, logFile: join(folder, 'log') });

  it('appends both outputs to a file that is its owner’s alone, and says how the program ended', async () => {
    const { exited } = start('console.log("to stdout"); console.error("to stderr"); process.exit(3)');
    expect(await exited).toBe('exit code 3');
    expect(await start('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)').exited).toBe('SIGTERM');
    expect(await start('console.log("again")').exited).toBe('exit code 0');
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('to stdout\nto stderr\nagain\n');
    expect(statSync(join(folder, 'log')).mode & 0o777).toBe(0o600);
  });

  it('says that a program is missing', async () => {
    const options = { cwd: folder, env: {}, logFile: join(folder, 'log') };
    const { pid, exited } = spawnDetached('/no/such/program', [], options);
    expect(pid).toBeUndefined();
    expect(await exited).toContain('ENOENT');
  });

  it('neither keeps its starter alive nor ends with it, nor with the group of it', async () => {
    const logFile = join(folder, 'log');
    writeFileSync(logFile, '');
    const { stdout } = await runProcess(process.execPath, [DETACHER, logFile], { timeoutMs: 20_000 });
    const pid = Number(stdout);
    try {
      while (!readFileSync(logFile, 'utf8').includes('still here')) await delay(20);
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      expect(Number(group)).toBe(pid);
      expect(isProcessAlive(pid)).toBe(true);
    } finally {
      signalProcess(pid, 'SIGKILL');
    }
    while (isProcessAlive(pid)) await delay(20);
  });

  it('takes no process for alive that is not, and sends no signal to one', async () => {
    const child = start('');
    await child.exited;
    const pid = child.pid ?? 0;
    expect(isProcessAlive(pid)).toBe(false);
    expect(() => signalProcess(pid, 'SIGTERM')).not.toThrow();
    expect(isProcessAlive(process.pid)).toBe(true);
  });
});
