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

  it('is listed as a template', async () => {
    const { resourceTemplates } = await app.client.listResourceTemplates();
    expect(resourceTemplates.map((template) => template.uriTemplate)).toEqual(
      expect.arrayContaining(['run://{runId}', 'run://{runId}/log']),
    );
  });
});
