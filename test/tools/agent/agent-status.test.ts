import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';
import { seedAgentTasks } from '../../support/seed-agent-tasks.ts';

describe('agent_status', () => {
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

  it('says what is not configured, and that nothing was learned yet', async () => {
    const answer = await app.call('agent_status');
    expect(answer.structured).toMatchObject({ isAutonomous: false, mode: 'dry_run', approval: 'required', tokens: 0 });
    expect(answer.text).toContain('no model is configured');
    expect(answer.text).toContain('no GitHub repository');
    expect(answer.text).toContain('No outcome is known yet');
  });

  it('counts tasks and attempts, and shows what was learned beside its baseline', async () => {
    await seedAgentTasks(app, { root: workspace.root, baseCommit: workspace.git('rev-parse', 'HEAD') });
    const answer = await app.call('agent_status');
    expect(answer.structured).toMatchObject({
      tasks: { open: 1, verified: 1, failed: 1 },
      attempts: { verified: 1, failed: 1 },
      fixability: { outcomes: 2 },
    });
    expect(answer.text).toContain('n = 2');
  });

  it('refuses a folder that is no workspace', async () => {
    const answer = await app.call('agent_status', { workspace: '/' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('workspaces.roots');
  });
});
