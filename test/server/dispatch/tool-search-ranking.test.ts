import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { ToolAccess } from '../../../src/server/dispatch/tool-access.ts';
import { createToolPolicy, DEFAULT_SETTINGS } from '../../../src/server/dispatch/tool-policy.ts';
import { createSurfaceListing } from '../../../src/server/mcp/surface-listing.ts';
import { refusalOf } from '../../support/refusal-of.ts';

const listing = createSurfaceListing(catalog);
const access = new ToolAccess(listing, createToolPolicy(catalog));
const namesFor = (words: string, limit = 3): string[] => access.search({ words, limit }).found.map(({ name }) => name);

describe('search of the real catalog', () => {
  test.each([
    ['rename a function', 'graph_rename'],
    ['impact of my git diff', 'graph_diff'],
    ['export the graph as mermaid', 'graph_export'],
    ['remember a decision', 'note_create'],
    ['delete old runs', 'run_prune'],
    ['worker processes', 'run_workers'],
    ['log lines of a run', 'run_log'],
    ['what should I do first', 'finding_recommend'],
    ['collect findings', 'finding_collect'],
    ['who calls this', 'graph_trace'],
    ['import cycles', 'graph_report'],
  ])('"%s" finds %s among the first three', (words, name) => {
    expect(namesFor(words)).toContain(name);
  });

  test('the name of a tool finds it alone, and the words of it find it, too', () => {
    for (const { tool } of listing.tools) {
      expect(namesFor(tool.name)).toEqual([tool.name]);
      expect(namesFor(tool.name.replaceAll('_', ' ').toUpperCase())).toContain(tool.name);
    }
  });

  test('no words are all tools in the order of the list, by toolset if wanted', () => {
    const all = access.search({ words: ' ', limit: 100 });
    expect(all.found.map(({ name }) => name)).toEqual(listing.tools.map(({ tool }) => tool.name));
    const notes = access.search({ words: '', toolset: 'notes', limit: 2 });
    expect(notes.found.map(({ name, isListed }) => [name, isListed])).toEqual([
      ['note_create', false],
      ['note_query', false],
    ]);
    expect(notes.total).toBe(3);
  });

  test('words that no tool has find none, and an unknown toolset is named', () => {
    expect(access.search({ words: 'weather in Vienna', limit: 5 })).toEqual({ found: [], total: 0 });
    expect(refusalOf(() => access.search({ words: '', toolset: 'note', limit: 5 }))).toMatchObject({
      code: 'not_found',
      message: 'There is no toolset named "note" (did you mean "notes"?).',
    });
  });

  test('what the policy denies is not found', () => {
    const policy = createToolPolicy(catalog, { ...DEFAULT_SETTINGS, readOnly: true, excludeTools: ['note_query'] });
    const found = new ToolAccess(listing, policy).search({ words: '', limit: 100 }).found.map(({ name }) => name);
    expect(found).not.toEqual(expect.arrayContaining(['note_create']));
    expect(found.filter((name) => name.startsWith('note_'))).toEqual([]);
  });
});
