import type { WordIndex } from './word-index.ts';

/** How good a match is, by how the query's word meets the indexed one. */
const QUALITY = { exact: 1, prefix: 0.6, inside: 0.3, similar: 0.25 } as const;

/** Shorter words are in everything. */
const SHORTEST_INSIDE = 3;
const SHORTEST_SIMILAR = 4;
/** In longer questions each word says less, and parts of words say nothing. */
const FEW_TERMS = 3;

/** An indexed word that a word of the query meets, and how well. */
export interface MetWord {
  readonly word: number;
  readonly quality: number;
}

export interface Meetings {
  readonly words: readonly MetWord[];
  /** In how many places they stand. */
  readonly placeCount: number;
  /** Nothing has the word, even in part; these differ from it by a few letters. */
  readonly isSimilar: boolean;
}

/** Indexed words that are the term, begin with it or contain it, or else resemble it. */
export function meetingWords(index: WordIndex, term: string, termCount: number): Meetings {
  const words = wordsLike(index, term, termCount);
  const similar = words.length > 0 || term.length < SHORTEST_SIMILAR ? [] : resembling(index, term);
  const met = [...words, ...similar];
  const placeCount = met.reduce((sum, { word }) => sum + countOf(index, word), 0);
  return { words: met, placeCount, isSimilar: similar.length > 0 };
}

function wordsLike(index: WordIndex, term: string, termCount: number): MetWord[] {
  const exact = index.wordAt.get(term);
  const own = exact === undefined ? [] : [{ word: exact, quality: QUALITY.exact }];
  if (exact !== undefined && termCount > FEW_TERMS) return own;
  // Among other words, a single letter is one of a name's, not the beginning of any.
  if (term.length === 1 && termCount > 1) return own;
  return [...own, ...beginningWith(index, term), ...containing(index, term)];
}

function resembling(index: WordIndex, term: string): MetWord[] {
  const similar = index.trigrams.similarTo(term);
  return similar.map(({ word, similarity }) => ({ word, quality: QUALITY.similar * similarity }));
}

function countOf({ offsets }: WordIndex, word: number): number {
  return (offsets[word + 1] ?? 0) - (offsets[word] ?? 0);
}

function beginningWith({ words }: WordIndex, term: string): MetWord[] {
  const found: MetWord[] = [];
  for (let word = firstNotBefore(words, term); words[word]?.startsWith(term) === true; word += 1) {
    const candidate = words[word] ?? '';
    if (candidate !== term) found.push({ word, quality: QUALITY.prefix * closeness(term, candidate) });
  }
  return found;
}

function containing({ words, trigrams }: WordIndex, term: string): MetWord[] {
  if (term.length < SHORTEST_INSIDE) return [];
  return trigrams
    .containing(term)
    .filter((word) => words[word]?.startsWith(term) === false)
    .map((word) => ({ word, quality: QUALITY.inside * closeness(term, words[word] ?? '') }));
}

/** Between a half and one: the share of the longer word that was asked for. */
function closeness(term: string, candidate: string): number {
  return 0.5 + (0.5 * term.length) / candidate.length;
}

function firstNotBefore(words: readonly string[], term: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle] ?? '') < term) low = middle + 1;
    else high = middle;
  }
  return low;
}
