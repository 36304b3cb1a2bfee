import type { NodeTable } from '../node-table.ts';
import type { GraphEdges } from '../../graph-schema.ts';

/** Edges that are written in each file of the engine. */
export class FileEdges {
  readonly #byFile: GraphEdges[];

  /** Those of file `n` stand from `offsets[n]` to before `offsets[n + 1]`. */
  constructor(edges: GraphEdges, offsets: readonly number[]) {
    this.#byFile = offsets.slice(0, -1).map((start, file) => sliceOf(edges, start, offsets[file + 1] ?? start));
  }

  of(file: number): GraphEdges {
    return this.#byFile[file] ?? NO_EDGES;
  }

  set(file: number, edges: GraphEdges): void {
    this.#byFile[file] = edges;
  }

  /** Files of the engine, by the files of the graph that they lead to. */
  usersByFile(table: Pick<NodeTable, 'fileOf' | 'fileAt'>): Map<number, number[]> {
    const users = new Map<number, number[]>();
    for (const [file, edges] of this.#byFile.entries()) {
      const met = new Set(Array.from(edges.target, (row) => table.fileOf(row)));
      met.delete(table.fileAt(file));
      for (const other of met) {
        const list = users.get(other);
        if (list === undefined) users.set(other, [file]);
        else list.push(file);
      }
    }
    return users;
  }

  /** Whether an edge of a kind leads from a file to a row. */
  hasKind(file: number, row: number, kind: number): boolean {
    const { target, kind: kinds } = this.of(file);
    return target.some((each, at) => each === row && kinds[at] === kind);
  }

  /** Files from which an edge leads to a row that is marked. */
  leadingTo(rows: ReadonlySet<number>): number[] {
    const files: number[] = [];
    for (const [file, edges] of this.#byFile.entries()) {
      if (edges.target.some((row) => rows.has(row))) files.push(file);
    }
    return files;
  }
}

export const NO_EDGES: GraphEdges = {
  count: 0,
  source: new Int32Array(0),
  target: new Int32Array(0),
  kind: new Uint8Array(0),
  provenance: new Uint8Array(0),
  file: new Int32Array(0),
  line: new Int32Array(0),
  column: new Int32Array(0),
};

function sliceOf(edges: GraphEdges, start: number, end: number): GraphEdges {
  return {
    count: end - start,
    source: edges.source.subarray(start, end),
    target: edges.target.subarray(start, end),
    kind: edges.kind.subarray(start, end),
    provenance: edges.provenance.subarray(start, end),
    file: edges.file.subarray(start, end),
    line: edges.line.subarray(start, end),
    column: edges.column.subarray(start, end),
  };
}
