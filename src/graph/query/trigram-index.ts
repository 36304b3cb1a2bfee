import { distance } from 'fastest-levenshtein';

const GRAM = 3;
/** Of its grams and those of the other word, this share has to be common before letters are compared (Dice). */
const MIN_COMMON = 0.34;
const MAX_SIMILAR = 12;
/** Compared letter by letter, the best of them first. */
const MAX_COMPARED = 60;

export interface SimilarWord {
  readonly word: number;
  /** 1 for the same letters, less for each that differs. */
  readonly similarity: number;
}

/** Which words contain or resemble a text, by the runs of three letters in them. Made when first asked. */
export class TrigramIndex {
  readonly #words: readonly string[];
  #places: ReadonlyMap<string, readonly number[]> | undefined;
  #counts: Uint8Array | undefined;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** Words with the text inside but not at the beginning, in their order. Shorter texts than a gram are in none. */
  containing(text: string): number[] {
    const lists = innerGrams(text).map((gram) => this.#index().get(gram) ?? []);
    const rarest = lists.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return rarest.filter((word) => (this.#words[word] ?? '').includes(text, 1));
  }

  /** Words that differ from the text by at most a third of its letters, the most similar first. */
  similarTo(text: string): SimilarWord[] {
    const reach = Math.max(1, Math.floor(text.length / 3));
    const found: SimilarWord[] = [];
    for (const word of this.#sharing(text)) {
      const candidate = this.#words[word] ?? '';
      if (Math.abs(candidate.length - text.length) > reach) continue;
      const edits = distance(text, candidate);
      if (edits <= reach) found.push({ word, similarity: 1 - edits / Math.max(text.length, candidate.length) });
    }
    return found.toSorted((a, b) => b.similarity - a.similarity || a.word - b.word).slice(0, MAX_SIMILAR);
  }

  /** Words with the greatest share of common grams. */
  #sharing(text: string): number[] {
    const grams = gramsOf(text);
    const counts = (this.#counts ??= new Uint8Array(this.#words.length));
    const met: number[] = [];
    for (const gram of grams) {
      for (const word of this.#index().get(gram) ?? []) {
        if (counts[word] === 0) met.push(word);
        counts[word] = (counts[word] ?? 0) + 1;
      }
    }
    const shared = met.map((word) => ({ word, common: shareOf(counts[word] ?? 0, grams.length, this.#words[word]) }));
    for (const word of met) counts[word] = 0;
    const close = shared.filter(({ common }) => common >= MIN_COMMON);
    return close
      .toSorted((a, b) => b.common - a.common || a.word - b.word)
      .slice(0, MAX_COMPARED)
      .map(({ word }) => word);
  }

  #index(): ReadonlyMap<string, readonly number[]> {
    this.#places ??= placesOf(this.#words);
    return this.#places;
  }
}

function shareOf(common: number, grams: number, word = ''): number {
  return (2 * common) / (grams + word.length + GRAM - 1);
}

function placesOf(words: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [word, text] of words.entries()) {
    for (const gram of gramsOf(text)) {
      const list = places.get(gram);
      if (list === undefined) places.set(gram, [word]);
      else if (list.at(-1) !== word) list.push(word);
    }
  }
  return places;
}

/** With spaces around, so that beginnings and ends count for more than the middle, as in pg_trgm. */
function gramsOf(text: string): string[] {
  return innerGrams(`  ${text}  `);
}

function innerGrams(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - GRAM + 1) }, (_, at) => text.slice(at, at + GRAM));
}
