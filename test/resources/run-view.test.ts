import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUN_PAGE, VIEW_META } from '../../src/views/index.ts';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('ui://lightdom/run', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('is the page that the tools about runs name, with what it may load: nothing', async () => {
    const { tools } = await app.client.listTools();
    const named = tools.filter((tool) => JSON.stringify(tool).includes('"ui://lightdom/run"'));
    expect(named.map(({ name }) => name)).toEqual(['graph_index', 'run_get']);
    const { resources } = await app.client.listResources();
    expect(resources.find(({ uri }) => uri === 'ui://lightdom/run')).toMatchObject({
      mimeType: 'text/html;profile=mcp-app',
      _meta: VIEW_META,
    });
    const { contents } = await app.client.readResource({ uri: 'ui://lightdom/run' });
    expect(contents).toEqual([
      { uri: 'ui://lightdom/run', mimeType: 'text/html;profile=mcp-app', text: RUN_PAGE, _meta: VIEW_META },
    ]);
    expect(app.client.getServerCapabilities()?.extensions).toHaveProperty(['io.modelcontextprotocol/ui'], {});
  });
});
