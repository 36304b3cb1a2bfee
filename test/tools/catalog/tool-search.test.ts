import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('tool_search', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient({ isIndexed: false });
  });

  afterAll(() => app.close());

  it('finds what is not listed, with its input when few match', async () => {
    const named = await app.call('tool_search', { query: 'note_delete' });
    expect(named.text).toMatch(/^note_delete \(notes, may destroy, safe to repeat\): Deletes one note for good/);
    expect(named.structured).toMatchObject({ total: 1, tools: [{ input: { required: ['noteId'] } }] });
    const few = await app.call('tool_search', { query: 'graphml scip' });
    expect(few.structured).toMatchObject({
      total: 1,
      tools: [{ name: 'graph_export', toolset: 'changes', listed: false, effect: 'writes', input: { type: 'object' } }],
    });
    expect(few.text).toContain('input: {"type":"object","properties":{');
    expect(few.text.split('\n').at(-1)).toBe('run one: tool_call {"tool":"name","arguments":{…}}');
  });

  it('shows all inputs when it is asked for detail, and none else', async () => {
    const concise = await app.call('tool_search', { toolset: 'findings' });
    expect(concise.text).not.toContain('input:');
    const full = await app.call('tool_search', { toolset: 'findings', detail: 'full' });
    expect(full.text.match(/ {2}input: \{/g)).toHaveLength(4);
  });

  it('says how many more there are, and what is listed', async () => {
    const answer = await app.call('tool_search', { limit: 2 });
    expect(answer.text).toMatch(/^system_status \(system, reads, safe to repeat, listed\): /);
    expect(answer.text).toMatch(/\n2 of \d+; more with a higher limit\n/);
  });

  it('says so when nothing matches, and refuses what is no query', async () => {
    expect(await app.call('tool_search', { query: 'weather' })).toMatchObject({
      isError: false,
      text: 'no tool matches; ask with other words, or with none for all tools',
    });
    const unknown = await app.call('tool_search', { toolset: 'note' });
    expect(unknown).toMatchObject({ isError: true });
    expect(unknown.text).toContain('did you mean "notes"?');
    expect((await app.call('tool_search', { query: 'x'.repeat(300) })).text).toContain('at most 200 characters');
  });
});
