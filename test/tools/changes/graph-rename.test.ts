import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_rename', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('shows each line before and after, conflicts first', async () => {
    const answer = await app.call('graph_rename', { symbol: 'Cart.total', newName: 'items' });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "rename method Cart.total src/cart.ts:17 → items: 2 lines in 2 files
      conflicts:
        src/cart.ts:11 property Cart.items has the name already
      src/cart.ts
        17 declaration
        - total(): Cents {
        + items(): Cents {
      src/checkout.ts
        7 calls
        - return cart.total();
        + return cart.items();
      note: nothing was written; files made since the index are not looked through
      note: it is exported: users outside of this workspace are not seen
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('comes in pages', async () => {
    const first = await app.call('graph_rename', { symbol: 'Item', newName: 'Article', limit: 2 });
    expect(first.structured).toMatchObject({ total: 5, editedFiles: 2, edits: [{ line: 4 }, { line: 11 }] });
    const rest = { symbol: 'Item', newName: 'Article', limit: 5, cursor: first.structured['nextCursor'] };
    const second = await app.call('graph_rename', rest);
    expect(second.structured).toMatchObject({ edits: [{ line: 13 }, { line: 2 }, { line: 4 }] });
  });

  it('names candidates for a name of several, and reasons for a name that can not be', async () => {
    const many = await app.call('graph_rename', { symbol: 'total', newName: 'sum' });
    expect(many.text).toContain('Several symbols have this name');
    const keyword = await app.call('graph_rename', { symbol: 'withTax', newName: 'while' });
    expect(keyword).toMatchObject({ isError: true });
    expect(keyword.text).toContain('it is a reserved word');
  });
});
