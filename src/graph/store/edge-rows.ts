import type { CopyWriter } from '../../core/db/index.ts';
import type { GraphEdges } from '../graph-schema.ts';
import type { CopyReader } from './copy-reader.ts';

/** In the order in which the functions below write and read them. */
export const EDGE_COLUMNS = ['source', 'target', 'kind', 'provenance', 'file', 'line', 'line_column'] as const;

export function edgeRowWriter(edges: GraphEdges): (writer: CopyWriter, row: number) => void {
  return (writer, row) => {
    writer.row(EDGE_COLUMNS.length);
    writer.int32(edges.source[row] ?? 0);
    writer.int32(edges.target[row] ?? 0);
    writer.int16(edges.kind[row] ?? 0);
    writer.int16(edges.provenance[row] ?? 0);
    writer.int32(edges.file[row] ?? 0);
    writer.int32(edges.line[row] ?? 0);
    writer.int32(edges.column[row] ?? 0);
  };
}

export function emptyEdges(count: number): GraphEdges {
  return {
    count,
    source: new Int32Array(count),
    target: new Int32Array(count),
    kind: new Uint8Array(count),
    provenance: new Uint8Array(count),
    file: new Int32Array(count),
    line: new Int32Array(count),
    column: new Int32Array(count),
  };
}

export function edgeRowReader(edges: GraphEdges): (reader: CopyReader, row: number) => void {
  return (reader, row) => {
    edges.source[row] = reader.int32();
    edges.target[row] = reader.int32();
    edges.kind[row] = reader.int16();
    edges.provenance[row] = reader.int16();
    edges.file[row] = reader.int32();
    edges.line[row] = reader.int32();
    edges.column[row] = reader.int32();
  };
}
