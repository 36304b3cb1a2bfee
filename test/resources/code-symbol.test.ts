import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient, SHOP } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('graph://symbol/{id}', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('reads one symbol as JSON, with how it is connected', async () => {
    const { hits } = await app.services.graph.search({ query: 'withTax', kind: 'function', limit: 1 });
    const uri = `graph://symbol/${hits[0]?.id ?? ''}`;
    const { contents } = await app.client.readResource({ uri });
    const [content] = contents;
    expect(content).toMatchObject({ uri, mimeType: 'application/json' });
    const text = content !== undefined && 'text' in content ? content.text : '';
    expect(JSON.parse(text)).toMatchObject({
      name: 'withTax',
      path: 'src/price.ts',
      line: 5,
      doc: 'Adds tax, rounded to whole cents.',
      counts: { callers: 1, callees: 1 },
      coverage: { pending: 0 },
    });
  });

  it('reads it of the workspace that the URI names', async () => {
    const { hits } = await app.services.graph.search({ query: 'withTax', kind: 'function', limit: 1 });
    const uri = `graph://symbol/${hits[0]?.id ?? ''}?workspace=${encodeURIComponent(SHOP)}`;
    expect((await app.client.readResource({ uri })).contents).toMatchObject([{ uri, mimeType: 'application/json' }]);
  });

  it.each(['0123456789abcdef', 'withTax', '..%2Fpackage.json'])('fails for %s, which is no id', async (id) => {
    await expect(app.client.readResource({ uri: `graph://symbol/${id}` })).rejects.toThrow('graph_search');
  });

  it('is listed as a template', async () => {
    const { resourceTemplates } = await app.client.listResourceTemplates();
    expect(resourceTemplates.map((template) => template.uriTemplate)).toContain('graph://symbol/{id}{?workspace}');
  });
});
