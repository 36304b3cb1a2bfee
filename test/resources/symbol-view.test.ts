import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRAPH_PAGE, VIEW_META } from '../../src/views/index.ts';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('ui://lightdom/graph', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('is the page that the tools about symbols name', async () => {
    const { tools } = await app.client.listTools();
    const named = tools.filter((tool) => JSON.stringify(tool).includes('"ui://lightdom/graph"'));
    expect(named.map(({ name }) => name)).toEqual(['graph_symbol', 'graph_trace']);
    const { contents } = await app.client.readResource({ uri: 'ui://lightdom/graph' });
    expect(contents).toEqual([
      { uri: 'ui://lightdom/graph', mimeType: 'text/html;profile=mcp-app', text: GRAPH_PAGE, _meta: VIEW_META },
    ]);
  });

  it('changes no answer: the text stands on its own', async () => {
    const answer = await app.call('graph_symbol', { symbol: 'Cart' });
    expect(answer.text).toMatch(/class Cart src\/cart\.ts:10/);
  });
});
