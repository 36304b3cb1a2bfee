import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../src/core/process/index.ts';
import { runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { TemporaryFolder } from '../support/master-process.ts';

const MANIFEST = `
services:
  web: { command: [${JSON.stringify(process.execPath)}, -e, "console.log('pid ' + process.pid); setInterval(() => {}, 1000)"] }
`;

describe('services of a master that is killed with -9', () => {
  let data: TemporaryFolder;
  let workspace = '';
  let where: string[] = [];

  beforeEach(() => {
    data = temporaryDataDir();
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'ld-services-')));
    where = ['--data-dir', data.path, '--workspace', workspace];
  });

  afterEach(async () => {
    await runLightdom(['stop', ...where]);
    data.remove();
    rmSync(workspace, { recursive: true, force: true });
  });

  it('live on, belong to the next master, and end with it', async () => {
    const path = join(workspace, 'manifest.yaml');
    writeFileSync(path, MANIFEST);
    const args = ['start', '--port', '0', '--set', `services.startup.manifest=${path}`, ...where];
    const victim = spawnLightdom(args, { LIGHTDOM_LOG_LEVEL: 'info' });
    await victim.until(() => victim.stdout().includes('Ctrl-C stops.'));
    const pid = Number(/started as process (\d+)/.exec(victim.stderr())?.[1]);
    expect(isProcessAlive(pid)).toBe(true);
    victim.child.kill('SIGKILL');
    expect(await victim.exited).toBe('SIGKILL');
    expect(isProcessAlive(pid)).toBe(true);

    // A master that lives for one command leaves them alone.
    expect((await runLightdom(['runs', 'list', ...where])).code).toBe(0);
    expect(isProcessAlive(pid)).toBe(true);

    const heir = spawnLightdom(args, { LIGHTDOM_LOG_LEVEL: 'info' });
    await heir.until(() => heir.stdout().includes('Ctrl-C stops.'));
    expect(heir.stdout()).toContain('web ready');
    expect(heir.stderr()).toContain('"reason":"adopted"');
    expect(isProcessAlive(pid)).toBe(true);
    heir.child.kill('SIGTERM');
    expect(await heir.exited).toBe(0);
    expect(isProcessAlive(pid)).toBe(false);
  }, 120_000);

  it('that take their time are killed when the master is told twice', async () => {
    const path = join(workspace, 'manifest.yaml');
    const stubborn = "process.on('SIGTERM', () => console.log('not yet')); setInterval(() => {}, 1000)";
    const command = JSON.stringify([process.execPath, '-e', stubborn]);
    writeFileSync(path, `services: { web: { command: ${command}, stop: { graceMs: 3600000 } } }`);
    const args = ['start', '--port', '0', '--set', `services.startup.manifest=${path}`, ...where];
    const master = spawnLightdom(args, { LIGHTDOM_LOG_LEVEL: 'info' });
    await master.until(() => master.stdout().includes('Ctrl-C stops.'));
    const pid = Number(/started as process (\d+)/.exec(master.stderr())?.[1]);
    master.child.kill('SIGINT');
    await master.until(() => master.stderr().includes('"from":"ready","to":"stopping"'));
    const again = setInterval(() => master.child.kill('SIGINT'), 200);
    await master.exited;
    clearInterval(again);
    expect(isProcessAlive(pid)).toBe(false);
  }, 120_000);
});
