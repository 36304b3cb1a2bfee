import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** `toEqual`, which is asked only where something differs: on large values it takes many times as long. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}
