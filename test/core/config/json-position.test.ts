import { expect, test } from 'vitest';
import { findJsonError } from '../../../src/core/config/json-position.ts';

test.each([
  ['{"a":hello}', 1, 6],
  ['{"a":1,}', 1, 8],
  ['{"a":1\n "b":2}', 2, 2],
  ['{', 1, 2],
  ['', 1, 1],
  ['{"a":[1, 2', 1, 11],
  ['{"a":1} x', 1, 9],
  ['// no', 1, 1],
  ['{"a":"open\n"}', 1, 6],
  ['{"a":01}', 1, 7],
])('%j stops being JSON at line %i, column %i', (text, line, column) => {
  expect((): unknown => JSON.parse(text)).toThrow(SyntaxError);
  expect(findJsonError(text)).toEqual({ line, column });
});

test('text that is nested too deep has no place', () => {
  expect(findJsonError('['.repeat(200_000))).toBeUndefined();
});
