import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { createHealWorkspace } from '../../support/heal-workspace.ts';
import type { HealWorkspace } from '../../support/heal-workspace.ts';
import { seedAgentTasks } from '../../support/seed-agent-tasks.ts';

describe('agent_next', () => {
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

  it('says how to begin where there is nothing to do', async () => {
    const answer = await app.call('agent_next');
    expect(answer.structured['packet']).toBeUndefined();
    expect(answer.text).toContain('call agent_heal with mode dry_run');
  });

  it('hands out the most urgent task with the code of its base commit', async () => {
    const baseCommit = workspace.git('rev-parse', 'HEAD');
    await seedAgentTasks(app, { root: workspace.root, baseCommit });
    workspace.write('src/cart.js', 'not committed\n');
    const answer = await app.call('agent_next');
    expect(answer.structured).toMatchObject({ baseCommit, packet: { rule: 'ts/2552', path: 'src/cart.js', line: 5 } });
    expect(answer.text).toContain('5 |   return prices.reduce((sum, price) => sum + groos(price, 0.2), 0);');
    expect(answer.text).not.toContain('not committed');
    expect(answer.text).toContain('edits: [{ path, search, replace }]');
  });

  it('names what was tried before', async () => {
    const { tasks } = await app.services.agent.listTasks({ limit: 50 });
    const failed = tasks.find(({ state }) => state === 'failed');
    const answer = await app.call('agent_next', { taskId: failed?.taskId });
    expect(answer.structured['considered']).toEqual(['fixer eslint: failed; Apply the fix; As seen.']);
  });

  it('shows no secret of the code, not even half of one', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'AbCdEf0123456789\n'.repeat(60)}-----END PRIVATE KEY-----`;
    workspace.write('src/cart.js', `// one\n// two\n// three\n// four\nconst key = \`${key}\`;\n`);
    workspace.commit('A key');
    const answer = await app.call('agent_next');
    expect(answer.text).toContain('// four');
    expect(answer.text).not.toContain('AbCdEf0123456789');
  });
});
