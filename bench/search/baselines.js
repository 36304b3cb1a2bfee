import { splitWords, stem } from '../../dist/src/graph/query/identifier-words.js';

/**
 * @typedef {import('../../dist/src/graph/query/graph-view.js').GraphView} GraphView
 * @typedef {(query: string) => number[]} Search rows, best first
 */

const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;

/**
 * Plain BM25 (Robertson, 1994) on the words of names alone, with the usual constants.
 * @param {GraphView} view
 * @param {ReadonlySet<number>} asked
 * @returns {Search}
 */
export function bm25OnNames(view, asked) {
  /** @type {Map<string, Map<number, number>>} */
  const postings = new Map();
  /** @type {Map<number, number>} */
  const lengths = new Map();
  for (const row of asked) {
    const words = wordsOf(view.nameOf(row));
    lengths.set(row, words.length);
    for (const word of words) {
      const rows = postings.get(word) ?? noRows();
      postings.set(word, rows.set(row, (rows.get(row) ?? 0) + 1));
    }
  }
  const mean = [...lengths.values()].reduce((sum, length) => sum + length, 0) / Math.max(1, asked.size);
  return (query) => {
    /** @type {Map<number, number>} */
    const scores = new Map();
    for (const word of new Set(wordsOf(query))) {
      const rows = postings.get(word) ?? noRows();
      const rarity = Math.log(1 + (asked.size - rows.size + 0.5) / (rows.size + 0.5));
      for (const [row, count] of rows) {
        const length = 1 - LENGTH_SHARE + (LENGTH_SHARE * (lengths.get(row) ?? 0)) / mean;
        const score = (rarity * count * (SATURATION + 1)) / (count + SATURATION * length);
        scores.set(row, (scores.get(row) ?? 0) + score);
      }
    }
    return inOrder(scores);
  };
}

/**
 * Words of the query that stand in the name as they are, whatever their case; the most first, then the shortest name.
 * @param {GraphView} view
 * @param {ReadonlySet<number>} asked
 * @returns {Search}
 */
export function substringInNames(view, asked) {
  const names = [...asked].map((row) => ({ row, name: view.nameOf(row).toLowerCase() }));
  return (query) => {
    const words = new Set(query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
    /** @type {Map<number, number>} */
    const scores = new Map();
    for (const { row, name } of names) {
      let found = 0;
      for (const word of words) found += name.includes(word) ? 1 : 0;
      if (found > 0) scores.set(row, found - name.length / 1000);
    }
    return inOrder(scores);
  };
}

/** @returns {Map<number, number>} */
function noRows() {
  return new Map();
}

/** @param {string} text */
function wordsOf(text) {
  return splitWords(text).map(stem);
}

/** @param {ReadonlyMap<number, number>} scores */
function inOrder(scores) {
  return [...scores].toSorted(([a, x], [b, y]) => y - x || a - b).map(([row]) => row);
}
