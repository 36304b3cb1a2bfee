import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const pageSchema = z.object({
  total: z.number(),
  nextCursor: z.string().optional(),
  notes: z.array(z.object({ text: z.string() })),
});

describe('note_query', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
    await app.call('note_create', { symbol: 'Cart', text: 'Holds 100% of the Items', tags: ['core'] });
    await app.call('note_create', { symbol: 'Cart.total', text: 'Rounds at the end', tags: ['gotcha', 'money'] });
    await app.call('note_create', { symbol: 'src/checkout.ts#total', text: 'A helper of the till' });
    await app.call('note_create', { path: 'src', text: 'Everything' });
    await app.call('note_create', { text: 'Prices are net of tax_rate', tags: ['money'] });
  });

  afterAll(() => app.close());

  const textsOf = async (args: Record<string, unknown>): Promise<string[]> => {
    const answer = await app.call('note_query', args);
    return pageSchema.parse(answer.structured).notes.map(({ text }) => text);
  };

  it('finds nothing by a tag that no text can hold', async () => {
    expect(await textsOf({ tag: 'a\0b' })).toEqual([]);
  });

  it('lists all notes, newest first', async () => {
    const answer = await app.call('note_query');
    expect(answer.text.replaceAll(/[0-9a-f]{32}/g, 'ID').replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\dZ/g, 'TIME'))
      .toMatchInlineSnapshot(`
      "ID workspace [money] agent TIME
        Prices are net of tax_rate
      ID path src agent TIME
        Everything
      ID function total src/checkout.ts:10 agent TIME
        A helper of the till
      ID method Cart.total src/cart.ts:17 [gotcha, money] agent TIME
        Rounds at the end
      ID class Cart src/cart.ts:10 [core] agent TIME
        Holds 100% of the Items"
    `);
  });

  it('finds by words in text, tags and names, in any case, taking no character for a pattern', async () => {
    expect(await textsOf({ words: 'ROUNDS end' })).toEqual(['Rounds at the end']);
    expect(await textsOf({ words: 'money' })).toHaveLength(2);
    expect(await textsOf({ words: 'cart.total' })).toEqual(['Rounds at the end']);
    expect(await textsOf({ words: '100%' })).toEqual(['Holds 100% of the Items']);
    expect(await textsOf({ words: 'tax_r' })).toEqual(['Prices are net of tax_rate']);
    expect(await textsOf({ words: 'taxr' })).toEqual([]);
  });

  it('finds by symbol, path and tag', async () => {
    expect(await textsOf({ symbol: 'Cart' })).toEqual(['Rounds at the end', 'Holds 100% of the Items']);
    expect(await textsOf({ symbol: 'src/checkout.ts' })).toEqual(['A helper of the till']);
    expect(await textsOf({ symbol: 'src/cart.ts#Cart.total' })).toEqual(['Rounds at the end']);
    expect(await textsOf({ symbol: 'total' })).toEqual(['A helper of the till', 'Rounds at the end']);
    expect(await textsOf({ path: '**/cart.ts' })).toEqual(['Rounds at the end', 'Holds 100% of the Items']);
    expect(await textsOf({ path: 'src/check' })).toEqual(['A helper of the till']);
    expect(await textsOf({ tag: 'Money', words: 'net' })).toEqual(['Prices are net of tax_rate']);
  });

  it('comes in pages that hold every note once', async () => {
    const all = await textsOf({});
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await app.call('note_query', { limit: 2, ...(cursor !== undefined && { cursor }) });
      const page = pageSchema.parse(answer.structured);
      expect(page.total).toBe(5);
      seen.push(...page.notes.map(({ text }) => text));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all);
  });

  it('refuses a cursor of another question', async () => {
    const { nextCursor } = pageSchema.parse((await app.call('note_query', { limit: 1 })).structured);
    const answer = await app.call('note_query', { limit: 1, tag: 'money', cursor: nextCursor });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('does not belong to this question');
  });
});
