import { describe, expect, it, test } from 'vitest';
import {
  durationText,
  ratePerSecond,
  rateText,
  secondsLeft,
  withSample,
} from '../../../src/server/cli/progress-rate.ts';
import type { ProgressSample } from '../../../src/server/cli/progress-rate.ts';

function sampled(...pairs: readonly (readonly [atMs: number, done: number])[]): readonly ProgressSample[] {
  let samples: readonly ProgressSample[] = [];
  for (const [atMs, done] of pairs) samples = withSample(samples, { atMs, done });
  return samples;
}

describe('the rate of progress', () => {
  it('is what was done over the time it took, and gives the time that is left', () => {
    const samples = sampled([0, 0], [1_000, 50], [2_000, 200]);
    expect(ratePerSecond(samples)).toBe(100);
    expect(secondsLeft(samples, 1_000)).toBe(8);
  });

  it('says nothing before there is a second to measure', () => {
    expect(ratePerSecond([])).toBeUndefined();
    expect(ratePerSecond(sampled([0, 0], [999, 500]))).toBeUndefined();
    expect(secondsLeft(sampled([0, 0], [999, 500]), 1_000)).toBeUndefined();
  });

  it('forgets what is older than ten seconds', () => {
    const samples = sampled([0, 0], [5_000, 10_000], [10_000, 10_000], [20_000, 10_100], [20_500, 10_105]);
    expect(samples.map(({ atMs }) => atMs)).toEqual([10_000, 20_000, 20_500]);
    expect(ratePerSecond(samples)).toBe(10);
  });

  it('falls to 0 when nothing moves any more, and then promises no end', () => {
    const samples = sampled([0, 0], [1_000, 100], [11_000, 100], [21_500, 100], [22_000, 100]);
    expect(ratePerSecond(samples)).toBe(0);
    expect(secondsLeft(samples, 200)).toBeUndefined();
  });

  it('begins anew when progress went back, as after a recovery', () => {
    expect(sampled([0, 500], [1_000, 100])).toEqual([{ atMs: 1_000, done: 100 }]);
  });

  it('promises no end where the total is unknown or passed', () => {
    expect(secondsLeft(sampled([0, 0], [1_000, 100]), 0)).toBeUndefined();
  });
});

test.each([
  [0.2, '1 s'],
  [59.4, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
])('%d seconds read %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test.each([
  [0, '0/s'],
  [0.25, '0.3/s'],
  [840.4, '840/s'],
  [999.7, '1.00k/s'],
  [12_345, '12.3k/s'],
  [999_600, '1.00M/s'],
  [1_250_000, '1.25M/s'],
])('a rate of %d reads %s', (rate, text) => {
  expect(rateText(rate)).toBe(text);
});
