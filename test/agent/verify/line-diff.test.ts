import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, linesOf } from '../../../src/agent/verify/guard/line-diff.ts';

test('names added and removed lines by their numbers', () => {
  expect(diffLines('a\nb\nc\nd\n', 'a\nx\nc\nd\ne\n')).toEqual({ added: [2, 5], removed: [2] });
  expect(diffLines('', 'a\nb\n')).toEqual({ added: [1, 2], removed: [] });
  expect(diffLines('a\nb', '')).toEqual({ added: [], removed: [1, 2] });
  expect(diffLines('a\nb\n', 'a\nb\n')).toEqual({ added: [], removed: [] });
});

test('what is neither added nor removed is the same in both texts, and no shorter way is missed', () => {
  const line = fc.constantFrom('a', 'b', 'c');
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((one) => `${one}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { added, removed } = diffLines(before, after);
      const kept = linesOf(before).filter((_, index) => !removed.includes(index + 1));
      expect(linesOf(after).filter((_, index) => !added.includes(index + 1))).toEqual(kept);
      expect(kept.length).toBe(longestCommon(linesOf(before), linesOf(after)));
    }),
  );
});

function longestCommon(one: readonly string[], other: readonly string[]): number {
  const [first, ...rest] = one;
  if (first === undefined || other.length === 0) return 0;
  const at = other.indexOf(first);
  const without = longestCommon(rest, other);
  return at < 0 ? without : Math.max(without, 1 + longestCommon(rest, other.slice(at + 1)));
}
