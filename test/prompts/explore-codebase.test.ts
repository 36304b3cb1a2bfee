import { describe, expect, it } from 'vitest';
import { exploreCodebase } from '../../prompts/explore-codebase.ts';
import { promptText, toolsOf } from '../support/playbook-rules.ts';

describe('explore_codebase', () => {
  it('puts the question into the playbook, and asks for an overview without one', async () => {
    expect(await promptText(exploreCodebase, { question: 'Who parses the config?' })).toContain(
      'Who parses the config?',
    );
    expect(await promptText(exploreCodebase)).toContain('main parts');
  });

  it('names only tools that exist', async () => {
    expect(await toolsOf(exploreCodebase)).toEqual([
      'graph_context',
      'graph_index',
      'graph_search',
      'graph_symbol',
      'graph_trace',
      'run_get',
      'system_status',
    ]);
  });

  it('is a skill of the same steps', async () => {
    const { name, description, text = '' } = exploreCodebase.skill ?? {};
    expect(name).toBe('explore-codebase');
    expect(description).toMatch(/ Use it to find out how code works/);
    expect(text.split('---\n')[2]?.trim()).toBe(`# Explore a codebase\n\n${await promptText(exploreCodebase)}`);
  });
});
