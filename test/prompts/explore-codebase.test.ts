import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { exploreCodebase } from '../../prompts/explore-codebase.ts';

describe('explore_codebase', () => {
  it('puts the question into the playbook, and asks for an overview without one', () => {
    expect(exploreCodebase.get({ question: 'Who parses the config?' })).toContain('Who parses the config?');
    expect(exploreCodebase.get({})).toContain('main parts');
  });

  it('names only tools that exist', () => {
    const tools = new Set(catalog.toolsets.flatMap((entry) => entry.tools.map((tool) => tool.name)));
    const named = exploreCodebase.get({}).match(/\b(?:graph|run|system)_[a-z_]+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(tools).toContain(name);
  });
});
