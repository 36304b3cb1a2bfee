import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';

const startedSchema = z.object({ run: z.object({ runId: z.string() }) });
const resultSchema = z.object({
  report: z.string(),
  tried: z.array(z.object({ rule: z.string(), outcome: z.string(), branch: z.string().optional() })),
});

// Compilers, linters and tests are run for each fix, before and after.
describe('agent_heal', { timeout: 240_000 }, () => {
  let workspace: HealWorkspace;
  let app: AppClient;

  beforeAll(async () => {
    workspace = createHealWorkspace();
    app = await openAppClient({ workspace: workspace.root });
  });

  afterAll(async () => {
    await app.close();
    workspace.remove();
  });

  async function heal(input: Record<string, unknown>): Promise<z.infer<typeof resultSchema>> {
    const started = await app.call('agent_heal', input);
    expect(started).toMatchObject({ isError: false });
    const { runId } = startedSchema.parse(started.structured).run;
    const run = await app.services.runs.waitFor(runId);
    expect(run).toMatchObject({ status: 'completed' });
    return resultSchema.parse(run.result);
  }

  it('shows what it would mend, with evidence, and leaves the repository as it is', async () => {
    const before = workspace.git('for-each-ref');
    const { tried, report } = await heal({});
    expect(tried.map(({ rule, outcome }) => `${rule} ${outcome}`).toSorted()).toEqual([
      'eslint/prefer-const verified',
      'ts/2552 verified',
    ]);
    expect(report).toContain('3 open findings, 2 tried, 2 verified');
    expect(report).toContain('left: 1 not grave enough');
    expect(report).toMatch(/\d+ of \d+ mutants killed/);
    expect(workspace.git('for-each-ref')).toBe(before);
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('puts each verified fix on a branch of its own, and nothing else', async () => {
    const { tried } = await heal({ mode: 'branch', scope: 'src/price.js' });
    const [{ branch = '' } = {}] = tried;
    expect(branch).toMatch(/^agent\/[0-9a-f]{12}$/);
    expect(workspace.git('diff', '--unified=0', 'main', branch, '--')).toContain('+  const tax = net * rate;');
    expect(workspace.git('diff', '--name-only', 'main', branch, '--')).toBe('src/price.js');
    expect(workspace.git('branch', '--format=%(refname:short)').split('\n').toSorted()).toEqual([branch, 'main']);
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('says that a run is at work already, and refuses what is no mode', async () => {
    const first = await app.call('agent_heal', { maxTasks: 1 });
    const second = await app.call('agent_heal', {});
    expect(second).toMatchObject({ isError: true });
    expect(second.text).toContain('is being healed already');
    await app.services.runs.waitFor(startedSchema.parse(first.structured).run.runId);
    const wrong = await app.call('agent_heal', { mode: 'push' });
    expect(wrong).toMatchObject({ isError: true });
    expect(wrong.text).toContain('mode');
  });

  it('stops at once when its run is cancelled', async () => {
    const started = await app.call('agent_heal', {});
    const { runId } = startedSchema.parse(started.structured).run;
    await app.services.runs.control(runId, { action: 'cancel' }, {});
    const run = await app.services.runs.waitFor(runId);
    expect(run.status).toBe('cancelled');
    const { counts } = await app.services.agent.listTasks({ limit: 50 });
    const again = await app.services.agent.startHeal({ mode: 'dry_run', maxTasks: 1, minSeverity: 'medium' });
    await app.services.runs.waitFor(again.runId);
    expect((await app.services.agent.listTasks({ limit: 50 })).counts.working).toBe(0);
    expect(counts).toBeDefined();
  });
});
