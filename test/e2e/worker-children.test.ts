import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { isAlive, runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess, TemporaryFolder } from '../support/master-process.ts';

const OPERATIONS = 800_000;
const workersSchema = z.object({ workers: z.array(z.object({ pid: z.number(), silentMs: z.number() })) });
const runSchema = z.object({ runId: z.string(), status: z.string(), attempt: z.number(), result: z.unknown() });
const shownSchema = z.object({ run: z.object({ progress: z.object({ done: z.number() }) }) });

describe('the worker process of a master', () => {
  let data: TemporaryFolder;
  let where: string[] = [];
  let master: LightdomProcess;

  beforeEach(async () => {
    data = temporaryDataDir();
    where = ['--data-dir', data.path, '--workspace', SHOP];
    master = await startMaster();
  });

  afterEach(async () => {
    master.child.kill('SIGTERM');
    await master.exited;
    data.remove();
  });

  const startMaster = async (): Promise<LightdomProcess> => {
    const started = spawnLightdom(['start', '--json', '--port', '0', ...where]);
    await started.until(() => started.stdout().endsWith('}\n'));
    return started;
  };

  const json = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout, stderr } = await runLightdom([...args, '--json', ...where]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  };

  const workerPids = async (): Promise<readonly number[]> =>
    workersSchema.parse(await json('runs', 'workers')).workers.map(({ pid }) => pid);

  const oneWorker = async (): Promise<number> => {
    await expect.poll(workerPids, { timeout: 30_000, interval: 250 }).toHaveLength(1);
    return (await workerPids())[0] ?? 0;
  };

  /** Returns once rows are stored. */
  const startDrill = async (): Promise<string> => {
    const { runId } = runSchema
      .partial({ result: true })
      .parse(await json('runs', 'drill', '--operations', String(OPERATIONS), '--chunks', '8'));
    const done = async (): Promise<number> => shownSchema.parse(await json('runs', 'show', runId)).run.progress.done;
    await expect.poll(done, { timeout: 30_000, interval: 100 }).toBeGreaterThan(0);
    return runId;
  };

  it('is started again when it is killed, and the run completes', async () => {
    const pid = await oneWorker();
    const runId = await startDrill();
    process.kill(pid, 'SIGKILL');
    const { code, stdout } = await runLightdom(['runs', 'watch', runId, '--json', ...where]);
    expect(code).toBe(0);
    const run = runSchema.parse(JSON.parse(stdout));
    expect(run).toMatchObject({ status: 'completed', result: { rows: OPERATIONS, distinct: OPERATIONS } });
    expect(run.attempt).toBeGreaterThan(1);
    expect(await oneWorker()).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
  }, 120_000);

  it('ends by itself when its master is killed; the next start resumes the run', async () => {
    const pid = await oneWorker();
    const runId = await startDrill();
    master.child.kill('SIGKILL');
    expect(await master.exited).toBe('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
    master = await startMaster();
    const { code, stdout } = await runLightdom(['runs', 'watch', runId, '--json', ...where]);
    expect(code).toBe(0);
    expect(runSchema.parse(JSON.parse(stdout))).toMatchObject({
      status: 'completed',
      result: { rows: OPERATIONS, distinct: OPERATIONS },
    });
  }, 120_000);

  it('ends with its master', async () => {
    const pid = await oneWorker();
    master.child.kill('SIGTERM');
    expect(await master.exited).toBe(0);
    expect(isAlive(pid)).toBe(false);
  }, 60_000);
});
