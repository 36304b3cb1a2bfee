import type { CopyWriter } from '../../core/db/index.ts';
import { REMOVED_NODE } from '../graph-schema.ts';
import type { GraphNodes } from '../graph-schema.ts';
import type { CopyReader } from './copy-reader.ts';

/** In the order in which the functions below write and read them. */
export const NODE_COLUMNS = [
  'node_index',
  'id',
  'name',
  'kind',
  'file',
  'container',
  'start_offset',
  'end_offset',
  'line',
  'line_column',
  'flags',
  'signature',
  'doc',
] as const;

export function nodeRowWriter(nodes: GraphNodes): (writer: CopyWriter, row: number) => void {
  return (writer, row) => {
    writer.row(NODE_COLUMNS.length);
    writer.int32(row);
    writer.text(nodes.id[row] ?? '');
    writer.text(nodes.name[row] ?? '');
    writer.int16(nodes.kind[row] ?? 0);
    writer.int32(nodes.file[row] ?? 0);
    writer.int32(nodes.container[row] ?? -1);
    writer.int32(nodes.start[row] ?? 0);
    writer.int32(nodes.end[row] ?? 0);
    writer.int32(nodes.line[row] ?? 0);
    writer.int32(nodes.column[row] ?? 0);
    writer.int16(nodes.flags[row] ?? 0);
    writer.text(nodes.signature[row] ?? '');
    writer.text(nodes.doc[row] ?? '');
  };
}

interface NodeTarget extends GraphNodes {
  readonly id: string[];
  readonly name: string[];
  readonly signature: string[];
  readonly doc: string[];
}

/** Rows that nothing is read into stay empty. */
export function emptyNodes(count: number): NodeTarget {
  const texts = (): string[] => Array.from({ length: count }, () => '');
  return {
    count,
    id: texts(),
    name: texts(),
    kind: new Uint8Array(count).fill(REMOVED_NODE),
    file: new Int32Array(count).fill(-1),
    container: new Int32Array(count).fill(-1),
    start: new Int32Array(count),
    end: new Int32Array(count),
    line: new Int32Array(count),
    column: new Int32Array(count),
    flags: new Uint8Array(count),
    signature: texts(),
    doc: texts(),
  };
}

export function nodeRowReader(nodes: NodeTarget): (reader: CopyReader) => void {
  return (reader) => {
    const row = reader.int32();
    nodes.id[row] = reader.text();
    nodes.name[row] = reader.text();
    nodes.kind[row] = reader.int16();
    nodes.file[row] = reader.int32();
    nodes.container[row] = reader.int32();
    nodes.start[row] = reader.int32();
    nodes.end[row] = reader.int32();
    nodes.line[row] = reader.int32();
    nodes.column[row] = reader.int32();
    nodes.flags[row] = reader.int16();
    nodes.signature[row] = reader.text();
    nodes.doc[row] = reader.text();
  };
}
