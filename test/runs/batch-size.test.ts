import { expect, test } from 'vitest';
import { BatchSize } from '../../src/runs/batch-size.ts';

function sizesAfter(times: readonly number[]): number[] {
  const size = new BatchSize();
  return times.map((elapsedMs) => {
    size.note(elapsedMs);
    return size.current();
  });
}

test('begins small', () => {
  expect(new BatchSize().current()).toBe(1_000);
});

test('doubles while batches are short, up to 10,000', () => {
  expect(sizesAfter([1, 49, 0, 10, 10])).toEqual([2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('halves when a batch takes long, down to 1,000', () => {
  expect(sizesAfter([1, 1, 1, 1, 251, 1_000, 60_000, 251, 251])).toEqual([
    2_000, 4_000, 8_000, 10_000, 5_000, 2_500, 1_250, 1_000, 1_000,
  ]);
});

test('stays where a batch takes 50 to 250 ms', () => {
  expect(sizesAfter([10, 50, 100, 250])).toEqual([2_000, 2_000, 2_000, 2_000]);
});
