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

  it('is completed by the beginning of a name or of an id', async () => {
    const complete = async (value: string, known: Record<string, string> = {}) =>
      (
        await app.client.complete({
          ref: { type: 'ref/resource', uri: 'graph://symbol/{id}{?workspace}' },
          argument: { name: 'id', value },
          context: { arguments: known },
        })
      ).completion;
    const { hits } = await app.services.graph.search({ query: 'withTax', kind: 'function', limit: 1 });
    const id = hits[0]?.id ?? '';
    expect(await complete('withT')).toEqual({ values: [id], total: 1, hasMore: false });
    expect((await complete(id.slice(0, 12), { workspace: SHOP })).values).toEqual([id]);
    expect((await complete('noSuchName')).values).toEqual([]);
  });

  it('is said to have changed when its workspace is indexed again', async () => {
    const { hits } = await app.services.graph.search({ query: 'withTax', kind: 'function', limit: 1 });
    const uri = `graph://symbol/${hits[0]?.id ?? ''}`;
    const changed = new Promise<string>((resolve) => {
      app.client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri));
    });
    await app.client.subscribeResource({ uri });
    await app.services.graph.startIndex({});
    expect(await changed).toBe(uri);
    await app.client.unsubscribeResource({ uri });
  });

  it('is listed as a template', async () => {
    const { resourceTemplates } = await app.client.listResourceTemplates();
    expect(resourceTemplates.map((template) => template.uriTemplate)).toContain('graph://symbol/{id}{?workspace}');
  });
});
