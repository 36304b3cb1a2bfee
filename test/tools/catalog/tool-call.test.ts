import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('tool_call', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('runs a tool that is not listed, and answers as it does', async () => {
    const note = await app.call('tool_call', {
      tool: 'note_create',
      arguments: { symbol: 'roundCents', text: 'half up' },
    });
    expect(note).toMatchObject({ isError: false, structured: { note: { text: 'half up' } } });
    const args = { symbol: 'roundCents' };
    const through = await app.call('tool_call', { tool: 'note_query', arguments: args });
    expect(through).toEqual(await app.call('note_query', args));
  });

  it('starts runs that can be followed', async () => {
    const answer = await app.call('tool_call', { tool: 'run_drill', arguments: { operations: 10, chunks: 1 } });
    const runId = /next: run_get \{"runId":"([0-9a-f]{32})"\}$/.exec(answer.text)?.[1] ?? '';
    await app.services.runs.waitFor(runId);
    expect((await app.call('tool_call', { tool: 'run_get', arguments: { runId } })).text).toContain('completed');
  });

  it('refuses as the tool does', async () => {
    const args = { symbol: 'roundCents', limit: 0 };
    const through = await app.call('tool_call', { tool: 'note_query', arguments: args });
    expect(through.isError).toBe(true);
    expect(through).toEqual(await app.call('note_query', args));
    const unknown = await app.call('tool_call', { tool: 'note_make' });
    expect(unknown).toMatchObject({ isError: true });
    expect(unknown.text).toContain('There is no tool named "note_make"');
  });
});
