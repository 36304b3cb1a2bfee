import { NODE_KINDS } from '../graph-schema.ts';
import type { GraphColumns } from '../graph-schema.ts';
import { kindMask } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { DEPENDENCIES } from './edge-groups.ts';
import { splitWords, squash, stem } from './identifier-words.ts';
import { WordIndexBuilder } from './word-index.ts';
import type { FieldRule, WordIndex } from './word-index.ts';

/**
 * How much a word counts by where it stands, tuned with the sentences of `npm run bench -- search` on other
 * repositories than the one by which it is judged.
 */
const RULES = {
  name: { weight: 4, lengthShare: 0.8 },
  container: { weight: 1, lengthShare: 0.2 },
  doc: { weight: 0.5, lengthShare: 0.5 },
  file: { weight: 1.5, lengthShare: 0.4 },
  folder: { weight: 0.5, lengthShare: 0.4 },
  body: { weight: 0.5, lengthShare: 0.5 },
} as const satisfies Record<string, FieldRule>;
type Field = keyof typeof RULES;

const SHORTEST_DOC_WORD = 3;

export interface SearchIndex {
  /** By the node's own words: name, whole name, container, doc; for a file its path. */
  readonly nodes: WordIndex;
  /** By the words of a file's path; rows are files. Kept apart, so that a path is not repeated for each node in it. */
  readonly paths: WordIndex;
  /** By the words in the names of what a node uses and holds: they tell what it does, but not that it is what was meant. */
  readonly bodies: WordIndex;
  readonly fileCount: number;
}

export function createSearchIndex(columns: GraphColumns, forward: Adjacency): SearchIndex {
  const nodeCount = columns.nodes.count;
  const nodes = new WordIndexBuilder<Field>(nodeCount, RULES, ['name', 'container', 'doc', 'file', 'folder']);
  const paths = new WordIndexBuilder<Field>(columns.files.length, RULES, ['file', 'folder']);
  const bodies = new WordIndexBuilder<Field>(nodeCount, RULES, ['body']);
  const wordsOf = memoised((name) => splitWords(name).map(stem));
  for (const [row, file] of columns.files.entries()) addPath(paths, row, file.path);
  for (let row = 0; row < nodeCount; row += 1) {
    addNode({ builder: nodes, columns, wordsOf }, row);
    bodies.add(row, 'body', bodyOf({ columns, forward, wordsOf }, row));
  }
  return { nodes: nodes.build(), paths: paths.build(), bodies: bodies.build(), fileCount: columns.files.length };
}

const FILE = NODE_KINDS.indexOf('file');
const INSIDE = DEPENDENCIES | kindMask(['contains']);

interface NodeWords {
  readonly builder: WordIndexBuilder<Field>;
  readonly columns: GraphColumns;
  readonly wordsOf: (name: string) => readonly string[];
}

function addNode({ builder, columns: { nodes, files }, wordsOf }: NodeWords, row: number): void {
  if (nodes.kind[row] === FILE) {
    addPath(builder, row, files[nodes.file[row] ?? -1]?.path ?? '');
    return;
  }
  const name = nodes.name[row] ?? '';
  const words = wordsOf(name);
  const whole = squash(name);
  builder.add(row, 'name', words.length > 1 && whole !== '' ? [...words, whole] : words);
  const container = nodes.container[row] ?? -1;
  if (container >= 0 && nodes.kind[container] !== FILE) {
    builder.add(row, 'container', wordsOf(nodes.name[container] ?? ''));
  }
  const doc = splitWords(nodes.doc[row] ?? '').filter((word) => word.length >= SHORTEST_DOC_WORD);
  builder.add(row, 'doc', doc.map(stem));
}

function addPath(builder: WordIndexBuilder<Field>, row: number, path: string): void {
  const slash = path.lastIndexOf('/');
  builder.add(row, 'folder', splitWords(path.slice(0, slash + 1)).map(stem));
  const file = path.slice(slash + 1);
  builder.add(row, 'file', [...splitWords(file).map(stem), squash(file.replace(/\.[^.]*$/, ''))]);
}

interface BodyWords extends Omit<NodeWords, 'builder'> {
  readonly forward: Adjacency;
}

/** Each thing that is used or held counts once, however often it is. */
function bodyOf({ columns, forward, wordsOf }: BodyWords, row: number): string[] {
  const targets = new Set<number>();
  const end = forward.offsets[row + 1] ?? 0;
  for (let at = forward.offsets[row] ?? 0; at < end; at += 1) {
    if (((INSIDE >> (forward.kind[at] ?? 0)) & 1) === 1) targets.add(forward.neighbour[at] ?? 0);
  }
  return [...targets].flatMap((target) => wordsOf(columns.nodes.name[target] ?? ''));
}

function memoised(make: (text: string) => readonly string[]): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const found = known.get(text) ?? make(text);
    known.set(text, found);
    return found;
  };
}
