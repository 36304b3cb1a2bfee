import type { WordIndex } from './search-index.ts';

/** How good a match is, by how the query's word meets the indexed one. */
const QUALITY = { exact: 1, prefix: 0.6, substring: 0.3 } as const;

/** Shorter words are in everything. */
const SHORTEST_SUBSTRING = 3;

/** BM25's usual saturation; length counts less than in prose, since names are short by nature. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.4;

/** Rows that a word meets, in no order, and its score by row: 0 in all others. */
export interface WordScores {
  readonly rows: readonly number[];
  readonly scores: Float32Array;
}

/**
 * Score of one word of the query in each row where it, a word that begins with it, or one that contains it stands:
 * BM25 (Robertson and Zaragoza, 2009) with one document frequency for all of them, so that a rare longer word does not
 * outrank the word itself.
 */
export function scoreWord(index: WordIndex, word: string): WordScores {
  const found = wordsLike(index, word);
  const rowCount = index.lengths.length;
  const frequency = found.reduce((sum, { word }) => sum + (index.postings.get(word)?.rows.length ?? 0), 0);
  const bounded = Math.min(frequency, rowCount);
  const rarity = Math.log(1 + (rowCount - bounded + 0.5) / (bounded + 0.5));
  const scores = new Float32Array(rowCount);
  const met: number[] = [];
  for (const { word, quality } of found) {
    const { rows, weights } = index.postings.get(word) ?? { rows: [], weights: [] };
    for (const [at, row] of rows.entries()) {
      const weight = weights[at] ?? 0;
      const length = 1 - LENGTH_SHARE + (LENGTH_SHARE * (index.lengths[row] ?? 0)) / index.meanLength;
      const score = (quality * rarity * weight * (SATURATION + 1)) / (weight + SATURATION * length);
      const known = scores[row] ?? 0;
      if (known === 0) met.push(row);
      if (score > known) scores[row] = score;
    }
  }
  return { rows: met, scores };
}

interface LikeWord {
  readonly word: string;
  readonly quality: number;
}

function wordsLike({ words, postings }: WordIndex, word: string): LikeWord[] {
  const found: LikeWord[] = postings.has(word) ? [{ word, quality: QUALITY.exact }] : [];
  if (word.length < SHORTEST_SUBSTRING) return [...found, ...prefixed(words, word)];
  for (const candidate of words) {
    const at = candidate.indexOf(word);
    if (at < 0 || candidate.length === word.length) continue;
    const quality = at === 0 ? QUALITY.prefix : QUALITY.substring;
    found.push({ word: candidate, quality: quality * closeness(word, candidate) });
  }
  return found;
}

function prefixed(words: readonly string[], word: string): LikeWord[] {
  const found: LikeWord[] = [];
  for (let at = firstNotBefore(words, word); words[at]?.startsWith(word) === true; at += 1) {
    const candidate = words[at] ?? '';
    if (candidate !== word) found.push({ word: candidate, quality: QUALITY.prefix * closeness(word, candidate) });
  }
  return found;
}

/** Between a half and one: the share of the longer word that was asked for. */
function closeness(word: string, candidate: string): number {
  return 0.5 + (0.5 * word.length) / candidate.length;
}

function firstNotBefore(words: readonly string[], word: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  return low;
}
