/**
 * @typedef {import('../../dist/src/graph/query/graph-view.js').GraphView} GraphView
 *
 * @typedef {object} Question
 * @property {string} sentence
 * @property {ReadonlySet<number>} answers rows of all symbols that begin their comment with it
 */

/** What people look for, and comment on. Fields repeat each other's comments, so that no search could tell them apart. */
const KINDS = new Set(['class', 'interface', 'type', 'enum', 'function', 'method', 'accessor', 'component']);
const FEWEST_WORDS = 3;
const TEST_PATH = /(?:^|\/)(?:__tests__|tests?|spec|e2e)\/|\.(?:test|spec|e2e|cy)\.[cm]?[jt]sx?$/;

/**
 * Symbols among which an answer is looked for.
 * @param {GraphView} view
 * @returns {ReadonlySet<number>}
 */
export function askedSymbols(view) {
  const rows = Array.from({ length: view.nodeCount }, (_, row) => row);
  return new Set(rows.filter((row) => KINDS.has(view.kindOf(row)) && !TEST_PATH.test(view.pathOf(row))));
}

/**
 * First sentences of doc comments, evenly over the graph, at most `count`.
 * @param {GraphView} view
 * @param {{ asked: ReadonlySet<number>, count: number }} options
 * @returns {Question[]}
 */
export function questionsOf(view, { asked, count }) {
  /** @type {Map<string, Set<number>>} */
  const answers = new Map();
  for (const row of asked) {
    const sentence = firstSentence(view.columns.nodes.doc[row] ?? '');
    if (sentence.split(/\s+/).length < FEWEST_WORDS) continue;
    answers.set(sentence, (answers.get(sentence) ?? new Set()).add(row));
  }
  const all = [...answers].map(([sentence, rows]) => ({ sentence, answers: rows }));
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, at) => all[Math.floor(at * step)]).filter(
    (question) => question !== undefined,
  );
}

/** @param {string} doc */
function firstSentence(doc) {
  const [sentence = ''] = doc.split(/(?<=[.!?])\s/);
  // Longer questions than the search takes.
  return sentence.replaceAll(/\{@link\s+([^}]*)\}/g, '$1').slice(0, 200);
}

/**
 * The graph without comments, so that nothing is found by the text that is asked with.
 * @param {GraphView['columns']} columns
 */
export function withoutDocs(columns) {
  return { ...columns, nodes: { ...columns.nodes, doc: columns.nodes.doc.map(() => '') } };
}

/**
 * The same graph side by side until it has at least so many nodes: the same words, in more places than in life.
 * @param {GraphView['columns']} columns
 * @param {number} nodeCount
 * @returns {GraphView['columns']}
 */
export function repeated(columns, nodeCount) {
  const { files, nodes, edges } = columns;
  const copies = Math.ceil(nodeCount / nodes.count);
  const numbers = Array.from({ length: copies }, (_, copy) => copy);
  /** @template T @param {readonly T[]} list */
  const lists = (list) => numbers.flatMap(() => list);
  /** @param {Uint8Array} column */
  const bytes = (column) => Uint8Array.from(numbers.flatMap(() => [...column]));
  /** @param {Int32Array} column @param {number} by */
  const shifted = (column, by) =>
    Int32Array.from(numbers.flatMap((copy) => Array.from(column, (value) => (value < 0 ? value : value + copy * by))));
  return {
    ...columns,
    files: numbers.flatMap((copy) => files.map((file) => ({ ...file, path: `copy${copy}/${file.path}` }))),
    nodes: {
      count: nodes.count * copies,
      id: numbers.flatMap((copy) => nodes.id.map((id) => `${copy}-${id}`)),
      name: lists(nodes.name),
      signature: lists(nodes.signature),
      doc: lists(nodes.doc),
      kind: bytes(nodes.kind),
      flags: bytes(nodes.flags),
      file: shifted(nodes.file, files.length),
      container: shifted(nodes.container, nodes.count),
      start: shifted(nodes.start, 0),
      end: shifted(nodes.end, 0),
      line: shifted(nodes.line, 0),
      column: shifted(nodes.column, 0),
    },
    edges: {
      count: edges.count * copies,
      source: shifted(edges.source, nodes.count),
      target: shifted(edges.target, nodes.count),
      kind: bytes(edges.kind),
      provenance: bytes(edges.provenance),
      file: shifted(edges.file, files.length),
      line: shifted(edges.line, 0),
      column: shifted(edges.column, 0),
    },
  };
}

/**
 * One letter left out near the beginning, two exchanged near the end.
 * @param {string} name
 */
export function misspelt(name) {
  const end = name.slice(-4);
  return `${name.slice(0, 2)}${name.slice(3, -4)}${end[0]}${end[2]}${end[1]}${end[3]}`;
}
