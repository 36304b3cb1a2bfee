import { NODE_KINDS } from '../graph-schema.ts';
import type { GraphColumns } from '../graph-schema.ts';
import { splitWords, squash, stem } from './identifier-words.ts';

/** How much a word counts by where it stands. */
const WEIGHTS = { name: 3, container: 1, doc: 0.5, path: 1, folder: 0.5 } as const;
const SHORTEST_DOC_WORD = 3;

/** Where a word stands: rows (nodes or files) in ascending order, and how much it counts in each. */
export interface Postings {
  readonly rows: readonly number[];
  readonly weights: readonly number[];
}

export interface WordIndex {
  readonly postings: ReadonlyMap<string, Postings>;
  /** Sorted, so that words with a common beginning stand together. */
  readonly words: readonly string[];
  /** Sum of the weights in a row, and their mean over all rows. */
  readonly lengths: Float32Array;
  readonly meanLength: number;
}

export interface SearchIndex {
  /** By the node's own words: name, whole name, container, doc; for a file its path. */
  readonly nodes: WordIndex;
  /** By the words of a file's path; rows are files. Kept apart, so that a path is not repeated for each node in it. */
  readonly paths: WordIndex;
}

export function createSearchIndex(columns: GraphColumns): SearchIndex {
  const nodes = new WordIndexBuilder(columns.nodes.count);
  const paths = new WordIndexBuilder(columns.files.length);
  for (const [row, file] of columns.files.entries()) addPath(paths, row, file.path);
  for (let row = 0; row < columns.nodes.count; row += 1) addNode(nodes, columns, row);
  return { nodes: nodes.build(), paths: paths.build() };
}

const FILE = NODE_KINDS.indexOf('file');

function addNode(builder: WordIndexBuilder, { nodes, files }: GraphColumns, row: number): void {
  if (nodes.kind[row] === FILE) {
    addPath(builder, row, files[nodes.file[row] ?? -1]?.path ?? '');
    return;
  }
  addName(builder, row, nodes.name[row] ?? '');
  const container = nodes.container[row] ?? -1;
  if (container >= 0 && nodes.kind[container] !== FILE) {
    for (const word of splitWords(nodes.name[container] ?? '')) builder.add(stem(word), row, WEIGHTS.container);
  }
  for (const word of splitWords(nodes.doc[row] ?? '')) {
    if (word.length >= SHORTEST_DOC_WORD) builder.add(stem(word), row, WEIGHTS.doc);
  }
}

function addName(builder: WordIndexBuilder, row: number, name: string): void {
  const words = splitWords(name);
  for (const word of words) builder.add(stem(word), row, WEIGHTS.name);
  const whole = squash(name);
  if (words.length > 1 && whole !== '') builder.add(whole, row, WEIGHTS.name);
}

function addPath(builder: WordIndexBuilder, row: number, path: string): void {
  const slash = path.lastIndexOf('/');
  for (const word of splitWords(path.slice(0, slash + 1))) builder.add(stem(word), row, WEIGHTS.folder);
  const file = path.slice(slash + 1);
  for (const word of splitWords(file)) builder.add(stem(word), row, WEIGHTS.path);
  builder.add(squash(file.replace(/\.[^.]*$/, '')), row, WEIGHTS.path);
}

class WordIndexBuilder {
  readonly #postings = new Map<string, { readonly rows: number[]; readonly weights: number[] }>();
  readonly #lengths: Float32Array;

  constructor(count: number) {
    this.#lengths = new Float32Array(count);
  }

  /** Rows come in ascending order. */
  add(word: string, row: number, weight: number): void {
    this.#lengths[row] = (this.#lengths[row] ?? 0) + weight;
    const postings = this.#postings.get(word);
    if (postings === undefined) {
      this.#postings.set(word, { rows: [row], weights: [weight] });
      return;
    }
    const last = postings.rows.length - 1;
    if (postings.rows[last] === row) {
      postings.weights[last] = (postings.weights[last] ?? 0) + weight;
    } else {
      postings.rows.push(row);
      postings.weights.push(weight);
    }
  }

  build(): WordIndex {
    const total = this.#lengths.reduce((sum, length) => sum + length, 0);
    return {
      postings: this.#postings,
      words: [...this.#postings.keys()].toSorted(),
      lengths: this.#lengths,
      meanLength: total / Math.max(1, this.#lengths.length),
    };
  }
}
