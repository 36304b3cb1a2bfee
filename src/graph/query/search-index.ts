import { NODE_KINDS } from '../graph-schema.ts';
import type { GraphColumns } from '../graph-schema.ts';
import { kindMask } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { DEPENDENCIES } from './edge-groups.ts';
import { splitWords, squash, stem } from './identifier-words.ts';
import { patchWords } from './patched-words.ts';
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
  const nodes = Array.from({ length: columns.nodes.count }, (_, row) => row);
  return indexRows({ columns, forward }, { nodes, files: [...columns.files.keys()] });
}

/** The index after some rows have changed: it is patched, not made anew. */
export function patchSearchIndex(index: SearchIndex, graph: SearchedGraph, changed: ChangedRows): SearchIndex {
  const isThere = (row: number): boolean => graph.columns.nodes.id[row] !== '';
  const nodes = [...changed.nodes].filter(isThere).toSorted((one, two) => one - two);
  const files = [...changed.files].toSorted((one, two) => one - two);
  const fresh = indexRows(graph, { nodes, files }, index);
  const isStaleNode = (row: number): boolean => changed.nodes.has(row);
  const isStaleFile = (row: number): boolean => changed.files.has(row);
  return {
    nodes: patchWords(index.nodes, { isStale: isStaleNode, fresh: fresh.nodes }),
    paths: patchWords(index.paths, { isStale: isStaleFile, fresh: fresh.paths }),
    bodies: patchWords(index.bodies, { isStale: isStaleNode, fresh: fresh.bodies }),
    fileCount: graph.columns.files.length,
  };
}

export interface SearchedGraph {
  readonly columns: GraphColumns;
  readonly forward: Adjacency;
}

export interface ChangedRows {
  readonly nodes: ReadonlySet<number>;
  /** Of files. */
  readonly files: ReadonlySet<number>;
}

/** In ascending order. */
interface IndexedRows {
  readonly nodes: readonly number[];
  readonly files: readonly number[];
}

function indexRows({ columns, forward }: SearchedGraph, rows: IndexedRows, partOf?: SearchIndex): SearchIndex {
  const { count } = columns.nodes;
  const own = { rules: RULES, fields: ['name', 'container', 'doc', 'file', 'folder'] } as const;
  const nodes = new WordIndexBuilder<Field>(count, { ...own, scales: partOf?.nodes.scales });
  const ofPath = { rules: RULES, fields: ['file', 'folder'], scales: partOf?.paths.scales } as const;
  const paths = new WordIndexBuilder<Field>(columns.files.length, ofPath);
  const bodies = new WordIndexBuilder<Field>(count, { rules: RULES, fields: ['body'], scales: partOf?.bodies.scales });
  const wordsOf = memoised((name) => splitWords(name).map(stem));
  for (const row of rows.files) addPath(paths, row, columns.files[row]?.path ?? '');
  for (const row of rows.nodes) {
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
  const end = forward.ends[row] ?? 0;
  for (let at = forward.starts[row] ?? 0; at < end; at += 1) {
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
