import type { QueryTerm } from './query-words.ts';
import type { SearchIndex } from './search-index.ts';
import type { WordIndex } from './word-index.ts';
import { meetingWords } from './word-meetings.ts';
import type { Meetings, MetWord } from './word-meetings.ts';

/** Above BM25's usual 1.2: a word in name, path and body is better than one in the name thrice over. */
const SATURATION = 2;

/** Where its rarer words make hits enough, a query does not mean what has only its most frequent ones. */
const ENOUGH_HITS = 1_000;

/** How a row came to be a hit. */
const MET = { nothing: 0, similarWord: 1, word: 2 } as const;

export interface WordScores {
  /** Rows that meet a word of the query in their own words, in no order. */
  readonly rows: readonly number[];
  /** By row; 0 in all others. */
  readonly scores: Float32Array;
  /** Whether a row has a word of the query, not only one that resembles it. */
  readonly hasWord: (row: number) => boolean;
  /** Words of the query that nothing has; similar ones stand in for them, if there are any. */
  readonly unknown: readonly string[];
}

export interface WordQuery {
  readonly terms: readonly QueryTerm[];
  /** Index into files, by node. */
  readonly fileOf: Int32Array;
  /** Others are no hits, and do not count as enough of them. */
  readonly isWanted: (row: number) => boolean;
}

/**
 * BM25F (Robertson, Zaragoza and Taylor, 2004) over a node's own words, its path and what it uses. Only own words make
 * a hit; the others tell hits apart. Scaled by the root of the share of the query's words that are met.
 */
export function scoreWords(index: SearchIndex, { terms, fileOf, isWanted }: WordQuery): WordScores {
  const scoring = new Scoring(index, fileOf);
  const meetings = terms.map((one) => ({ ...one, own: meetingWords(index.nodes, one.term, terms.length) }));
  const rareFirst = meetings.toSorted((a, b) => a.own.placeCount - b.own.placeCount);
  for (const { own } of rareFirst) {
    if (scoring.hitCount >= ENOUGH_HITS) break;
    scoring.admit(own, isWanted);
  }
  for (const { term, own } of meetings) scoring.add(term, own, terms.length);
  const unknown = meetings.filter(({ own, isWhole }) => !isWhole && (own.isSimilar || own.words.length === 0));
  return { ...scoring.finish(terms.length), unknown: unknown.map(({ typed }) => typed) };
}

/** The scores of one search, made in two rounds: first which rows are hits, then what each word adds to them. */
class Scoring {
  readonly #index: SearchIndex;
  readonly #fileOf: Int32Array;
  readonly #rows: number[] = [];
  readonly #how: Uint8Array;
  readonly #scores: Float32Array;
  /** Number of terms that a row meets anywhere. */
  readonly #met: Uint8Array;
  /** Of the present term: its frequency by row, and the rows in which it is not zero. */
  readonly #frequencies: Float32Array;
  #touched: number[] = [];

  constructor(index: SearchIndex, fileOf: Int32Array) {
    this.#index = index;
    this.#fileOf = fileOf;
    this.#how = new Uint8Array(fileOf.length);
    this.#scores = new Float32Array(fileOf.length);
    this.#met = new Uint8Array(fileOf.length);
    this.#frequencies = new Float32Array(fileOf.length);
  }

  get hitCount(): number {
    return this.#rows.length;
  }

  admit({ words, isSimilar }: Meetings, isWanted: WordQuery['isWanted']): void {
    const { offsets, rows } = this.#index.nodes;
    const how = isSimilar ? MET.similarWord : MET.word;
    for (const { word } of words) {
      const end = offsets[word + 1] ?? 0;
      for (let at = offsets[word] ?? 0; at < end; at += 1) {
        const row = rows[at] ?? 0;
        const known = this.#how[row] ?? 0;
        if (known === MET.nothing) {
          if (!isWanted(row)) continue;
          this.#rows.push(row);
        }
        if (how > known) this.#how[row] = how;
      }
    }
  }

  add(term: string, own: Meetings, termCount: number): void {
    const { nodes, paths, bodies } = this.#index;
    let count = own.placeCount;
    const how = own.isSimilar ? MET.similarWord : MET.word;
    for (const met of own.words) this.#addOwn(nodes, met, how);
    if (!own.isSimilar) {
      count = Math.max(count, this.#addBodies(bodies, bodies.wordAt.get(term)));
      this.#addPaths(paths, meetingWords(paths, term, termCount));
    }
    this.#settle(rarityOf(count, this.#scores.length));
  }

  finish(termCount: number): Omit<WordScores, 'unknown'> {
    for (const row of this.#rows) {
      this.#scores[row] = (this.#scores[row] ?? 0) * Math.sqrt((this.#met[row] ?? 0) / termCount);
    }
    return { rows: this.#rows, scores: this.#scores, hasWord: (row) => this.#how[row] === MET.word };
  }

  /** The best of the words that meet the term counts. */
  #addOwn({ offsets, rows, frequencies }: WordIndex, { word, quality }: MetWord, how: number): void {
    const end = offsets[word + 1] ?? 0;
    for (let at = offsets[word] ?? 0; at < end; at += 1) {
      const row = rows[at] ?? 0;
      const before = this.#how[row] ?? 0;
      if (before === MET.nothing) continue;
      if (how > before) this.#how[row] = how;
      const frequency = quality * (frequencies[at] ?? 0);
      const known = this.#frequencies[row] ?? 0;
      if (known === 0) this.#touched.push(row);
      if (frequency > known) this.#frequencies[row] = frequency;
    }
  }

  #addBodies({ offsets, rows, frequencies }: WordIndex, word = -1): number {
    const start = offsets[word] ?? 0;
    const end = offsets[word + 1] ?? start;
    for (let at = start; at < end; at += 1) {
      const row = rows[at] ?? 0;
      if (this.#how[row] !== MET.nothing) this.#increase(row, frequencies[at] ?? 0);
    }
    return end - start;
  }

  #addPaths({ offsets, rows, frequencies }: WordIndex, { words, isSimilar }: Meetings): void {
    if (words.length === 0 || isSimilar) return;
    const byFile = new Float32Array(this.#index.fileCount);
    for (const { word, quality } of words) {
      const end = offsets[word + 1] ?? 0;
      for (let at = offsets[word] ?? 0; at < end; at += 1) {
        const file = rows[at] ?? 0;
        byFile[file] = Math.max(byFile[file] ?? 0, quality * (frequencies[at] ?? 0));
      }
    }
    for (const row of this.#rows) {
      const frequency = byFile[this.#fileOf[row] ?? -1] ?? 0;
      if (frequency > 0) this.#increase(row, frequency);
    }
  }

  #increase(row: number, frequency: number): void {
    const known = this.#frequencies[row] ?? 0;
    if (known === 0) this.#touched.push(row);
    this.#frequencies[row] = known + frequency;
  }

  #settle(rarity: number): void {
    for (const row of this.#touched) {
      const frequency = this.#frequencies[row] ?? 0;
      this.#scores[row] = (this.#scores[row] ?? 0) + (rarity * frequency * (SATURATION + 1)) / (frequency + SATURATION);
      this.#met[row] = (this.#met[row] ?? 0) + 1;
      this.#frequencies[row] = 0;
    }
    this.#touched = [];
  }
}

/**
 * One document frequency for all indexed words that a term meets, so that a rare longer word does not outrank the word
 * itself.
 */
function rarityOf(count: number, rowCount: number): number {
  const bounded = Math.min(count, rowCount);
  return Math.log(1 + (rowCount - bounded + 0.5) / (bounded + 0.5));
}
