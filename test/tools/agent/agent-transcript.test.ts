import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';
import { seedAgentTasks } from '../../support/seed-agent-tasks.ts';

describe('agent_transcript', () => {
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

  it('says where no model was asked, and where there is no such task', async () => {
    const { tasks } = await seedAgentTasks(app, {
      root: workspace.root,
      baseCommit: workspace.git('rev-parse', 'HEAD'),
    });
    const verified = tasks.find(({ state }) => state === 'verified');
    const unasked = await app.call('agent_transcript', { taskId: verified?.taskId });
    expect(unasked).toMatchObject({ isError: true });
    expect(unasked.text).toContain(`No attempt at task \`${verified?.taskId}\` has asked a model and ended.`);
    const nothing = await app.call('agent_transcript', { taskId: 'nothing' });
    expect(nothing.text).toContain('There is no task `nothing`');
  });
});
