import { describe, expect, it } from 'vitest';
import { healRepository } from '../../prompts/heal-repository.ts';
import { promptText, toolsOf } from '../support/playbook-rules.ts';

describe('heal_repository', () => {
  it('stays within the scope that is given, else takes the gravest first', async () => {
    expect(await promptText(healRepository, { scope: 'only src/core' })).toContain('\nonly src/core\n');
    expect(await promptText(healRepository)).toContain('gravest findings first');
  });

  it('leaves the checkout alone, and says what to do where the agent is not listed', async () => {
    const text = await promptText(healRepository);
    expect(text).toContain('It never changes the checkout.');
    expect(text).toContain('its toolset `agent` is not listed here');
    expect(text).toContain('Call system_status. A subsystem that it calls unavailable is not part of this version');
  });

  it('names only tools that exist, and what stands in for those that are not listed', async () => {
    expect(await toolsOf(healRepository)).toEqual(
      expect.arrayContaining([
        'finding_collect',
        'finding_list',
        'finding_recommend',
        'finding_update',
        'run_get',
        'agent_heal',
        'agent_task',
        'agent_next',
        'agent_submit_patch',
      ]),
    );
    expect(await promptText(healRepository)).toContain('use graph_report');
  });
});
