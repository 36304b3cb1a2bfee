import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_context', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('packs what to read for a task, each with the reason', async () => {
    const answer = await app.call('graph_context', { task: 'round the total of a cart to cents', budget: 600 });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "for the task: 11 of 11 symbols, at most 322 of 600 tokens
      src/cart.ts - fits the task
        4 export interface Item - type of checkout
        10 export class Cart - fits the task
          What a customer is about to buy.
          13 add(item: Item): void - fits the task
          17 total(): Cents - fits the task
      src/price.ts
        2 export type Cents = number - fits the task
          Money in cents.
        5 export function withTax(net: Cents, rate: number): Cents - fits the task
          Adds tax, rounded to whole cents.
        9 export function roundCents(value: number): Cents - fits the task
      src/checkout.ts
        4 export function checkout(items: readonly Item[]): number - calls Cart.total
        10 function total(values: readonly number[]): number - fits the task
        14 export function unused(): number - calls total
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('maps the repository without a task', async () => {
    const answer = await app.call('graph_context', { budget: 400 });
    expect(answer.text).toMatchInlineSnapshot(`
      "3 files (0 tests), 16 symbols; entries: none named; files in src 3: 10 of 10 symbols, at most 350 of 400 tokens
      src/price.ts
        2 export type Cents = number - used by 4 in 2 files
          Money in cents.
        5 export function withTax(net: Cents, rate: number): Cents - used by 1 in 1 file
          Adds tax, rounded to whole cents.
        9 export function roundCents(value: number): Cents - used by 1 in 1 file
      src/cart.ts
        4 export interface Item - used by 3 in 2 files
        10 export class Cart - used by 1 in 1 file
          What a customer is about to buy.
          13 add(item: Item): void - used by 1 in 1 file
          17 total(): Cents - used by 1 in 1 file
      src/checkout.ts
        4 export function checkout(items: readonly Item[]): number - used by none
        10 function total(values: readonly number[]): number - used by 1 in 1 file
        14 export function unused(): number - used by none
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('starts from symbols, and offers candidates for a name that is not exactly one', async () => {
    const answer = await app.call('graph_context', { symbols: ['Cart.total', 'roundCent'], budget: 400 });
    expect(answer.isError).toBe(false);
    expect(answer.text).toContain('asked for');
    expect(answer.structured['unmatched']).toEqual([
      expect.stringMatching(/^roundCent: [0-9a-f]{16} function roundCents src\/price\.ts:9$/),
    ]);
    expect(answer.text).toContain('9 export function roundCents(value: number): Cents - called by withTax');
  });

  it('says the smallest budget when asked for less', async () => {
    const answer = await app.call('graph_context', { task: 'total', budget: 10 });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('200');
  });
});
