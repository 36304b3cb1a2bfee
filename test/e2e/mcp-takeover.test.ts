import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { isProcessAlive } from '../../src/core/process/index.ts';
import { SHOP } from '../support/app-client.ts';
import { spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import { openMcpProcess } from '../support/mcp-process.ts';
import { createSourcesWorkspace } from '../support/sources-workspace.ts';
import type { LightdomProcess, TemporaryFolder } from '../support/master-process.ts';
import type { McpProcess } from '../support/mcp-process.ts';

const runSchema = z.object({
  run: z.object({
    runId: z.string(),
    status: z.string(),
    attempt: z.number(),
    progress: z.object({ done: z.number() }),
  }),
});
type SeenRun = z.infer<typeof runSchema>['run'];

describe('lightdom mcp on a data folder whose owner goes', () => {
  let data: TemporaryFolder;
  let processes: McpProcess[] = [];
  let master: LightdomProcess | undefined;

  beforeEach(() => {
    data = temporaryDataDir();
    processes = [];
  });

  afterEach(async () => {
    // At the same moment: one that ends after the others would take over from each of them first.
    master?.child.kill('SIGTERM');
    await Promise.all([master?.exited, ...processes.map((entry) => entry.close())]);
    master = undefined;
    data.remove();
  });

  const open = async (workspace: string): Promise<McpProcess> => {
    const opened = await openMcpProcess(['--data-dir', data.path, '--workspace', workspace]);
    processes.push(opened);
    await opened.call('system_status');
    return opened;
  };
  const ownerPid = (): number => pidIn(join(data.path, 'master.json'));
  const postmasterPid = (): number =>
    Number.parseInt(readFileSync(join(data.path, 'postgres/data/postmaster.pid'), 'utf8'), 10);

  const untilRun = async (
    through: McpProcess,
    runId: string,
    isWanted: (run: SeenRun) => boolean,
  ): Promise<SeenRun> => {
    for (;;) {
      const { run } = runSchema.parse(await through.call('run_get', { runId }));
      if (isWanted(run)) return run;
      if (['failed', 'cancelled', 'completed'].includes(run.status)) throw new Error(JSON.stringify(run));
    }
  };

  it('takes over from one that is killed, and its durable run goes on', async () => {
    const workspace = createSourcesWorkspace();
    onTestFinished(() => workspace.remove());
    const first = await open(workspace.root);
    const second = await open(workspace.root);
    expect(ownerPid()).toBe(first.pid);
    expect(second.lightdom.stderr()).toMatch(new RegExp(`"pid":${first.pid},.*attached to the master`));
    const started = runSchema.parse(await second.call('graph_index'));
    const { runId } = started.run;
    await untilRun(second, runId, ({ status, progress }) => status === 'running' && progress.done > 0);

    first.lightdom.child.kill('SIGKILL');
    const resumed = await untilRun(second, runId, ({ status }) => status === 'completed');
    expect(await first.lightdom.exited).toBe('SIGKILL');
    expect(resumed.attempt).toBeGreaterThanOrEqual(2);
    expect(ownerPid()).toBe(second.pid);
    expect(second.lightdom.stderr()).toContain('the master is gone');
    expect(second.lightdom.stderr()).toContain('this process is the master');
    const found = await second.call('graph_search', { query: 'GraphViews' });
    expect(JSON.stringify(found)).toContain('src/graph/graph-views.ts');

    const third = await open(workspace.root);
    expect(third.lightdom.stderr()).toMatch(new RegExp(`"pid":${second.pid},.*attached to the master`));
    expect(runSchema.parse(await third.call('run_get', { runId })).run.status).toBe('completed');
    expect(await third.close()).toBe(0);
    const postmaster = postmasterPid();
    expect(await second.close()).toBe(0);
    expect(existsSync(join(data.path, 'master.json'))).toBe(false);
    await expect.poll(() => isProcessAlive(postmaster)).toBe(false);
    for (const { lightdom } of processes) expectJsonLines(lightdom.stdout());
  }, 180_000);

  it('leaves the folder to exactly one of those that are left', async () => {
    const first = await open(SHOP);
    const others = await Promise.all([open(SHOP), open(SHOP)]);
    first.lightdom.child.kill('SIGKILL');
    // Whoever takes over answers as soon as it can; its workers may still be on their way.
    for (const { status } of await Promise.all(others.map((other) => other.call('system_status')))) {
      expect(['starting', 'running']).toContain(status);
    }
    const owner = others.find(({ pid }) => pid === ownerPid());
    const attached = others.find(({ pid }) => pid !== ownerPid());
    expect(owner?.lightdom.stderr()).toContain('this process is the master');
    expect(attached?.lightdom.stderr()).toMatch(new RegExp(`"pid":${owner?.pid},.*attached to the master`));
    expect(attached?.lightdom.stderr()).not.toContain('this process is the master');
  }, 120_000);

  it('takes over from one that is stopped, without a call that fails meanwhile', async () => {
    const started = spawnLightdom(['start', '--json', '--port', '0', '--data-dir', data.path, '--workspace', SHOP]);
    master = started;
    await started.until(() => started.stdout().endsWith('}\n'));
    const heir = await open(SHOP);
    started.child.kill('SIGTERM');
    while (ownerPid() !== heir.pid) await heir.call('run_list');
    expect(await started.exited).toBe(0);
  }, 120_000);

  it('leaves no master behind when it is to end in the middle of a takeover', async () => {
    const first = await open(SHOP);
    const second = await open(SHOP);
    const postmaster = postmasterPid();
    first.lightdom.child.kill('SIGKILL');
    await second.lightdom.until(() => second.lightdom.stderr().includes('the master is gone'));
    expect(await second.close()).toBe(0);
    expect(second.lightdom.stderr()).not.toContain('"level":50');
    expect(existsSync(join(data.path, 'master.json'))).toBe(false);
    await expect.poll(() => isProcessAlive(postmaster)).toBe(false);
  }, 120_000);
});

/** 0 while nobody owns the folder. */
function pidIn(file: string): number {
  try {
    return z.object({ pid: z.number() }).parse(JSON.parse(readFileSync(file, 'utf8'))).pid;
  } catch {
    return 0;
  }
}

function expectJsonLines(stdout: string): void {
  for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
}
