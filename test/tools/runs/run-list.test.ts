import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('run_list', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
    const second = await app.services.graph.startIndex({});
    await app.services.runs.waitFor(second.runId);
  });

  afterAll(() => app.close());

  it('lists runs newest first, page by page, each once', async () => {
    const first = await app.call('run_list', { limit: 1 });
    const cursor = first.structured['nextCursor'];
    expect(typeof cursor).toBe('string');
    const second = await app.call('run_list', { limit: 1, cursor });
    const lines = [first, second].map((page) => page.text.split('\n')[0]);
    expect(new Set(lines).size).toBe(2);
    for (const line of lines) expect(line).toMatch(/^[0-9a-f]{32} graph_index completed/);
    expect(second.structured['nextCursor']).toBeUndefined();
  });

  it('narrows by state and says when there is nothing', async () => {
    const answer = await app.call('run_list', { status: 'failed' });
    expect(answer).toMatchObject({ isError: false, text: 'no runs' });
  });

  it('names the states that exist when asked for another', async () => {
    const answer = await app.call('run_list', { status: 'lost' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('waiting_approval');
  });

  it('refuses a cursor that it did not give', async () => {
    const answer = await app.call('run_list', { cursor: 'bm9uc2Vuc2U' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('cursor');
  });
});
