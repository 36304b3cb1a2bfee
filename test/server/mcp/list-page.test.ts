import { expect, test } from 'vitest';
import { pageOf } from '../../../src/server/mcp/list-page.ts';

const ALL = Array.from({ length: 7 }, (_, index) => index);

test('pages are complete, in order and without repetition', () => {
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(ALL, cursor, 3);
    seen.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(ALL);
});

test('the last page has no cursor, even when it is full', () => {
  expect(pageOf(ALL, undefined, 7)).toEqual({ items: ALL });
  expect(pageOf([], undefined, 7)).toEqual({ items: [] });
});

test('a cursor that no page gave is refused', () => {
  const invented = ['', 'x', '3', 'after:3', ...['after:0', 'after:-3', 'after:7', 'after:1.5', 'after:'].map(encode)];
  for (const cursor of invented) {
    expect(() => pageOf(ALL, cursor, 3)).toThrow('is not one that this list gave.');
  }
});

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
