import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('run_get', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('returns state, progress, result and log of a run', async () => {
    const { runs } = await app.services.runs.list({ limit: 1 });
    const runId = runs[0]?.runId ?? '';
    const answer = await app.call('run_get', { runId });
    expect(answer.isError).toBe(false);
    expect(answer.text.split('\n')[0]).toContain(`${runId} graph_index completed`);
    expect(answer.structured).toMatchObject({
      run: { runId, kind: 'graph_index', status: 'completed', attempt: 1, result: { files: 3, typed: 3 } },
    });
  });

  it('says what to call when the run does not exist', async () => {
    const answer = await app.call('run_get', { runId: 'nothing' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('nothing');
    expect(answer.text).toContain('run_list');
  });
});
