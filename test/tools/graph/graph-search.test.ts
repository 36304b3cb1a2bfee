import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_search', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('lists matching symbols, best first, with what the index knows', async () => {
    const answer = await app.call('graph_search', { query: 'cents' });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "type Cents src/price.ts:2
      function roundCents src/price.ts:9
      function withTax src/price.ts:5
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('narrows by kind and path', async () => {
    const answer = await app.call('graph_search', { query: 'total', kind: 'method', path: 'src/cart.ts' });
    expect(answer.text.split('\n')[0]).toBe('method Cart.total src/cart.ts:17');
  });

  it('names the kinds that exist when asked for another', async () => {
    const answer = await app.call('graph_search', { query: 'total', kind: 'procedure' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('interface');
  });
});
