import type { CopyWriter } from '../../core/db/index.ts';
import { FILE_STATES } from '../graph-schema.ts';
import type { GraphFile } from '../graph-schema.ts';
import type { CopyReader } from './copy-reader.ts';

/** In the order in which the functions below write and read them. */
export const FILE_COLUMNS = [
  'file_index',
  'path',
  'hash',
  'bytes',
  'modified_ms',
  'lines',
  'state',
  'note',
  'unresolved',
] as const;

export function fileRowWriter(files: readonly GraphFile[]): (writer: CopyWriter, row: number) => void {
  return (writer, row) => {
    const file = files[row];
    if (file === undefined) throw new RangeError(`No file ${row}.`);
    writer.row(FILE_COLUMNS.length);
    writer.int32(row);
    writer.text(file.path);
    writer.text(file.hash);
    writer.float64(file.bytes);
    writer.float64(file.modifiedMs);
    writer.int32(file.lines);
    writer.int16(FILE_STATES.indexOf(file.state));
    writer.text(file.note);
    writer.int32(file.unresolved);
  };
}

export function fileRowReader(files: GraphFile[]): (reader: CopyReader) => void {
  return (reader) => {
    files[reader.int32()] = {
      path: reader.text(),
      hash: reader.text(),
      bytes: reader.float64(),
      modifiedMs: reader.float64(),
      lines: reader.int32(),
      state: FILE_STATES[reader.int16()] ?? 'skipped',
      note: reader.text(),
      unresolved: reader.int32(),
    };
  };
}
