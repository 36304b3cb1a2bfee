import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('run://{runId}/log', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('reads the log of one run as text, oldest line first', async () => {
    const { runs } = await app.services.runs.list({ limit: 1 });
    const uri = `run://${runs[0]?.runId ?? ''}/log`;
    const { contents } = await app.client.readResource({ uri });
    const [content] = contents;
    expect(content).toMatchObject({ uri, mimeType: 'text/plain' });
    const lines = content !== undefined && 'text' in content ? content.text.split('\n') : [];
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z info started on /);
    expect(lines.at(-1)).toMatch(/Z info completed$/);
  });

  it('fails for a run that does not exist', async () => {
    await expect(app.client.readResource({ uri: 'run://nothing/log' })).rejects.toThrow('nothing');
  });
});
