import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import { runProcess } from '../../../src/core/process/index.ts';

const run = (script: string, options = {}): ReturnType<typeof runProcess> =>
  runProcess(process.execPath, ['-e', script], options);

describe('runProcess', () => {
  it('returns what a program says, without a shell in between', async () => {
    const { stdout } = await runProcess(process.execPath, ['-p', 'process.argv[1]', '$HOME; `id`']);
    expect(stdout.trim()).toBe('$HOME; `id`');
  });

  it('says how a program failed, with its stderr', async () => {
    await expect(run('console.error("no good"); process.exit(3)')).rejects.toThrow(/exit code 3: no good/);
    await expect(runProcess('/no/such/program', [])).rejects.toThrow('ENOENT');
  });

  it('ends a program that takes too long, says too much, or is no longer wanted', async () => {
    await expect(run('setInterval(() => {}, 1000)', { timeoutMs: 200 })).rejects.toThrow('SIGKILL');
    await expect(run('process.stdout.write("x".repeat(1e6))', { maxOutputBytes: 1000 })).rejects.toThrow(
      'more than 1000 bytes',
    );
    const controller = new AbortController();
    const ended = run('setInterval(() => {}, 1000)', { signal: controller.signal });
    controller.abort(new Error('not wanted'));
    await expect(ended).rejects.toThrow('not wanted');
  });

  it('gives the program the environment it is told, or the harmless part of ours', async () => {
    const { stdout } = await run('console.log(Object.keys(process.env).join())', { env: { ONLY: 'this' } });
    expect(stdout.trim()).toBe('ONLY');
    vi.stubEnv('LIGHTDOM_TEST_SECRET', 'hunter2');
    const inherited = await run('console.log(Object.keys(process.env).join())');
    vi.unstubAllEnvs();
    expect(inherited.stdout).toContain('PATH');
    expect(inherited.stdout).not.toContain('SECRET');
  });
});
