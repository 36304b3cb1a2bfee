import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';
import { seedAgentTasks } from '../../support/seed-agent-tasks.ts';

const startedSchema = z.object({ run: z.object({ runId: z.string() }) });

describe('agent_submit_patch', { timeout: 240_000 }, () => {
  let workspace: HealWorkspace;
  let app: AppClient;
  let taskId = '';
  let baseCommit = '';

  beforeAll(async () => {
    workspace = createHealWorkspace();
    app = await openAppClient({ workspace: workspace.root, isIndexed: false });
    baseCommit = workspace.git('rev-parse', 'HEAD');
    const { tasks } = await seedAgentTasks(app, { root: workspace.root, baseCommit });
    taskId = tasks.find(({ state }) => state === 'open')?.taskId ?? '';
  });

  afterAll(async () => {
    await app.close();
    workspace.remove();
  });

  async function submit(edits: readonly object[], more: object = {}) {
    const answer = await app.call('agent_submit_patch', { taskId, baseCommit, edits, title: 'Mend it', ...more });
    expect(answer).toMatchObject({ isError: false });
    const run = await app.services.runs.waitFor(startedSchema.parse(answer.structured).run.runId);
    expect(run).toMatchObject({ status: 'completed' });
    return z.looseObject({ outcome: z.string(), evidence: z.string() }).parse(run.result);
  }

  it('refuses blocks that do not fit, and shows the lines as they are', async () => {
    const edits = [{ path: 'src/cart.js', search: 'return  prices.reduce((sum, price)', replace: 'x' }];
    const answer = await app.call('agent_submit_patch', { taskId, baseCommit, edits, title: 'Mend it' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('does not stand there');
    const out = await app.call('agent_submit_patch', {
      taskId,
      baseCommit,
      edits: [{ path: '../other.js', search: '', replace: 'x' }],
      title: 'Mend it',
    });
    expect(out.text).toContain('is no path within the workspace');
  });

  it('refuses a patch that touches what judges it, without running anything', async () => {
    const edits = [{ path: 'test/price.test.js', search: '120', replace: '121' }];
    const result = await submit(edits);
    expect(result.outcome).toBe('refused');
    expect(result.evidence).toContain('test/price.test.js');
  });

  it('finds a patch wanting that brings another error', async () => {
    const result = await submit([{ path: 'src/cart.js', search: 'groos(price, 0.2)', replace: 'grooos(price, 0.2)' }]);
    expect(result.outcome).toBe('failed');
  });

  it('verifies one that mends it, and puts it on a branch where that is asked for', async () => {
    const edits = [{ path: 'src/cart.js', search: 'groos(price, 0.2)', replace: 'gross(price, 0.2)' }];
    const result = await submit(edits, { mode: 'branch', explanation: 'The name is gross.' });
    expect(result.outcome).toBe('verified');
    expect(String(result['branch'])).toMatch(/^agent\//);
    expect(result.evidence).toContain('tsc');
    expect(workspace.git('status', '--porcelain')).toBe('');
    const { state, history } = await app.services.agent.getTask(taskId);
    expect({ state, patcher: history[0]?.patcher }).toEqual({ state: 'verified', patcher: 'client' });
  });
});
