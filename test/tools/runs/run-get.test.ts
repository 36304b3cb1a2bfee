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

  it('links to the rest of a log that is longer than what it shows', async () => {
    const started = await app.services.runs.start('drill', { operations: 50_000_000, chunks: 1, seed: 1, keep: false });
    const { runId } = started;
    await app.call('run_control', { runId, action: 'pause' });
    for (let turn = 0; turn < 21; turn += 1) {
      await app.call('run_control', { runId, action: 'prioritize', priority: 1 + (turn % 10) });
    }
    const { content, structuredContent } = await app.client.callTool({ name: 'run_get', arguments: { runId } });
    const uri = `run://${runId}/log`;
    expect(structuredContent).toMatchObject({ earlierLog: uri, log: { length: 20 } });
    const [text, link] = content;
    expect(text?.type === 'text' ? text.text : '').toContain(`earlier log lines: ${uri}`);
    expect(link).toMatchObject({ type: 'resource_link', uri, name: 'log', mimeType: 'text/plain' });
    const { contents } = await app.client.readResource({ uri });
    const [log] = contents;
    expect(log !== undefined && 'text' in log ? log.text.split('\n').length : 0).toBeGreaterThan(20);
    await app.call('run_control', { runId, action: 'cancel' });
  });

  it('says what to call when the run does not exist', async () => {
    const answer = await app.call('run_get', { runId: 'nothing' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('nothing');
    expect(answer.text).toContain('run_list');
  });
});
