import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { startJoinedDatabase } from '../support/joined-database.ts';
import type { JoinedDatabase } from '../support/joined-database.ts';
import { runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess } from '../support/master-process.ts';

const workerSchema = z.object({ executorId: z.string(), pid: z.number() });
const runSchema = z.object({ runId: z.string(), status: z.string(), result: z.unknown().optional() });

const processes: LightdomProcess[] = [];

/** Ends the latest first: a master outlives the workers that joined it. */
async function endAll(): Promise<void> {
  for (const { child, exited } of processes.splice(0).toReversed()) {
    child.kill('SIGTERM');
    await exited;
  }
}

async function startMaster(where: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const master = spawnLightdom(['start', '--json', '--port', '0', ...where], env);
  processes.push(master);
  await master.until(() => master.stdout().endsWith('}\n'));
}

async function startWorker(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ executorId: string; lightdom: LightdomProcess }> {
  const lightdom = spawnLightdom(['worker', '--json', ...args], env);
  processes.push(lightdom);
  await lightdom.until(() => lightdom.stdout().endsWith('}\n'));
  return { executorId: workerSchema.parse(JSON.parse(lightdom.stdout())).executorId, lightdom };
}

describe('workers that join a database', () => {
  const data = temporaryDataDir();
  const elsewhere = temporaryDataDir();
  const where = ['--data-dir', data.path, '--workspace', SHOP];
  let database: JoinedDatabase;
  let env: Record<string, string> = {};

  beforeAll(async () => {
    database = await startJoinedDatabase();
    env = { DATABASE_URL: database.url };
    await startMaster(where, env);
  });

  afterAll(async () => {
    await endAll();
    await database.close();
    data.remove();
    elsewhere.remove();
  });

  const drill = async (operations: number, more: readonly string[] = []): Promise<z.infer<typeof runSchema>> => {
    const args = ['runs', 'drill', '--operations', String(operations), '--chunks', '16', '--keep', '--json', ...more];
    const { code, stdout, stderr } = await runLightdom([...args, ...where]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return runSchema.parse(JSON.parse(stdout));
  };

  it('share the parts of one drill; each row is stored once', async () => {
    const joined = ['--data-dir', elsewhere.path];
    const one = await startWorker(joined, env);
    const other = await startWorker(joined, env);
    expect(one.executorId).not.toBe(other.executorId);
    const run = await drill(1_000_000, ['--wait']);
    expect(run).toMatchObject({ status: 'completed', result: { rows: 1_000_000, distinct: 1_000_000 } });
    expect(await database.drillRows(run.runId)).toEqual({ rows: 1_000_000, distinct: 1_000_000 });
    const executors = new Set((await database.partsOf(run.runId)).map((part) => part.executor));
    expect(executors).toContain(one.executorId);
    expect(executors).toContain(other.executorId);
    const listed = await runLightdom(['runs', 'workers', ...where]);
    expect(listed.stdout.trim().split('\n')).toHaveLength(3);
  }, 120_000);

  it('end at SIGTERM with 0, and what they were executing goes on elsewhere', async () => {
    const { executorId, lightdom } = await startWorker(['--data-dir', elsewhere.path], env);
    const { runId } = await drill(4_000_000);
    const isBusy = async (): Promise<boolean> => {
      const parts = await database.partsOf(runId);
      return parts.some(({ executor, status }) => executor === executorId && status === 'running');
    };
    await expect.poll(isBusy, { timeout: 30_000, interval: 20 }).toBe(true);
    lightdom.child.kill('SIGTERM');
    expect(await lightdom.exited).toBe(0);
    expect(lightdom.stderr()).toContain(`worker ${executorId} stopped`);
    const watched = await runLightdom(['runs', 'watch', runId, '--json', ...where]);
    expect(watched.code).toBe(0);
    expect(await database.drillRows(runId)).toEqual({ rows: 4_000_000, distinct: 4_000_000 });
    const parts = await database.partsOf(runId);
    expect(parts.some(({ attempt }) => attempt > 1)).toBe(true);
  }, 120_000);
});

describe('lightdom worker without DATABASE_URL', () => {
  const data = temporaryDataDir();
  const where = ['--data-dir', data.path, '--workspace', SHOP];

  afterEach(endAll);
  afterAll(() => data.remove());

  it('joins the server of the master that runs on the data folder', async () => {
    await startMaster(where);
    const { executorId } = await startWorker(where);
    const { stdout } = await runLightdom(['runs', 'workers', '--json', ...where]);
    const { workers } = z.object({ workers: z.array(workerSchema) }).parse(JSON.parse(stdout));
    expect(workers.map((worker) => worker.executorId)).toContain(executorId);
    // Nobody but the own workers of a master have its files.
    expect(workers).toHaveLength(2);
  }, 60_000);

  it('ends with 3 where no master runs, and says what to do', async () => {
    const { code, stdout, stderr } = await runLightdom(['worker', '--data-dir', data.path]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`no master runs on ${data.path}`);
    expect(stderr).toContain('lightdom start');
    const unknown = await runLightdom(['worker', '--queues', 'fast', '--data-dir', data.path], {
      DATABASE_URL: 'postgresql://127.0.0.1:1/none',
    });
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Queues: runs, batches.');
  });
});
