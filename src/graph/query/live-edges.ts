import type { GraphEdges } from '../graph-schema.ts';
import { REMOVED_EDGE } from './csr.ts';
import { grown, makeBytes, makeInts } from './grown-arrays.ts';
import type { EdgeEnds } from './row-changes.ts';

interface NewEdge extends EdgeEnds {
  /** Row of the file that it is written in. */
  readonly file: number;
  /** Where the rest is read from, at row `at`. */
  readonly from: GraphEdges;
  readonly at: number;
}

/** Columns of edges that change file by file. The row of an edge that is gone is taken by the next that comes. */
export class LiveEdges {
  #count: number;
  #bytes: { readonly kind: Uint8Array; readonly provenance: Uint8Array };
  #ints: Readonly<Record<'source' | 'target' | 'file' | 'line' | 'column', Int32Array>>;
  readonly #free: number[] = [];
  /** Rows by file as at the beginning, one file's after the other. */
  readonly #firstRows: { readonly offsets: Int32Array; readonly rows: Int32Array };
  /** Of files that were patched. */
  readonly #latestRows = new Map<number, number[]>();

  constructor(edges: GraphEdges, fileCount: number) {
    const { source, target, file, line, column } = edges;
    this.#count = edges.count;
    this.#bytes = { kind: edges.kind.slice(), provenance: edges.provenance.slice() };
    this.#ints = {
      source: source.slice(),
      target: target.slice(),
      file: file.slice(),
      line: line.slice(),
      column: column.slice(),
    };
    this.#firstRows = rowsByFile(file, fileCount);
  }

  /** Removes all edges that are written in a file. */
  removeOf(file: number): Map<number, EdgeEnds> {
    const { offsets, rows } = this.#firstRows;
    const candidates = this.#latestRows.get(file) ?? rows.subarray(offsets[file] ?? 0, offsets[file + 1] ?? 0);
    const removed = new Map<number, EdgeEnds>();
    for (const edge of candidates) {
      // A row that was freed may be another file's by now.
      const ends = this.#ints.file[edge] === file ? this.remove(edge) : undefined;
      if (ends !== undefined) removed.set(edge, ends);
    }
    this.#latestRows.set(file, []);
    return removed;
  }

  /** The ends that it had; undefined when it was gone already. */
  remove(edge: number): EdgeEnds | undefined {
    const { kind } = this.#bytes;
    if (kind[edge] === REMOVED_EDGE) return undefined;
    const { source, target } = this.#ints;
    kind[edge] = REMOVED_EDGE;
    this.#free.push(edge);
    return { source: source[edge] ?? 0, target: target[edge] ?? 0 };
  }

  add({ source, target, file, from, at }: NewEdge): number {
    const row = this.#free.pop() ?? this.#count;
    this.#grow(row + 1);
    this.#count = Math.max(this.#count, row + 1);
    this.#bytes.kind[row] = from.kind[at] ?? 0;
    this.#bytes.provenance[row] = from.provenance[at] ?? 0;
    const ints = this.#ints;
    ints.source[row] = source;
    ints.target[row] = target;
    ints.file[row] = file;
    ints.line[row] = from.line[at] ?? 0;
    ints.column[row] = from.column[at] ?? 0;
    const rows = this.#latestRows.get(file);
    if (rows === undefined) this.#latestRows.set(file, [row]);
    else rows.push(row);
    return row;
  }

  columns(): GraphEdges {
    const count = this.#count;
    const { kind, provenance } = this.#bytes;
    const { source, target, file, line, column } = this.#ints;
    return {
      count,
      kind: kind.subarray(0, count),
      provenance: provenance.subarray(0, count),
      source: source.subarray(0, count),
      target: target.subarray(0, count),
      file: file.subarray(0, count),
      line: line.subarray(0, count),
      column: column.subarray(0, count),
    };
  }

  #grow(length: number): void {
    if (this.#bytes.kind.length >= length) return;
    const { kind, provenance } = this.#bytes;
    this.#bytes = { kind: grown(kind, length, makeBytes), provenance: grown(provenance, length, makeBytes) };
    const { source, target, file, line, column } = this.#ints;
    this.#ints = {
      source: grown(source, length, makeInts),
      target: grown(target, length, makeInts),
      file: grown(file, length, makeInts),
      line: grown(line, length, makeInts),
      column: grown(column, length, makeInts),
    };
  }
}

/** Counting sort. */
function rowsByFile(file: Int32Array, fileCount: number): { offsets: Int32Array; rows: Int32Array } {
  const offsets = new Int32Array(fileCount + 1);
  for (const each of file) offsets[each + 1] = (offsets[each + 1] ?? 0) + 1;
  for (let at = 0; at < fileCount; at += 1) offsets[at + 1] = (offsets[at + 1] ?? 0) + (offsets[at] ?? 0);
  const next = offsets.slice(0, fileCount);
  const rows = new Int32Array(file.length);
  for (const [row, each] of file.entries()) {
    const at = next[each] ?? 0;
    next[each] = at + 1;
    rows[at] = row;
  }
  return { offsets, rows };
}
