import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_symbol', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('describes a symbol with its doc, members and counts', async () => {
    const answer = await app.call('graph_symbol', { symbol: 'Cart' });
    expect(answer.isError).toBe(false);
    expect(answer.text.replace(/[0-9a-f]{16}/, 'ID')).toMatchInlineSnapshot(`
      "ID class Cart src/cart.ts:10 exported
      export class Cart
      What a customer is about to buy.
      1 callers, 1 callees, 3 references, 0 overriding, 3 members:
        property Cart.items src/cart.ts:11
        method Cart.add src/cart.ts:13
        method Cart.total src/cart.ts:17
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('adds the source when asked for', async () => {
    const answer = await app.call('graph_symbol', { symbol: 'roundCents', source: true });
    expect(answer.text).toContain('return Math.round(value);');
  });

  it('offers candidates for an ambiguous name and never chooses one', async () => {
    const answer = await app.call('graph_symbol', { symbol: 'total' });
    expect(answer.structured).toMatchObject({ match: 'many' });
    expect(answer.text).toContain('method Cart.total src/cart.ts:17');
    expect(answer.text).toContain('function total src/checkout.ts:10');
  });

  it('offers similar names for an unknown one', async () => {
    const answer = await app.call('graph_symbol', { symbol: 'roundCent' });
    expect(answer.structured).toMatchObject({ match: 'none' });
    expect(answer.text).toContain('function roundCents src/price.ts:9');
  });

  it('refuses an empty name', async () => {
    const answer = await app.call('graph_symbol', { symbol: '' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('symbol');
  });
});
