import { describe, expect, it } from 'vitest';
import { GRAPH_PAGE } from '../../src/views/index.ts';
import { showPage } from '../support/page-window.ts';
import type { FakeElement, ShownPage } from '../support/page-window.ts';

const CART = { id: '0123456789abcdef', kind: 'class', name: 'Cart', path: 'src/cart.ts', line: 10 };
const TOTAL = { ...CART, id: 'aaaaaaaaaaaaaaaa', kind: 'method', name: 'Cart.total', line: 20, depth: 1 };
const FAR = { ...TOTAL, id: 'bbbbbbbbbbbbbbbb', name: 'pay', depth: 3, provenance: 'dispatch' };

function answerOf(hits: readonly unknown[], total = hits.length): { result: unknown } {
  const content = [{ type: 'text', text: 'lines\ncoverage: 3 files typed (ts7)' }];
  return { result: { content, structuredContent: { objects: hits, total } } };
}

async function opened(hostCapabilities: Record<string, unknown> = { serverTools: {} }): Promise<ShownPage> {
  const page = showPage(GRAPH_PAGE);
  await page.answer('ui/initialize', { result: { hostCapabilities, hostContext: {} } });
  return page;
}

function tellTrace(page: ShownPage, structured: Record<string, unknown>): void {
  const content = [{ type: 'text', text: 'callers of class Cart' }];
  const structuredContent = { workspace: '/home/ann/shop', symbol: CART, ...structured };
  page.tell({ method: 'ui/notifications/tool-result', params: { content, structuredContent } });
}

/** The newest request of the page is for the right side. */
async function answerSides(page: ShownPage, left: { result: unknown }, right: { result: unknown }): Promise<void> {
  await page.answer('tools/call', right);
  await page.answer('tools/call', left);
}

function nodesOf(page: ShownPage): FakeElement[] {
  return page.body.all().filter(({ tag }) => tag === 'g');
}

function argumentsOf(page: ShownPage): unknown[] {
  return page.sent.filter(({ method }) => method === 'tools/call').map(({ params }) => params?.['arguments']);
}

describe('the page of a symbol', () => {
  it('draws what leads to it on the left and what it leads to on the right', async () => {
    const page = await opened();
    page.tell({ method: 'ui/notifications/tool-input', params: { arguments: { direction: 'impact', depth: 3 } } });
    tellTrace(page, { direction: 'impact' });
    const about = { symbol: CART.id, workspace: '/home/ann/shop', limit: 10, objects: true };
    expect(argumentsOf(page)).toEqual([
      { ...about, direction: 'impact', depth: 3 },
      { ...about, direction: 'callees' },
    ]);
    await answerSides(page, answerOf([TOTAL, FAR], 40), answerOf([]));
    expect(page.body.textContent).toContain('Cartclass src/cart.ts:10');
    expect(page.body.textContent).toContain('impact: 2 of 40 · callees: 0 · coverage: 3 files typed (ts7)');
    expect(nodesOf(page).map(({ textContent }) => textContent)).toEqual([
      'method Cart.total src/cart.ts:20Cart.totalsrc/cart.ts:20',
      'method pay src/cart.ts:20paysrc/cart.ts:20 · 3 steps',
      'class Cart src/cart.ts:10Cartsrc/cart.ts:10',
    ]);
    const edges = page.body.all().filter(({ tag }) => tag === 'path');
    expect(edges.map(({ attributes }) => attributes.get('class'))).toEqual(['edge', 'edge possible']);
  });

  it('puts what is clicked in the middle; the last click counts', async () => {
    const page = await opened();
    tellTrace(page, { direction: 'callees' });
    await answerSides(page, answerOf([TOTAL]), answerOf([FAR]));
    const [left, right] = nodesOf(page);
    left?.listeners.get('click')?.({});
    right?.listeners.get('keydown')?.({ key: 'Enter' });
    right?.listeners.get('keydown')?.({ key: 'x' });
    expect(argumentsOf(page).slice(2)).toMatchObject([
      { symbol: TOTAL.id, direction: 'callers' },
      { symbol: TOTAL.id, direction: 'callees' },
      { symbol: FAR.id, direction: 'callers' },
      { symbol: FAR.id, direction: 'callees' },
    ]);
    await answerSides(page, answerOf([]), answerOf([]));
    await answerSides(page, answerOf([]), answerOf([]));
    expect(page.body.textContent).toMatch(/^pay/);
  });

  it('says why it can not be drawn', async () => {
    const page = await opened();
    tellTrace(page, { direction: 'callers' });
    const failed = { isError: true, content: [{ type: 'text', text: 'The index is being built.' }] };
    await answerSides(page, { result: failed }, answerOf([]));
    expect(page.body.textContent).toBe('The index is being built.');
  });

  it('shows the text of paths, of what has no one symbol, and where the host passes no calls on', async () => {
    const page = await opened();
    tellTrace(page, { direction: 'paths' });
    expect(page.body.textContent).toBe('callers of class Cart');
    tellTrace(page, { direction: 'callers', symbol: undefined });
    expect(page.body.textContent).toBe('callers of class Cart');
    const plain = await opened({});
    tellTrace(plain, { direction: 'callers' });
    expect(plain.body.textContent).toBe('callers of class Cart');
    expect([...argumentsOf(page), ...argumentsOf(plain)]).toEqual([]);
  });
});
