import { REMOVED_NODE } from '../graph-schema.ts';
import type { GraphNodes } from '../graph-schema.ts';
import { grown, makeBytes, makeInts } from './grown-arrays.ts';
import type { Changes } from './row-changes.ts';

/** Columns of nodes that grow; a node keeps its row. */
export class LiveNodes {
  readonly #id: string[];
  readonly #name: string[];
  readonly #signature: string[];
  readonly #doc: string[];
  #bytes: { readonly kind: Uint8Array; readonly flags: Uint8Array };
  #ints: Readonly<Record<'file' | 'container' | 'start' | 'end' | 'line' | 'column', Int32Array>>;
  readonly #rowsById: Map<string, number>;

  constructor(nodes: GraphNodes) {
    const { id, name, signature, doc, kind, flags, file, container, start, end, line, column } = nodes;
    this.#id = [...id];
    this.#name = [...name];
    this.#signature = [...signature];
    this.#doc = [...doc];
    this.#bytes = { kind: kind.slice(), flags: flags.slice() };
    this.#ints = {
      file: file.slice(),
      container: container.slice(),
      start: start.slice(),
      end: end.slice(),
      line: line.slice(),
      column: column.slice(),
    };
    this.#rowsById = new Map(id.map((each, row) => [each, row]));
    this.#rowsById.delete('');
  }

  rowOfId(id: string): number | undefined {
    return this.#rowsById.get(id);
  }

  idOf(row: number): string {
    return this.#id[row] ?? '';
  }

  nameOf(row: number): string {
    return this.#name[row] ?? '';
  }

  rowsOfFiles(files: ReadonlySet<number>): number[] {
    const rows: number[] = [];
    const { file } = this.#ints;
    for (let row = 0; row < this.#id.length; row += 1) if (files.has(file[row] ?? -1)) rows.push(row);
    return rows;
  }

  /** Writes the nodes of one file to their rows and returns these. */
  place(nodes: GraphNodes, file: number, changes: Changes): number[] {
    const rows: number[] = [];
    for (let at = 0; at < nodes.count; at += 1) {
      const id = nodes.id[at] ?? '';
      const known = this.#rowsById.get(id);
      const row = known ?? this.#id.length;
      if (known === undefined) this.#rowsById.set(id, row);
      else changes.formerNames.set(row, this.nameOf(row));
      rows.push(row);
      this.#write(row, { nodes, at, file, container: rows[nodes.container[at] ?? -1] ?? -1 });
      changes.changedRows.push(row);
    }
    return rows;
  }

  remove(row: number): void {
    this.#rowsById.delete(this.idOf(row));
    this.#id[row] = '';
    this.#name[row] = '';
    this.#signature[row] = '';
    this.#doc[row] = '';
    this.#bytes.kind[row] = REMOVED_NODE;
    this.#bytes.flags[row] = 0;
    this.#ints.file[row] = -1;
    this.#ints.container[row] = -1;
  }

  /** The lists of texts go on being changed: only the latest columns may be read. */
  columns(): GraphNodes {
    const count = this.#id.length;
    const { kind, flags } = this.#bytes;
    const { file, container, start, end, line, column } = this.#ints;
    return {
      count,
      id: this.#id,
      name: this.#name,
      signature: this.#signature,
      doc: this.#doc,
      kind: kind.subarray(0, count),
      flags: flags.subarray(0, count),
      file: file.subarray(0, count),
      container: container.subarray(0, count),
      start: start.subarray(0, count),
      end: end.subarray(0, count),
      line: line.subarray(0, count),
      column: column.subarray(0, count),
    };
  }

  #write(
    row: number,
    { nodes, at, file, container }: { nodes: GraphNodes; at: number; file: number; container: number },
  ): void {
    this.#grow(row + 1);
    this.#id[row] = nodes.id[at] ?? '';
    this.#name[row] = nodes.name[at] ?? '';
    this.#signature[row] = nodes.signature[at] ?? '';
    this.#doc[row] = nodes.doc[at] ?? '';
    this.#bytes.kind[row] = nodes.kind[at] ?? 0;
    this.#bytes.flags[row] = nodes.flags[at] ?? 0;
    const ints = this.#ints;
    ints.file[row] = file;
    ints.container[row] = container;
    ints.start[row] = nodes.start[at] ?? 0;
    ints.end[row] = nodes.end[at] ?? 0;
    ints.line[row] = nodes.line[at] ?? 0;
    ints.column[row] = nodes.column[at] ?? 0;
  }

  #grow(length: number): void {
    if (this.#bytes.kind.length >= length) return;
    const { kind, flags } = this.#bytes;
    this.#bytes = { kind: grown(kind, length, makeBytes), flags: grown(flags, length, makeBytes) };
    const { file, container, start, end, line, column } = this.#ints;
    this.#ints = {
      file: grown(file, length, makeInts),
      container: grown(container, length, makeInts),
      start: grown(start, length, makeInts),
      end: grown(end, length, makeInts),
      line: grown(line, length, makeInts),
      column: grown(column, length, makeInts),
    };
  }
}
