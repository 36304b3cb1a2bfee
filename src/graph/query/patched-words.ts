import { TrigramIndex } from './trigram-index.ts';
import type { WordIndex } from './word-index.ts';

export interface WordChanges {
  /** Whether what the index says of a row is out of date. */
  readonly isStale: (row: number) => boolean;
  /** What is true of the rows that are not new. */
  readonly fresh: WordIndex;
}

/**
 * The index without the stale rows and with the fresh ones. One pass over the postings: a large index is patched within
 * the time of a few questions, where making it anew takes a second. A word that stands nowhere any more is dropped: for
 * one that there is, no similar one is looked for.
 */
export function patchWords(index: WordIndex, { isStale, fresh }: WordChanges): WordIndex {
  const merged = mergeSorted(index.words, fresh.words);
  const words: string[] = [];
  const offsets = new Int32Array(merged.length + 1);
  const rows = new Int32Array(index.rows.length + fresh.rows.length);
  const frequencies = new Float32Array(rows.length);
  let count = 0;
  const push = (row: number, frequency: number): void => {
    rows[count] = row;
    frequencies[count] = frequency;
    count += 1;
  };
  for (const word of merged) {
    const recent = postingsOf(fresh, word);
    let next = recent.start;
    const pushBefore = (row: number): void => {
      for (; next < recent.end && rowAt(fresh, next) < row; next += 1)
        push(rowAt(fresh, next), frequencyAt(fresh, next));
    };
    const { start, end } = postingsOf(index, word);
    for (let at = start; at < end; at += 1) {
      const row = rowAt(index, at);
      if (isStale(row)) continue;
      pushBefore(row);
      push(row, frequencyAt(index, at));
    }
    pushBefore(Infinity);
    if (count === offsets[words.length]) continue;
    words.push(word);
    offsets[words.length] = count;
  }
  return {
    ...wordsOf(words, index),
    offsets: offsets.slice(0, words.length + 1),
    rows: rows.slice(0, count),
    frequencies: frequencies.slice(0, count),
  };
}

/** The words with what is looked up by them: that of the index where it has the same ones. */
function wordsOf(words: readonly string[], index: WordIndex): Omit<WordIndex, 'offsets' | 'rows' | 'frequencies'> {
  const isSame = words.length === index.words.length && words.every((word, place) => word === index.words[place]);
  if (isSame) return index;
  const wordAt = new Map(words.map((word, place) => [word, place]));
  return { words, wordAt, trigrams: new TrigramIndex(words), scales: index.scales };
}

function postingsOf({ wordAt, offsets }: WordIndex, word: string): { start: number; end: number } {
  const place = wordAt.get(word);
  return place === undefined ? { start: 0, end: 0 } : { start: offsets[place] ?? 0, end: offsets[place + 1] ?? 0 };
}

function rowAt({ rows }: WordIndex, at: number): number {
  return rows[at] ?? 0;
}

function frequencyAt({ frequencies }: WordIndex, at: number): number {
  return frequencies[at] ?? 0;
}

function mergeSorted(one: readonly string[], two: readonly string[]): readonly string[] {
  const known = new Set(one);
  const added = two.filter((word) => !known.has(word));
  return added.length === 0 ? one : [...one, ...added].toSorted();
}
