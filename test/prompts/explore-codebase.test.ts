import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { LOCAL_CALLER } from '../../src/surface/index.ts';
import { exploreCodebase } from '../../prompts/explore-codebase.ts';

async function textOf(args: Record<string, string>): Promise<string> {
  const messages = await exploreCodebase.get(args, { caller: LOCAL_CALLER, ask: () => Promise.resolve({}) });
  return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
}

describe('explore_codebase', () => {
  it('puts the question into the playbook, and asks for an overview without one', async () => {
    expect(await textOf({ question: 'Who parses the config?' })).toContain('Who parses the config?');
    expect(await textOf({})).toContain('main parts');
  });

  it('names only tools that exist', async () => {
    const tools = new Set(catalog.toolsets.flatMap((entry) => entry.tools.map((tool) => tool.name)));
    const named = (await textOf({})).match(/\b(?:graph|run|system)_[a-z_]+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(tools).toContain(name);
  });
});
