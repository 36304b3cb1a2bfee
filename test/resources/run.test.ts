import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('run://{runId}', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('reads one run as JSON', async () => {
    const { runs } = await app.services.runs.list({ limit: 1 });
    const uri = `run://${runs[0]?.runId ?? ''}`;
    const { contents } = await app.client.readResource({ uri });
    expect(contents[0]).toMatchObject({ uri, mimeType: 'application/json' });
    expect(JSON.stringify(contents[0])).toContain('completed');
  });

  it('fails for a run that does not exist', async () => {
    await expect(app.client.readResource({ uri: 'run://nothing' })).rejects.toThrow('nothing');
  });

  it('is completed by the beginning of its id, the newest first', async () => {
    const { runs } = await app.services.runs.list({ limit: 1 });
    const runId = runs[0]?.runId ?? '';
    const complete = async (uri: string, value: string) =>
      (await app.client.complete({ ref: { type: 'ref/resource', uri }, argument: { name: 'runId', value } }))
        .completion;
    for (const uri of ['run://{runId}', 'run://{runId}/log']) {
      expect((await complete(uri, '')).values[0]).toBe(runId);
      expect(await complete(uri, runId.slice(0, 8))).toEqual({ values: [runId], total: 1, hasMore: false });
      expect(await complete(uri, '%')).toEqual({ values: [], total: 0, hasMore: false });
    }
  });

  it('is said to have changed while it runs, and its log with it', async () => {
    const { runId } = await app.services.runs.start('drill', { operations: 1_000, chunks: 1, seed: 1, keep: false });
    const uris = [`run://${runId}`, `run://${runId}/log`];
    const changed = new Set<string>();
    const all = new Promise<void>((resolve) => {
      app.client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        changed.add(params.uri);
        if (changed.size === uris.length) resolve();
      });
    });
    for (const uri of uris) await app.client.subscribeResource({ uri });
    await app.services.runs.waitFor(runId);
    await all;
    for (const uri of uris) await app.client.unsubscribeResource({ uri });
  });

  it('is listed as a template', async () => {
    const { resourceTemplates } = await app.client.listResourceTemplates();
    expect(resourceTemplates.map((template) => template.uriTemplate)).toEqual(
      expect.arrayContaining(['run://{runId}', 'run://{runId}/log']),
    );
  });
});
