import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeKeyCursor, encodeKeyCursor } from '../../src/core/key-cursor.ts';

const keySchema = z.tuple([z.string(), z.number()]);

describe('cursor by key', () => {
  test('gives back its key to the question that it was made for', () => {
    const cursor = encodeKeyCursor(['list', 'a'], ['x', 1]);
    expect(decodeKeyCursor(keySchema, ['list', 'a'], cursor)).toEqual(['x', 1]);
  });

  test.each([
    ['of another question', encodeKeyCursor(['list', 'b'], ['x', 1])],
    ['with another key', encodeKeyCursor(['list', 'a'], ['x', 'y'])],
    ['that nobody made', 'abc'],
    ['that is empty', ''],
  ])('refuses a cursor %s', (_title, cursor) => {
    expect(() => decodeKeyCursor(keySchema, ['list', 'a'], cursor)).toThrow('does not belong to this question');
  });
});
