import { describe, expect, test } from 'vitest';
import { createSealer } from '../../src/core/seal.ts';

const DAY_MS = 24 * 60 * 60_000;
const REFUSED = 'It was not given out by this server for this use.';

describe('a sealer', () => {
  let time = 0;
  const sealer = createSealer('a secret', () => time);

  test('opens what it sealed, for the same use and for its time alone', () => {
    time = 0;
    const sealed = sealer.seal(['a', 'b'], { n: 1 }, 1_000);
    expect(sealer.open(['a', 'b'], sealed)).toEqual({ n: 1 });
    expect(() => sealer.open(['a', 'c'], sealed)).toThrow(REFUSED);
    expect(() => createSealer('another').open(['a', 'b'], sealed)).toThrow(REFUSED);
    time = 1_001;
    expect(() => sealer.open(['a', 'b'], sealed)).toThrow('too long ago');
  });

  test('signs text with a short tag that is good for a day at least and two at most', () => {
    time = DAY_MS - 1;
    const signed = sealer.sign(['a'], 'text.with.dots');
    expect(signed).toMatch(/^text\.with\.dots\.[\w-]{22}$/);
    expect(sealer.verify(['a'], signed)).toBe('text.with.dots');
    time = 2 * DAY_MS - 1;
    expect(sealer.verify(['a'], signed)).toBe('text.with.dots');
    time = 2 * DAY_MS;
    expect(() => sealer.verify(['a'], signed)).toThrow(REFUSED);
  });

  test('refuses text that was changed, or signed for another use', () => {
    const signed = sealer.sign(['a'], '10');
    const tag = signed.slice(3);
    for (const text of [`11.${tag}`, `10.${tag}A`, '10.', '10', `.${tag}`, '', tag, `10.${tag.slice(1)}`]) {
      expect(() => sealer.verify(['a'], text)).toThrow(REFUSED);
    }
    expect(() => sealer.verify(['b'], signed)).toThrow(REFUSED);
    expect(() => sealer.open(['a'], signed)).toThrow(REFUSED);
  });
});
