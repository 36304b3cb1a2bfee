/** At least this many places more, so that small arrays do not grow at each step. */
const MIN_SPARE = 1024;
const SPARE_SHARE = 8;

interface Grown<T> {
  readonly length: number;
  set(source: T): void;
}

/** The array itself while it is long enough, else a longer copy with some places to spare. */
export function grown<T extends Grown<T>>(array: T, length: number, make: (length: number) => T): T {
  if (array.length >= length) return array;
  const copy = make(length + Math.max(MIN_SPARE, Math.ceil(length / SPARE_SHARE)));
  copy.set(array);
  return copy;
}

export const makeInts = (length: number): Int32Array => new Int32Array(length);
export const makeBytes = (length: number): Uint8Array => new Uint8Array(length);
