import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess } from '../support/master-process.ts';
import { createServiceFolder } from '../support/service-folder.ts';

const listSchema = z.object({
  services: z.array(z.object({ name: z.string(), state: z.string(), isFixed: z.boolean() })),
});
const lineSchema = z.object({ service: z.string(), line: z.string() });

/** In one order, as a person would do it: each step needs the one before. */
describe('lightdom services and logs', () => {
  const data = temporaryDataDir();
  const folder = createServiceFolder();
  const where = ['--data-dir', data.path, '--workspace', folder.path];
  let master: LightdomProcess;

  afterAll(async () => {
    master.child.kill('SIGTERM');
    await master.exited;
    data.remove();
    folder.remove();
  });

  const services = (...args: readonly string[]): ReturnType<typeof runLightdom> =>
    runLightdom(['services', ...args, ...where]);

  it('explains its commands, and says without a master how to start one', async () => {
    const { stdout } = await runLightdom(['services', '--help']);
    for (const name of ['list', 'show', 'start', 'stop', 'restart', 'enable', 'disable', 'allow', 'check'])
      expect(stdout).toContain(`  ${name} [`);
    for (const args of [['list'], ['stop', 'talker'], ['show', 'talker']]) {
      const answer = await services(...args);
      expect(answer).toMatchObject({ code: 1, stdout: '' });
      expect(answer.stderr).toContain(`No master runs on ${data.path}`);
      expect(answer.stderr).toContain('lightdom start');
    }
  });

  it('checks a manifest and finds its mistakes without starting anything', async () => {
    const good = await services('check');
    expect(good).toMatchObject({ code: 0 });
    expect(good.stdout).toContain('has no mistakes: talker, reader, broken, off; it has not been allowed');
    const bad = join(folder.path, 'bad.yaml');
    writeFileSync(bad, 'services:\n  web:\n    command: true\n    restrat: always\n');
    const answer = await services('check', bad);
    expect(answer).toMatchObject({ code: 2, stdout: '' });
    expect(answer.stderr).toContain('bad.yaml:4');
    expect(await services('check', join(folder.path, 'none.yaml'))).toMatchObject({ code: 2, stdout: '' });
  });

  it('shows every command before it allows them', async () => {
    const { code, stdout } = await services('allow');
    expect(code).toBe(0);
    expect(stdout).toContain(`  command: ${process.execPath} talker.cjs talker\n  folder:  ${folder.path}\n`);
    expect(stdout.trimEnd()).toMatch(/\nallowed$/);
    expect(JSON.parse((await services('allow', '--json')).stdout)).toMatchObject({
      isAllowed: true,
      needsRestart: false,
    });
  });

  it('lists what runs, and shows one with its availability', async () => {
    master = spawnLightdom(['start', '--json', '--port', '0', ...where]);
    await master.until(() => master.stdout().endsWith('}\n'));
    const { stdout } = await services('list');
    expect(stdout).toMatch(/^SERVICE +STATE +FOR +RESTARTS +CPU +MEMORY +PID +WHY\n/);
    expect(stdout).toMatch(/^talker +ready +\d+ s/m);
    expect(stdout).toMatch(/^off +disabled +.* not needed here$/m);
    expect((await services('show', 'talker')).stdout).toMatch(/^talker ready .* available-hour=\d+\.\d\d %/);
    const { services: all } = listSchema.parse(JSON.parse((await services('--json')).stdout));
    expect(all.filter(({ isFixed }) => isFixed).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['database', 'api']),
    );
  });

  it('follows what a service writes over a restart of it, and ends cleanly at Ctrl-C', async () => {
    const following = spawnLightdom(['logs', 'talker', '-f', '--tail', '1', '--json', ...where]);
    await following.until(() => following.stdout() !== '');
    const before = following.stdout();
    expect((await services('restart', 'talker')).code).toBe(0);
    await following.until(() => following.stdout().slice(before.length).includes('"line":"hello from talker"'));
    following.child.kill('SIGINT');
    expect(await following.exited).toBe(0);
    const lines = following
      .stdout()
      .trimEnd()
      .split('\n')
      .map((text) => lineSchema.parse(JSON.parse(text)));
    expect(new Set(lines.map(({ service }) => service))).toEqual(new Set(['talker']));
    expect(lines.map(({ line }) => line)).toContain('bye');
    const all = await runLightdom(['logs', '--tail', '1000', ...where]);
    expect(all.stdout).toMatch(/^\S+Z talker bye$/m);
    expect(all.stdout).toMatch(/^\S+Z broken stderr: no luck$/m);
  });

  it('shows all at a glance, once where stdout is no terminal', async () => {
    const { code, stdout } = await runLightdom(['top', ...where]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^runs: .*; event loop lags by \d+ ms\n\nSERVICE /);
    expect(stdout).toMatch(/^talker +ready /m);
    expect(stdout).not.toContain('\u001B');
    const json: unknown = JSON.parse((await runLightdom(['top', '--once', '--json', ...where])).stdout);
    expect(json).toMatchObject({ numbers: { runs: {} } });
  });

  it('stops, disables and enables; what can not be moved is refused', async () => {
    expect((await services('stop', 'reader', '--reason', 'lunch')).stdout).toMatch(/^reader stopped .*: lunch\n$/);
    expect((await services('disable', 'talker', '--reason', 'noisy')).stdout).toMatch(/^talker disabled .*: noisy\n$/);
    expect(await services('start', 'talker')).toMatchObject({ code: 1, stdout: '' });
    expect((await services('enable', 'talker')).stdout).toMatch(/^talker starting /);
    const fixed = await services('stop', 'database');
    expect(fixed.stderr).toContain("it can't be moved alone");
    expect(await services('stop', 'nobody')).toMatchObject({ code: 1, stdout: '' });
    expect(await services('lst')).toMatchObject({ code: 2 });
  });
});
