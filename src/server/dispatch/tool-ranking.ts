/** A text of a document, and how much its words count. */
interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

/** Okapi BM25 (Robertson and Zaragoza 2009) with their usual constants, over weighted fields. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** Another form of a word, or a word that goes on, is a weaker sign than the word itself. */
const KIN_WEIGHT = 0.5;
const MIN_STEM_LENGTH = 4;
const INFLECTION = /^(?:e?d|e?r|e?rs|ing|ion|ions|ment)$/;

interface RankedDocument {
  /** Weighted number of times, by word. */
  readonly words: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Ranks a few hundred short documents by the words of a question. Made once, asked often. */
export class ToolRanking {
  readonly #documents: readonly RankedDocument[];
  readonly #averageLength: number;

  constructor(documents: readonly (readonly WeightedText[])[]) {
    this.#documents = documents.map(documentOf);
    const total = this.#documents.reduce((sum, { length }) => sum + length, 0);
    this.#averageLength = Math.max(1, total / Math.max(1, documents.length));
  }

  /** A score for each document, in their order; 0 for none of the words. */
  scores(question: string): readonly number[] {
    const scores = this.#documents.map(() => 0);
    for (const word of new Set(wordsOf(question))) {
      const counts = this.#documents.map(({ words }) => countOf(words, word));
      const having = counts.filter((count) => count > 0).length;
      const rarity = Math.log(1 + (counts.length - having + 0.5) / (having + 0.5));
      for (const [index, count] of counts.entries()) {
        const length = (this.#documents[index]?.length ?? 0) / this.#averageLength;
        const norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length);
        scores[index] = (scores[index] ?? 0) + (rarity * count * (SATURATION + 1)) / (count + norm);
      }
    }
    return scores;
  }
}

function documentOf(texts: readonly WeightedText[]): RankedDocument {
  const words = new Map<string, number>();
  let length = 0;
  for (const { text, weight } of texts) {
    for (const word of wordsOf(text)) {
      words.set(word, (words.get(word) ?? 0) + weight);
      length += weight;
    }
  }
  return { words, length };
}

function countOf(words: ReadonlyMap<string, number>, word: string): number {
  const exact = words.get(word);
  if (exact !== undefined) return exact;
  let count = 0;
  for (const [other, times] of words) {
    if (isKin(word, other)) count += times * KIN_WEIGHT;
  }
  return count;
}

/** `cycl` asks for cycles, `renaming` for a rename; `graphml` for no graph. */
function isKin(asked: string, word: string): boolean {
  if (asked.length >= MIN_STEM_LENGTH && word.startsWith(asked)) return true;
  return word.length >= MIN_STEM_LENGTH && asked.startsWith(word) && INFLECTION.test(asked.slice(word.length));
}

/** So frequent in questions that they tell nothing. */
const STOP_WORDS = new Set([
  'a',
  'an',
  'and',
  'by',
  'for',
  'how',
  'i',
  'in',
  'is',
  'it',
  'of',
  'on',
  'or',
  'that',
  'the',
  'to',
  'what',
  'which',
  'with',
]);

/** Words in small letters, without a plural s. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !STOP_WORDS.has(word))
    .map((word) => word.replace(/(?<=[^s]{2})s$/, ''));
}
