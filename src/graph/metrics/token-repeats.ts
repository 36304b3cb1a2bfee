import { sharedPrefixesOf, suffixArrayOf } from './suffix-array.ts';

/** A run of tokens that stands in several places and can't be longer to either side in all of them. */
export interface TokenRepeat {
  readonly length: number;
  /** In no order. */
  readonly positions: Int32Array;
}

/**
 * All maximal repeats of at least `minLength`: intervals of the suffix array whose suffixes share a prefix, and do not
 * all have the same token before it (M. Abouelhoda, S. Kurtz, E. Ohlebusch, 2004).
 */
export function repeatsOf(text: Int32Array, upper: number, minLength: number): TokenRepeat[] {
  const sorted = suffixArrayOf(text, upper);
  const shared = sharedPrefixesOf(text, sorted);
  const found: TokenRepeat[] = [];
  const open: { readonly length: number; readonly from: number }[] = [];
  for (let place = 1; place <= sorted.length; place += 1) {
    const length = shared[place] ?? 0;
    let from = place - 1;
    for (let top = open.at(-1); top !== undefined && top.length > length; top = open.at(-1)) {
      open.pop();
      from = top.from;
      const positions = sorted.subarray(from, place);
      if (!isPreceded(text, positions)) found.push({ length: top.length, positions });
    }
    if (length >= minLength && (open.at(-1)?.length ?? 0) < length) open.push({ length, from });
  }
  return found;
}

/** Whether the same token stands before all of them: then there is a longer repeat. */
function isPreceded(text: Int32Array, positions: Int32Array): boolean {
  const before = text[(positions[0] ?? 0) - 1];
  return before !== undefined && positions.every((position) => text[position - 1] === before);
}
