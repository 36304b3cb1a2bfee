import { describe, expect, it } from 'vitest';
import { planCampaign } from '../../prompts/plan-campaign.ts';
import { SUBSYSTEM_KEYS } from '../../src/orchestrator/index.ts';
import { promptText, toolsOf } from '../support/playbook-rules.ts';

describe('plan_campaign', () => {
  it('plans for the aim that is given, else for the first recommendation', async () => {
    expect(await promptText(planCampaign, { aim: 'no cycles in src/' })).toContain('\nno cycles in src/\n');
    expect(await promptText(planCampaign)).toContain('highest score');
  });

  it('asks whether campaigns are part of this version, and starts nothing', async () => {
    const text = await promptText(planCampaign);
    expect(SUBSYSTEM_KEYS).toContain('campaigns');
    expect(text).toContain('the subsystem `campaigns`: while it is unavailable, it is not part of this version');
    expect(text).toContain('Start nothing.');
  });

  it('names only tools that exist', async () => {
    expect(await toolsOf(planCampaign)).toEqual(
      expect.arrayContaining(['finding_recommend', 'graph_report', 'run_list', 'system_status']),
    );
  });
});
