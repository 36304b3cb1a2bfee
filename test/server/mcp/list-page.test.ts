import { describe, expect, test } from 'vitest';
import { createSealer } from '../../../src/core/seal.ts';
import { pageOf } from '../../../src/server/mcp/list-page.ts';
import type { ListQuestion } from '../../../src/server/mcp/list-page.ts';
import { testSealer } from '../../support/test-sealer.ts';

const ALL = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

function asked(cursor?: string, of: Partial<ListQuestion> = {}): ListQuestion {
  return { list: 'tools/list', principal: 'local', cursor, sealer: testSealer, ...of };
}

function pagesOf(size: number): string[][] {
  const pages: string[][] = [];
  for (let page = pageOf(ALL, asked(), size); ; page = pageOf(ALL, asked(page.nextCursor), size)) {
    pages.push(page.items);
    if (page.nextCursor === undefined) return pages;
  }
}

describe('pages of a fixed list', () => {
  test('are complete, in order, and end without a cursor', () => {
    expect(pageOf(ALL, asked(), 7)).toEqual({ items: ALL });
    expect(pageOf([], asked())).toEqual({ items: [] });
    expect(pagesOf(3)).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']]);
  });

  test('have short cursors, which count for the same list and caller alone', () => {
    const { nextCursor = '' } = pageOf(ALL, asked(), 3);
    expect(nextCursor.length).toBeLessThan(32);
    const refused = 'is not one that this list gave.';
    expect(() => pageOf(ALL, asked(nextCursor, { list: 'prompts/list' }), 3)).toThrow(refused);
    expect(() => pageOf(ALL, asked(nextCursor, { principal: 'other' }), 3)).toThrow(refused);
    const stranger = createSealer('another server');
    expect(() => pageOf(ALL, asked(nextCursor, { sealer: () => stranger }), 3)).toThrow(refused);
    expect(() => pageOf(ALL.slice(0, 2), asked(nextCursor), 3)).toThrow(refused);
  });

  test.each(['', '3', 'after:3', 'YWZ0ZXI6Mw', '3.', '.x', '3.AAAAAAAAAAAAAAAAAAAAAA'])(
    'refuse the cursor %j, which no page gave',
    (cursor) => {
      expect(() => pageOf(ALL, asked(cursor), 3)).toThrow('is not one that this list gave.');
    },
  );
});
