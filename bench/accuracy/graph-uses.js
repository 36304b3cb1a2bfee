import { EDGE_KINDS, NODE_KINDS } from '../../dist/src/graph/graph-schema.js';

/** Edges that are not written at the place of a name, but follow from where something stands. */
const DERIVED = new Set(['contains', 'tests', 'overrides', 'implements']);

/** @typedef {import('../../dist/src/graph/graph-schema.js').GraphColumns} GraphColumns */

/**
 * @typedef {object} Use a name that leads to a node
 * @property {string} place `path:line:column`
 * @property {number} target row of the node
 * @property {string} kind of the edge
 */

/**
 * Every use that the graph holds, each once. A use at the place of its own target's name is a declaration.
 * @param {GraphColumns} columns
 * @returns {Use[]}
 */
export function usesOf(columns) {
  const { edges, files } = columns;
  /** @type {Map<string, Use>} */
  const uses = new Map();
  for (let edge = 0; edge < edges.count; edge += 1) {
    const kind = EDGE_KINDS[edges.kind[edge] ?? 0] ?? '';
    const target = edges.target[edge] ?? 0;
    const place = `${files[edges.file[edge] ?? 0]?.path}:${edges.line[edge]}:${edges.column[edge]}`;
    // Heritage clauses are written; that a member implements another follows from them.
    const isDerived = DERIVED.has(kind) && !(kind === 'implements' && isType(columns, target));
    if (isDerived || place === placeOf(columns, target)) continue;
    uses.set(`${place} ${target}`, { place, target, kind });
  }
  return [...uses.values()];
}

/**
 * Where the name of a node stands; of a file its beginning.
 * @param {GraphColumns} columns
 * @param {number} row
 */
export function placeOf({ nodes, files }, row) {
  return `${files[nodes.file[row] ?? 0]?.path}:${nodes.line[row]}:${nodes.column[row]}`;
}

/**
 * Nodes by the place of their names.
 * @param {GraphColumns} columns
 */
export function nodesByPlace(columns) {
  /** @type {Map<string, number[]>} */
  const rows = new Map();
  for (let row = 0; row < columns.nodes.count; row += 1) {
    const place = placeOf(columns, row);
    rows.set(place, [...(rows.get(place) ?? []), row]);
  }
  return rows;
}

/**
 * A class and its constructor are one thing to whoever writes `new X()`.
 * @param {GraphColumns} columns
 * @param {number} row
 */
export function constructed({ nodes }, row) {
  return NODE_KINDS[nodes.kind[row] ?? 0] === 'constructor' ? (nodes.container[row] ?? row) : row;
}

/**
 * @param {GraphColumns} columns
 * @param {number} row
 */
function isType({ nodes }, row) {
  return ['interface', 'class', 'component', 'type'].includes(NODE_KINDS[nodes.kind[row] ?? 0] ?? '');
}
