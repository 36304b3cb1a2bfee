import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { emptyDataDir, isAlive, runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess, TemporaryFolder } from '../support/master-process.ts';

const statusSchema = z.object({
  url: z.string(),
  status: z.literal('running'),
  graph: z.object({ state: z.literal('ready'), files: z.number(), generation: z.number() }),
  phases: z.array(z.object({ phase: z.number(), outcome: z.string() })),
});

describe('lightdom start', () => {
  let data: TemporaryFolder;
  let master: LightdomProcess | undefined;

  beforeEach(() => {
    data = temporaryDataDir();
  });

  afterEach(async () => {
    if (master?.child.exitCode === null) {
      master.child.kill('SIGTERM');
      await master.exited;
    }
    data.remove();
  });

  const start = async (): Promise<z.infer<typeof statusSchema>> => {
    const args = ['start', '--full', '--json', '--workspace', SHOP, '--data-dir', data.path, '--port', '0'];
    const started = spawnLightdom(args);
    master = started;
    await started.until(() => started.stdout().endsWith('}\n'));
    return statusSchema.parse(JSON.parse(started.stdout()));
  };

  const stop = async (): Promise<number | string> => {
    master?.child.kill('SIGINT');
    return master?.exited ?? 'never started';
  };

  it('brings everything up, serves it, and leaves nothing behind at Ctrl-C', async () => {
    data.remove();
    data = emptyDataDir();
    const { url, graph, phases } = await start();
    expect(graph.files).toBe(3);
    expect(master?.stderr()).toContain('in mode development on ');
    expect(master?.stderr()).toMatch(/phase 1 Core services: done in \d+ ms – /);
    expect(master?.stderr()).toMatch(/started in \d+ ms: Core services \d+ ms, Index codebase \d+ ms/);
    expect(phases.map(({ phase, outcome }) => `${phase} ${outcome}`).slice(0, 2)).toEqual(['1 done', '2 done']);
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ alive: true });
    expect((await fetch(`${url}/mcp`, { method: 'POST', body: '{}' })).status).toBe(401);
    const postmaster = Number(
      readFileSync(join(data.path, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    expect(isAlive(postmaster)).toBe(true);
    expect(await stop()).toBe(0);
    // Dead, it stays in the process table until the system has taken note.
    await expect.poll(() => isAlive(postmaster)).toBe(false);
    expect(existsSync(join(data.path, 'master.json'))).toBe(false);
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
  });

  it('is found by the other commands, which use it rather than a master of their own', async () => {
    await start();
    const where = ['--data-dir', data.path, '--workspace', SHOP];
    const status = await runLightdom(['status', ...where]);
    expect(status.stdout).toContain('system running');
    const call = await runLightdom(['call', 'graph_trace', '{"symbol":"withTax","direction":"callers"}', ...where]);
    expect(call.stdout).toContain('Cart.total');
    const second = await runLightdom(['start', ...where, '--port', '0']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('A master already runs');
    const stopped = await runLightdom(['stop', ...where]);
    expect(stopped.stdout).toContain('stopped');
    expect(await master?.exited).toBe(0);
    expect((await runLightdom(['status', ...where])).stdout).toContain('no master runs');
  });

  it('has the graph of the former start at once', async () => {
    const first = await start();
    await stop();
    const where = ['--data-dir', data.path, '--workspace', SHOP];
    const again = await runLightdom(['call', 'graph_search', '{"query":"Cart"}', '--json', ...where]);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('src/cart.ts');
    const second = await start();
    expect(second.graph.generation).toBeGreaterThan(first.graph.generation);
    await stop();
  });
});
