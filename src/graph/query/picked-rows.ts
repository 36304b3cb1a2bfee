import type { GraphEdges, GraphNodes } from '../graph-schema.ts';

/** Nodes at some rows, in that order; `placed` is what names other rows, which the caller has moved along. */
export function pickNodes(
  nodes: GraphNodes,
  rows: Int32Array,
  placed: Pick<GraphNodes, 'file' | 'container'>,
): GraphNodes {
  return {
    count: rows.length,
    ...placed,
    id: texts(nodes.id, rows),
    name: texts(nodes.name, rows),
    signature: texts(nodes.signature, rows),
    doc: texts(nodes.doc, rows),
    kind: bytes(nodes.kind, rows),
    flags: bytes(nodes.flags, rows),
    start: ints(nodes.start, rows),
    end: ints(nodes.end, rows),
    line: ints(nodes.line, rows),
    column: ints(nodes.column, rows),
  };
}

/** As {@link pickNodes}. */
export function pickEdges(
  edges: GraphEdges,
  rows: Int32Array,
  placed: Pick<GraphEdges, 'source' | 'target' | 'file'>,
): GraphEdges {
  return {
    count: rows.length,
    ...placed,
    kind: bytes(edges.kind, rows),
    provenance: bytes(edges.provenance, rows),
    line: ints(edges.line, rows),
    column: ints(edges.column, rows),
  };
}

function ints(column: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => column[row] ?? 0);
}

function bytes(column: Uint8Array, rows: Int32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => column[row] ?? 0);
}

function texts(column: readonly string[], rows: Int32Array): string[] {
  return Array.from(rows, (row) => column[row] ?? '');
}
