import { EDGE_KINDS } from '../../graph-schema.ts';
import type { GraphEdges, GraphFile } from '../../graph-schema.ts';
import type { PatchedFile } from '../../graph-patch.ts';
import type { FileScan, TypeSource } from '../../type-source.ts';
import { EdgeColumns } from '../edge-columns.ts';
import { resolveFile, withOutcome } from '../extraction.ts';
import type { NodeTable } from '../node-table.ts';
import type { ChangedRows } from './changed-rows.ts';
import { NO_EDGES } from './file-edges.ts';
import type { FileEdges } from './file-edges.ts';

const RE_EXPORTS = EDGE_KINDS.indexOf('re-exports');

export interface LiveFilesDeps {
  readonly source: TypeSource;
  readonly table: NodeTable;
  readonly edges: FileEdges;
}

/** The files of a graph that stays: each can be read again, and is then as new. */
export class LiveFiles {
  readonly table: NodeTable;
  readonly edges: FileEdges;
  readonly #source: TypeSource;
  readonly #latest = new Map<string, GraphFile>();

  constructor({ source, table, edges }: LiveFilesDeps) {
    this.#source = source;
    this.table = table;
    this.edges = edges;
  }

  indexOf(path: string): number {
    return this.table.engineFile(path);
  }

  /** What is known of a file from its text alone. */
  note(file: GraphFile): void {
    this.#latest.set(file.path, file);
  }

  /** Scans files and resolves their names; nodes and edges of before are replaced. */
  read(paths: readonly string[]): PatchedFile[] {
    // All are scanned before the first is resolved: they may lead to each other.
    const scans = paths.map((path) => {
      const scan = this.#source.scan(path);
      this.table.replace(scan, this.indexOf(path));
      return scan;
    });
    return scans.map((scan) => this.#resolved(scan, this.indexOf(scan.path)));
  }

  /** Takes a file out and its nodes for changed. */
  forget(path: string, changed: ChangedRows): void {
    const index = this.indexOf(path);
    changed.add([this.table.fileAt(index), ...this.table.rowsOf(index)]);
    this.edges.set(index, NO_EDGES);
    this.table.removeFile(path, index);
    this.#latest.delete(path);
  }

  /** Paths of the files from which an edge leads to one of the rows. */
  usersOf(rows: ReadonlySet<number>): string[] {
    return this.edges.leadingTo(rows).map((index) => this.table.pathAt(index));
  }

  reachOf(path: string, scope: 'importers' | 'reached'): ReadonlySet<string> {
    return scope === 'importers' ? this.#importersOf(path) : this.#reachedBy(path);
  }

  /** Files that use a file, or one that does, and so on. */
  #reachedBy(path: string): ReadonlySet<string> {
    const { table } = this;
    const users = this.edges.usersByFile(table);
    const reached = new Set([this.indexOf(path)]);
    // The set grows while it is walked.
    for (const index of reached) for (const user of users.get(table.fileAt(index)) ?? []) reached.add(user);
    return new Set([...reached].map((index) => table.pathAt(index)));
  }

  /** Files that import a file, or one that gives out again what it exports, or one that does so with that. */
  #importersOf(path: string): ReadonlySet<string> {
    const importers = new Set<string>();
    const barrels = new Set([path]);
    // The set grows while it is walked.
    for (const barrel of barrels) {
      const file = this.table.fileAt(this.indexOf(barrel));
      for (const index of this.edges.leadingTo(new Set([file]))) {
        const importer = this.table.pathAt(index);
        importers.add(importer);
        if (this.edges.hasKind(index, file, RE_EXPORTS)) barrels.add(importer);
      }
    }
    return importers;
  }

  #resolved(scan: FileScan, index: number): PatchedFile {
    const columns = new EdgeColumns();
    this.table.addContains(index, columns);
    const outcome = resolveFile(this.#source, scan, { table: this.table, edges: columns, index });
    const edges = columns.toEdges();
    this.edges.set(index, edges);
    const file = this.#latest.get(scan.path);
    if (file === undefined) throw new Error(`${scan.path} was never noted.`);
    return { file: withOutcome(file, outcome), nodes: this.table.nodesOf(index), ...this.#named(edges) };
  }

  /** Edges with the ids of their ends in place of rows. */
  #named(edges: GraphEdges): Pick<PatchedFile, 'ids' | 'edges'> {
    const places = new Map<number, number>();
    const placeOf = (row: number): number => {
      const known = places.get(row);
      if (known !== undefined) return known;
      places.set(row, places.size);
      return places.size - 1;
    };
    const source = edges.source.map(placeOf);
    const target = edges.target.map(placeOf);
    return { ids: [...places.keys()].map((row) => this.table.idAt(row)), edges: { ...edges, source, target } };
  }
}
