import { expect, test } from 'vitest';
import { matchesGlob } from '../../../src/graph/discovery/glob-match.ts';

test.each([
  ['a', 'a', true],
  ['a', 'ab', false],
  ['*', 'a', true],
  ['*', 'a/b', false],
  ['**/a', 'a', true],
  ['**/a', 'x/y/a', true],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/x/y/b', true],
  ['a/**/b', 'ab', false],
  ['a/**/*', 'a', false],
  ['a/**/*', 'a/b', true],
  ['*.ts', 'x.ts', true],
  ['*.ts', 'x.tsx', false],
  ['?.ts', 'é.ts', true],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[]a]x', ']x', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['[abc', '[abc', true],
])('%s on %s is %s', (pattern, path, expected) => {
  expect(matchesGlob(pattern, path)).toBe(expected);
});

test('a pattern made to be slow is answered at once', () => {
  const started = performance.now();
  expect(matchesGlob(`${'*a'.repeat(60)}b`, 'a'.repeat(4_000))).toBe(false);
  expect(matchesGlob(`${'**/a/'.repeat(60)}b`, 'a/'.repeat(2_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});
