import type { TokenRun } from './clone-pieces.ts';
import type { TokenCorpus } from './token-corpus.ts';

/** How one run of tokens relates to another of the same shape. */
export type Likeness = 'exact' | 'renamed' | 'different';

/** More names than this that go to different ones are no renaming: the code only looks alike. */
const MAX_BROKEN = 0.05;
/** Names that are the same on both sides, or that are renamed again as before, say that it is a copy. */
const MIN_CONFIRMED = 0.5;

/**
 * Whether the names of one run go over into those of the other one by one: B. Baker's parameterised match ("On finding
 * duplication and near-duplication in large software systems", 1995), with some slack for what was changed after copying.
 * Literals may differ as they like.
 */
export function likenessOf(corpus: TokenCorpus, one: TokenRun, two: TokenRun): Likeness {
  const renaming = new Renaming();
  let isExact = true;
  for (let step = 0; step < one.to - one.from; step += 1) {
    const own = corpus.texts[one.from + step] ?? 0;
    const other = corpus.texts[two.from + step] ?? 0;
    isExact &&= own === other;
    if (corpus.isName(one.from + step)) renaming.add(own, other);
  }
  if (isExact) return 'exact';
  return renaming.isCopy() ? 'renamed' : 'different';
}

class Renaming {
  readonly #forward = new Map<number, number>();
  readonly #backward = new Map<number, number>();
  #names = 0;
  #broken = 0;
  #confirmed = 0;

  add(own: number, other: number): void {
    const known = this.#forward.get(own);
    const isFirst = known === undefined;
    this.#names += 1;
    if (isFirst ? this.#backward.has(other) : known !== other) this.#broken += 1;
    else if (!isFirst || own === other) this.#confirmed += 1;
    if (isFirst) this.#forward.set(own, other);
    if (!this.#backward.has(other)) this.#backward.set(other, own);
  }

  isCopy(): boolean {
    return this.#broken <= MAX_BROKEN * this.#names && this.#confirmed >= MIN_CONFIRMED * this.#names;
  }
}
