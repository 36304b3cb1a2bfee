/** Where a node stands, its leading comments and blanks included: the one thing that both compilers agree on. */
export interface Span {
  readonly pos: number;
  readonly end: number;
}

/** Files are far shorter than this, and the product of two of them is still an exact number. */
const LONGEST_FILE = 2 ** 26;

/** One number for a span, to look it up by. */
export function spanKey({ pos, end }: Span): number {
  return pos * LONGEST_FILE + end;
}
