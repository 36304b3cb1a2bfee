import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';

const startedSchema = z.object({ run: z.object({ runId: z.string() }) });

describe('agent_follow', () => {
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

  it('starts a run, which has nothing to follow where no pull request is open', async () => {
    const answer = await app.call('agent_follow');
    const run = await app.services.runs.waitFor(startedSchema.parse(answer.structured).run.runId);
    expect(run).toMatchObject({ status: 'completed', result: { followed: [] } });
  });

  it('refuses a folder that is no workspace', async () => {
    const answer = await app.call('agent_follow', { workspace: '/' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('workspaces.roots');
  });
});
