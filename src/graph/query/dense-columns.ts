import type { GraphColumns, GraphEdges, GraphFile, GraphNodes } from '../graph-schema.ts';
import { REMOVED_EDGE } from './csr.ts';

/** The columns without empty rows: what goes over all rows need not know that there are any. */
export function denseColumns(columns: GraphColumns): GraphColumns {
  const { files, nodes, edges } = columns;
  const fileRows = rowsWhere(files.length, (row) => files[row]?.path !== '');
  const nodeRows = rowsWhere(nodes.count, (row) => nodes.id[row] !== '');
  const edgeRows = rowsWhere(edges.count, (row) => edges.kind[row] !== REMOVED_EDGE);
  const moved = { files: newRows(fileRows, files.length), nodes: newRows(nodeRows, nodes.count) };
  return {
    ...columns,
    files: Array.from(fileRows, (row) => files[row]).filter((file): file is GraphFile => file !== undefined),
    nodes: denseNodes(nodes, nodeRows, moved),
    edges: denseEdges(edges, edgeRows, moved),
  };
}

interface MovedRows {
  /** New row by old; -1 for one that is gone. */
  readonly files: Int32Array;
  readonly nodes: Int32Array;
}

function rowsWhere(count: number, isThere: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let length = 0;
  for (let row = 0; row < count; row += 1) {
    if (!isThere(row)) continue;
    rows[length] = row;
    length += 1;
  }
  return rows.subarray(0, length);
}

function newRows(rows: Int32Array, count: number): Int32Array {
  const moved = new Int32Array(count).fill(-1);
  for (const [now, before] of rows.entries()) moved[before] = now;
  return moved;
}

function denseNodes(nodes: GraphNodes, rows: Int32Array, moved: MovedRows): GraphNodes {
  const ints = (column: Int32Array): Int32Array => rows.map((row) => column[row] ?? 0);
  const bytes = (column: Uint8Array): Uint8Array => Uint8Array.from(rows, (row) => column[row] ?? 0);
  const texts = (column: readonly string[]): string[] => Array.from(rows, (row) => column[row] ?? '');
  return {
    count: rows.length,
    id: texts(nodes.id),
    name: texts(nodes.name),
    signature: texts(nodes.signature),
    doc: texts(nodes.doc),
    kind: bytes(nodes.kind),
    flags: bytes(nodes.flags),
    file: rows.map((row) => moved.files[nodes.file[row] ?? -1] ?? -1),
    container: rows.map((row) => moved.nodes[nodes.container[row] ?? -1] ?? -1),
    start: ints(nodes.start),
    end: ints(nodes.end),
    line: ints(nodes.line),
    column: ints(nodes.column),
  };
}

function denseEdges(edges: GraphEdges, rows: Int32Array, moved: MovedRows): GraphEdges {
  const ints = (column: Int32Array): Int32Array => rows.map((row) => column[row] ?? 0);
  const bytes = (column: Uint8Array): Uint8Array => Uint8Array.from(rows, (row) => column[row] ?? 0);
  return {
    count: rows.length,
    source: rows.map((row) => moved.nodes[edges.source[row] ?? -1] ?? -1),
    target: rows.map((row) => moved.nodes[edges.target[row] ?? -1] ?? -1),
    kind: bytes(edges.kind),
    provenance: bytes(edges.provenance),
    file: rows.map((row) => moved.files[edges.file[row] ?? -1] ?? -1),
    line: ints(edges.line),
    column: ints(edges.column),
  };
}
