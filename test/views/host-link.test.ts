import { describe, expect, it } from 'vitest';
import { RUN_PAGE } from '../../src/views/index.ts';
import { showPage } from '../support/page-window.ts';
import type { ShownPage } from '../support/page-window.ts';

const HOST = { protocolVersion: '2026-01-26', hostInfo: { name: 'host', version: '1' }, hostCapabilities: {} };

async function connected(hostContext: Record<string, unknown> = {}): Promise<ShownPage> {
  const page = showPage(RUN_PAGE);
  await page.answer('ui/initialize', { result: { ...HOST, hostContext } });
  return page;
}

describe('a page and its host', () => {
  it('shake hands, and the page says how high it is, again when that changes', async () => {
    const page = showPage(RUN_PAGE);
    expect(page.sent).toEqual([
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'ui/initialize',
        params: {
          protocolVersion: '2026-01-26',
          appInfo: { name: 'lightdom', version: '1' },
          appCapabilities: { availableDisplayModes: ['inline'] },
        },
      },
    ]);
    await page.answer('ui/initialize', { result: { ...HOST, hostContext: {} } });
    expect(page.sent.slice(1)).toMatchObject([
      { method: 'ui/notifications/initialized' },
      { method: 'ui/notifications/size-changed', params: { height: 31 } },
    ]);
    page.resize();
    expect(page.sent).toHaveLength(3);
    page.tell({ method: 'ui/notifications/tool-cancelled', params: {} });
    page.body.append('more');
    page.resize();
    expect(page.sent.at(-1)).toMatchObject({ method: 'ui/notifications/size-changed' });
  });

  it('wears the colours of the host, and takes nothing else from it', async () => {
    const variables = { '--color-text-primary': '#123', '--font-sans': 'Georgia', '--evil': 'x', color: 'red' };
    const page = await connected({ theme: 'dark', styles: { variables } });
    expect(page.root.attributes.get('data-theme')).toBe('dark');
    expect([...page.root.variables.keys()]).toEqual(['--color-text-primary', '--font-sans']);
    page.tell({ method: 'ui/notifications/host-context-changed', params: { theme: 'light' } });
    expect(page.root.attributes.get('data-theme')).toBe('light');
    page.tell({ method: 'ui/notifications/host-context-changed', params: { theme: 'x" onload="y' } });
    expect(page.root.attributes.get('data-theme')).toBe('light');
  });

  it('answers what the host asks, and refuses what it does not know', async () => {
    const page = await connected();
    page.tell({ id: 7, method: 'ping' });
    page.tell({ id: 8, method: 'ui/resource-teardown', params: {} });
    page.tell({ id: 9, method: 'tools/list' });
    expect(page.sent.slice(-3)).toMatchObject([
      { id: 7, result: {} },
      { id: 8, result: {} },
      { id: 9, error: { code: -32601 } },
    ]);
  });

  it('pays no heed to other windows and to what is no message', async () => {
    const page = await connected();
    const before = page.body.textContent;
    const result = { structuredContent: { run: { runId: 'r', title: 'Forged', endedAt: '2026-01-01T00:00:00Z' } } };
    page.tell({ method: 'ui/notifications/tool-result', params: result }, { postMessage: () => {} });
    page.tell({ jsonrpc: '1.0', method: 'ui/notifications/tool-result', params: result });
    page.tell({ id: 99, result });
    page.tell({ method: 'unheard/of', params: {} });
    expect(page.body.textContent).toBe(before);
  });
});
