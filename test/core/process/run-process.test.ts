import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { newId } from '../../../src/core/ids.ts';
import { signalProcess } from '../../../src/core/process-signal.ts';
import { isProcessAlive, runProcess } from '../../../src/core/process/index.ts';
import type { RunProcessOptions } from '../../../src/core/process/index.ts';
import { failureOf } from '../../support/failure-of.ts';

const GRANDCHILD = fileURLToPath(new URL('../../fixtures/process/grandchild.mjs', import.meta.url));

const run = (script: string, options: RunProcessOptions = {}): ReturnType<typeof runProcess> =>
  runProcess(process.execPath, ['-e', script], options);

const FOR_EVER = 'setInterval(() => {}, 1000)';

describe('runProcess', () => {
  it('returns what a program says, without a shell in between', async () => {
    const { stdout } = await runProcess(process.execPath, ['-p', 'process.argv[1]', '$HOME; `id`']);
    expect(stdout.trim()).toBe('$HOME; `id`');
    const { stderr } = await run('console.error("a warning")');
    expect(stderr).toBe('a warning\n');
  });

  it('keeps characters whole that arrive in two pieces', async () => {
    const script = `const euro = Buffer.from('€'); process.stdout.write(euro.subarray(0, 1));
      setTimeout(() => process.stdout.write(euro.subarray(1)), 50);`;
    expect((await run(script)).stdout).toBe('€');
  });

  it('says how a program failed, with its stderr', async () => {
    const error = await failureOf(run('console.error("no good"); process.exit(3)'));
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: `${process.execPath} ended with exit code 3: no good`,
    });
    await expect(run('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)')).rejects.toThrow(
      'ended with SIGTERM',
    );
  });

  it('names a program that is missing, and a folder that is', async () => {
    expect(await failureOf(runProcess('no-such-program', []))).toMatchObject({
      code: 'not_configured',
      message: 'no-such-program could not be started: spawn no-such-program ENOENT.',
    });
    const cwd = join(tmpdir(), newId());
    expect(String(await failureOf(run('', { cwd })))).toContain(cwd);
  });

  it('ends a program that takes too long and says for how long it was let', async () => {
    const error = await failureOf(run(FOR_EVER, { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'timed_out' });
    expect(String(error)).toContain('200 ms');
  });

  it('ends a program that says too much on either stream and names the limit', async () => {
    for (const stream of ['stdout', 'stderr']) {
      const script = `process.${stream}.write("x".repeat(1e6)); ${FOR_EVER}`;
      const error = await failureOf(run(script, { maxOutputBytes: 1000 }));
      expect(error).toMatchObject({ code: 'limit_reached' });
      expect(String(error)).toContain('more than 1000 bytes');
    }
  });

  it('ends a program that is no longer wanted, and starts none that never was', async () => {
    const controller = new AbortController();
    const ended = run(FOR_EVER, { signal: controller.signal });
    controller.abort(new Error('not wanted'));
    expect(await failureOf(ended)).toMatchObject({ code: 'cancelled', cause: new Error('not wanted') });
    expect(await failureOf(run('', { signal: controller.signal }))).toMatchObject({ code: 'cancelled' });
  });

  it('passes on the reason when that says already what happened', async () => {
    const reason = new AppError('timed_out', 'The run took too long.');
    expect(await failureOf(run(FOR_EVER, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('does not wait for what the program started and left behind', async () => {
    const file = join(tmpdir(), newId());
    const controller = new AbortController();
    const ended = failureOf(runProcess(process.execPath, [GRANDCHILD, file], { signal: controller.signal }));
    while (!existsSync(file)) await delay(20);
    const pid = Number(readFileSync(file, 'utf8'));
    rmSync(file);
    controller.abort();
    expect(await ended).toMatchObject({ code: 'cancelled' });
    expect(isProcessAlive(pid)).toBe(true);
    signalProcess(pid, 'SIGKILL');
    while (isProcessAlive(pid)) await delay(20);
  });

  it('ends what a wrapper has started together with it, when it is told so', async () => {
    const file = join(tmpdir(), newId());
    const controller = new AbortController();
    const wrapper = runProcess(process.execPath, [GRANDCHILD, file], { signal: controller.signal, endsGroup: true });
    const ended = failureOf(wrapper);
    while (!existsSync(file)) await delay(20);
    const pid = Number(readFileSync(file, 'utf8'));
    rmSync(file);
    controller.abort();
    expect(await ended).toMatchObject({ code: 'cancelled' });
    while (isProcessAlive(pid)) await delay(20);
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
