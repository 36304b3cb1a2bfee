import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_trace', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('finds the callers', async () => {
    const answer = await app.call('graph_trace', { symbol: 'withTax', direction: 'callers' });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "callers of function withTax src/price.ts:5 (path name:line@use, by calls)
      src/cart.ts Cart.total:17@19
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('finds what a change could reach, with distances', async () => {
    const answer = await app.call('graph_trace', { symbol: 'roundCents', direction: 'impact' });
    expect(answer.text).toMatchInlineSnapshot(`
      "impact of function roundCents src/price.ts:9 (path name:line, /steps if over 1, by calls)
      src/
       price.ts withTax:5
       cart.ts Cart.total:17/2
       checkout.ts checkout:4/3
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('finds the shortest path between two symbols', async () => {
    const answer = await app.call('graph_trace', { symbol: 'checkout', direction: 'path', to: 'roundCents' });
    expect(answer.text).toMatchInlineSnapshot(`
      "path of function checkout src/checkout.ts:4 to function roundCents src/price.ts:9
      method Cart.total src/cart.ts:17 →1 calls@7
      function withTax src/price.ts:5 →2 calls@19
      function roundCents src/price.ts:9 →3 calls@6
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('says why it believes that there are no callers', async () => {
    const answer = await app.call('graph_trace', { symbol: 'unused', direction: 'callers' });
    expect(answer.text).toContain('0 hits');
    expect(answer.text).toContain('note: ');
  });

  it('asks for the end of a path when there is none', async () => {
    const answer = await app.call('graph_trace', { symbol: 'checkout', direction: 'path' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('to');
  });
});
