import { IntColumn } from '../engine/int-column.ts';
import { TrigramIndex } from './trigram-index.ts';

/** How much a word counts in one field of a document, and how much less in a long one (0 not at all, 1 in proportion). */
export interface FieldRule {
  readonly weight: number;
  readonly lengthShare: number;
}

/** Where each word stands and how much it counts there, in compressed sparse rows. */
export interface WordIndex {
  /** Sorted, so that words with a common beginning stand together; a word is named by its place. */
  readonly words: readonly string[];
  readonly wordAt: ReadonlyMap<string, number>;
  /** The postings of word `w` stand at `offsets[w] … offsets[w + 1] - 1`, in ascending order of rows. */
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
  /** How often the word stands in the row, over all fields by their weight and length. */
  readonly frequencies: Float32Array;
  readonly trigrams: TrigramIndex;
  /** By field: one over the mean number of its words. */
  readonly scales: readonly number[];
}

/**
 * Collects documents of several fields. A word's frequency in a document is summed over the fields as BM25F does
 * (Robertson, Zaragoza and Taylor, 2004), here and not at each question, since neither weights nor lengths change.
 */
export class WordIndexBuilder<Field extends string> {
  readonly #fields: readonly Field[];
  readonly #rules: readonly FieldRule[];
  readonly #wordIds = new Map<string, number>();
  readonly #entryWords = new IntColumn();
  readonly #entryRows = new IntColumn();
  readonly #entryFields = new IntColumn();
  /** Words by field and row. */
  readonly #lengths: readonly Uint32Array[];

  readonly #scales: readonly number[] | undefined;

  /** `scales` are those of an index that this one is to be part of. */
  constructor(
    rowCount: number,
    {
      rules,
      fields,
      scales,
    }: { rules: Readonly<Record<Field, FieldRule>>; fields: readonly Field[]; scales?: readonly number[] | undefined },
  ) {
    this.#scales = scales;
    this.#fields = fields;
    this.#rules = fields.map((field) => rules[field]);
    this.#lengths = fields.map(() => new Uint32Array(rowCount));
  }

  /** Rows come in ascending order. */
  add(row: number, field: Field, words: readonly string[]): void {
    const at = this.#fields.indexOf(field);
    const lengths = this.#lengths[at];
    if (lengths === undefined) return;
    lengths[row] = (lengths[row] ?? 0) + words.length;
    for (const word of words) {
      let id = this.#wordIds.get(word);
      if (id === undefined) this.#wordIds.set(word, (id = this.#wordIds.size));
      this.#entryWords.push(id);
      this.#entryRows.push(row);
      this.#entryFields.push(at);
    }
  }

  build(): WordIndex {
    const words = [...this.#wordIds.keys()].toSorted();
    const placeOf = new Int32Array(words.length);
    for (const [place, word] of words.entries()) placeOf[this.#wordIds.get(word) ?? 0] = place;
    const order = this.#entriesByWord(placeOf);
    const scales = this.#scales ?? this.#lengths.map(scaleOf);
    return {
      words,
      wordAt: new Map(words.map((word, place) => [word, place])),
      ...this.#postings(order, { placeOf, scales }),
      scales,
      trigrams: new TrigramIndex(words),
    };
  }

  /** Counting sort: entries of a word stand together, still in the order of rows. */
  #entriesByWord(placeOf: Int32Array): Int32Array {
    const next = new Int32Array(placeOf.length + 1);
    const count = this.#entryWords.length;
    for (let entry = 0; entry < count; entry += 1) {
      const slot = (placeOf[this.#entryWords.at(entry)] ?? 0) + 1;
      next[slot] = (next[slot] ?? 0) + 1;
    }
    for (let place = 0; place < placeOf.length; place += 1)
      next[place + 1] = (next[place + 1] ?? 0) + (next[place] ?? 0);
    const order = new Int32Array(count);
    for (let entry = 0; entry < count; entry += 1) {
      const place = placeOf[this.#entryWords.at(entry)] ?? 0;
      order[next[place] ?? 0] = entry;
      next[place] = (next[place] ?? 0) + 1;
    }
    return order;
  }

  /** One posting for each word and row, of all its entries. */
  #postings(
    order: Int32Array,
    { placeOf, scales }: { placeOf: Int32Array; scales: readonly number[] },
  ): Pick<WordIndex, 'offsets' | 'rows' | 'frequencies'> {
    const offsets = new Int32Array(placeOf.length + 1);
    const rows = new Int32Array(order.length);
    const frequencies = new Float32Array(order.length);
    let last = -1;
    let lastPlace = -1;
    for (const entry of order) {
      const place = placeOf[this.#entryWords.at(entry)] ?? 0;
      const row = this.#entryRows.at(entry);
      if (place !== lastPlace || rows[last] !== row) last += 1;
      lastPlace = place;
      rows[last] = row;
      offsets[place + 1] = last + 1;
      frequencies[last] = (frequencies[last] ?? 0) + this.#frequencyOf(this.#entryFields.at(entry), row, scales);
    }
    return { offsets, rows: rows.slice(0, last + 1), frequencies: frequencies.slice(0, last + 1) };
  }

  #frequencyOf(field: number, row: number, scales: readonly number[]): number {
    const { weight, lengthShare } = this.#rules[field] ?? { weight: 0, lengthShare: 0 };
    const relative = (this.#lengths[field]?.[row] ?? 0) * (scales[field] ?? 0);
    return weight / (1 - lengthShare + lengthShare * relative);
  }
}

/** Rows in which a word stands. */
export function rowsOf({ wordAt, offsets, rows }: WordIndex, word: string): Int32Array {
  const place = wordAt.get(word) ?? -1;
  return rows.subarray(offsets[place] ?? 0, offsets[place + 1] ?? 0);
}

/** One over the mean length of those that have the field at all: most declarations have no comment. */
function scaleOf(lengths: Uint32Array): number {
  let total = 0;
  let count = 0;
  for (const length of lengths) {
    total += length;
    count += length === 0 ? 0 : 1;
  }
  return total === 0 ? 0 : count / total;
}
