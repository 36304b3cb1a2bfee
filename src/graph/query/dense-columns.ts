import type { GraphColumns, GraphEdges, GraphFile, GraphNodes } from '../graph-schema.ts';
import { REMOVED_EDGE } from './csr.ts';
import { pickEdges, pickNodes } from './picked-rows.ts';

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
  return pickNodes(nodes, rows, {
    file: movedBy(moved.files, nodes.file, rows),
    container: movedBy(moved.nodes, nodes.container, rows),
  });
}

function denseEdges(edges: GraphEdges, rows: Int32Array, moved: MovedRows): GraphEdges {
  return pickEdges(edges, rows, {
    source: movedBy(moved.nodes, edges.source, rows),
    target: movedBy(moved.nodes, edges.target, rows),
    file: movedBy(moved.files, edges.file, rows),
  });
}

function movedBy(moved: Int32Array, column: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => moved[column[row] ?? -1] ?? -1);
}
