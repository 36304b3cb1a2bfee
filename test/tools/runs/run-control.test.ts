import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('run_control', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('cancels a run that is under way; the graph that was there stays', async () => {
    const before = await app.services.graph.summary();
    const { runId } = await app.services.graph.startIndex({});
    const answer = await app.call('run_control', { runId, action: 'cancel', reason: 'not needed' });
    expect(answer).toMatchObject({ isError: false, structured: { run: { runId, status: 'cancelled' } } });
    const after = await app.services.graph.summary();
    expect(after.generation).toBe(before.generation);
    const again = await app.call('run_control', { runId, action: 'cancel' });
    expect(again).toMatchObject({ isError: false, structured: { run: { status: 'cancelled' } } });
  });

  it('refuses to cancel what has ended', async () => {
    const { runs } = await app.services.runs.list({ limit: 1, status: 'completed' });
    const answer = await app.call('run_control', { runId: runs[0]?.runId, action: 'cancel' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('completed');
  });
});
