import type { SearchIndex } from './search-index.ts';
import type { WordIndex } from './word-index.ts';
import { meetingWords } from './word-meetings.ts';
import type { Meetings } from './word-meetings.ts';

/** BM25's usual saturation. */
const SATURATION = 1.2;

/** How a row came to be a hit. */
const MET = { nothing: 0, similarWord: 1, word: 2 } as const;

export interface WordScores {
  /** Rows that meet a word of the query in their own words, in no order. */
  readonly rows: readonly number[];
  /** By row; 0 in all others. */
  readonly scores: Float32Array;
  /** Whether a row has a word of the query, not only one that resembles it. */
  hasWord(row: number): boolean;
  /** Words of the query that nothing has, and for which similar ones stand in. */
  readonly replaced: readonly string[];
}

export interface WordQuery {
  readonly terms: readonly string[];
  /** Index into files, by node. */
  readonly fileOf: Int32Array;
}

/**
 * BM25F (Robertson, Zaragoza and Taylor, 2004) over a node's own words, its path and what it uses. Only own words make
 * a hit; the others tell hits apart. Scaled by the share of the query's words that are met.
 */
export function scoreWords(index: SearchIndex, { terms, fileOf }: WordQuery): WordScores {
  const scoring = new Scoring(index, fileOf);
  const meetings = terms.map((term) => ({ term, own: meetingWords(index.nodes, term, terms.length) }));
  for (const { own } of meetings) scoring.admit(own);
  for (const { term, own } of meetings) scoring.add(term, own, terms.length);
  return {
    ...scoring.finish(terms.length),
    replaced: meetings.filter(({ own }) => own.isSimilar).map(({ term }) => term),
  };
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

  admit({ words, isSimilar }: Meetings): void {
    const how = isSimilar ? MET.similarWord : MET.word;
    for (const { word } of words) {
      eachPosting(this.#index.nodes, word, (row) => {
        const known = this.#how[row] ?? 0;
        if (known === MET.nothing) this.#rows.push(row);
        if (how > known) this.#how[row] = how;
      });
    }
  }

  add(term: string, own: Meetings, termCount: number): void {
    const { nodes, paths, bodies } = this.#index;
    let count = 0;
    for (const { word, quality } of own.words) {
      count += eachPosting(nodes, word, (row, frequency) => this.#raise(row, quality * frequency));
    }
    const body = own.isSimilar ? undefined : bodies.wordAt.get(term);
    if (body !== undefined) {
      const bodyCount = eachPosting(bodies, body, (row, frequency) => {
        if (this.#how[row] !== MET.nothing) this.#increase(row, frequency);
      });
      count = Math.max(count, bodyCount);
    }
    const byFile = own.isSimilar
      ? undefined
      : pathFrequencies(paths, meetingWords(paths, term, termCount), this.#fileOf);
    if (byFile !== undefined) for (const row of this.#rows) this.#increase(row, byFile[this.#fileOf[row] ?? -1] ?? 0);
    this.#settle(rarityOf(count, this.#scores.length));
  }

  finish(termCount: number): Omit<WordScores, 'replaced'> {
    for (const row of this.#rows) this.#scores[row] = ((this.#scores[row] ?? 0) * (this.#met[row] ?? 0)) / termCount;
    return { rows: this.#rows, scores: this.#scores, hasWord: (row) => this.#how[row] === MET.word };
  }

  #raise(row: number, frequency: number): void {
    const known = this.#frequencies[row] ?? 0;
    if (known === 0) this.#touched.push(row);
    if (frequency > known) this.#frequencies[row] = frequency;
  }

  #increase(row: number, frequency: number): void {
    if (frequency === 0) return;
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

/** Calls for each row that has the word; returns their number. */
function eachPosting(index: WordIndex, word: number, visit: (row: number, frequency: number) => void): number {
  const from = index.offsets[word] ?? 0;
  const end = index.offsets[word + 1] ?? 0;
  for (let at = from; at < end; at += 1) visit(index.rows[at] ?? 0, index.frequencies[at] ?? 0);
  return end - from;
}

/** By file; undefined when no path has the term. */
function pathFrequencies(paths: WordIndex, meetings: Meetings, fileOf: Int32Array): Float32Array | undefined {
  if (meetings.words.length === 0 || meetings.isSimilar) return undefined;
  const byFile = new Float32Array(fileOf.length);
  for (const { word, quality } of meetings.words) {
    eachPosting(paths, word, (file, frequency) => {
      byFile[file] = Math.max(byFile[file] ?? 0, quality * frequency);
    });
  }
  return byFile;
}

/**
 * One document frequency for all indexed words that a term meets, so that a rare longer word does not outrank the word
 * itself.
 */
function rarityOf(count: number, rowCount: number): number {
  const bounded = Math.min(count, rowCount);
  return Math.log(1 + (rowCount - bounded + 0.5) / (bounded + 0.5));
}
