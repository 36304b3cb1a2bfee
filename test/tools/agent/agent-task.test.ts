import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';
import { seedAgentTasks } from '../../support/seed-agent-tasks.ts';

describe('agent_task', () => {
  let workspace: HealWorkspace;
  let app: AppClient;

  beforeAll(async () => {
    workspace = createHealWorkspace();
    app = await openAppClient({ workspace: workspace.root, isIndexed: false });
  });

  afterAll(async () => {
    await app.close();
    workspace.remove();
  });

  it('shows a task with its attempts', async () => {
    const baseCommit = workspace.git('rev-parse', 'HEAD');
    const { tasks } = await seedAgentTasks(app, { root: workspace.root, baseCommit });
    const verified = tasks.find(({ state }) => state === 'verified');
    const answer = await app.call('agent_task', { taskId: verified?.taskId });
    expect(answer.structured).toMatchObject({
      state: 'verified',
      workspace: workspace.root,
      history: [{ number: 1, patcher: 'fixer', fixer: 'eslint', outcome: 'verified', baseCommit, seed: 7 }],
      pullRequests: [],
    });
    expect(answer.text).toContain('attempt 1 by fixer eslint: verified, Apply the fix');
  });

  it('says where tasks are found when there is none of that name', async () => {
    const answer = await app.call('agent_task', { taskId: 'nothing' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('There is no task `nothing`');
    expect(answer.text).toContain('agent_tasks');
  });
});
