import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';
import { seedAgentTasks } from '../../support/seed-agent-tasks.ts';

describe('agent_tasks', () => {
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

  it('says what to call where nothing was ever looked for', async () => {
    const answer = await app.call('agent_tasks');
    expect(answer.text).toContain('note: nothing was ever looked for here: call agent_heal');
  });

  it('lists the most urgent first, page by page', async () => {
    await seedAgentTasks(app, { root: workspace.root, baseCommit: workspace.git('rev-parse', 'HEAD') });
    const first = await app.call('agent_tasks', { limit: 2 });
    expect(first.structured).toMatchObject({
      total: 3,
      tasks: [
        { severity: 'high', state: 'open' },
        { severity: 'medium', state: 'verified', reason: 'As seen.' },
      ],
      counts: { open: 1, verified: 1, failed: 1 },
    });
    const rest = await app.call('agent_tasks', { limit: 2, cursor: first.structured['nextCursor'] });
    expect(rest.structured).toMatchObject({ tasks: [{ severity: 'low', state: 'failed' }] });
    expect(rest.structured['nextCursor']).toBeUndefined();
    const failed = await app.call('agent_tasks', { state: 'failed' });
    expect(failed.structured).toMatchObject({ total: 1, tasks: [{ rule: 'ts/9999' }] });
  });

  it('refuses a cursor of another question', async () => {
    const { structured } = await app.call('agent_tasks', { limit: 1 });
    const answer = await app.call('agent_tasks', { limit: 1, state: 'open', cursor: structured['nextCursor'] });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('cursor');
  });
});
