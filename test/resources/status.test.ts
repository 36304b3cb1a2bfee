import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('lightdom://status', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient({ isIndexed: false });
  });

  afterAll(() => app.close());

  it('reads the state of the whole as JSON', async () => {
    const { resources } = await app.client.listResources();
    expect(resources.map((resource) => resource.uri)).toContain('lightdom://status');
    const { contents } = await app.client.readResource({ uri: 'lightdom://status' });
    expect(contents).toHaveLength(1);
    const [content] = contents;
    const text = content !== undefined && 'text' in content ? content.text : '';
    expect(JSON.parse(text)).toMatchObject({ status: 'running', orchestrators: { seo: { state: 'unavailable' } } });
  });
});
