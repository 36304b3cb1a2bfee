import { NO_FILE } from '../graph-schema.ts';
import type { GraphColumns, GraphFile } from '../graph-schema.ts';
import type { GraphPatch, PatchedFile } from '../graph-patch.ts';
import { REMOVED_EDGE } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { LiveEdges } from './live-edges.ts';
import { LiveNodes } from './live-nodes.ts';
import { Changes } from './row-changes.ts';
import type { RowChanges } from './row-changes.ts';

/**
 * Columns that patches are applied to, with rows that stay: a node that is still there after an edit, by its id, keeps
 * its row, a new one gets the next, and one that is gone leaves an empty row. So all that is known by row, such as the
 * neighbours of other nodes, stays true, and a patch costs what it changes and not what there is.
 */
export class LiveColumns {
  readonly #files: GraphFile[];
  readonly #fileRows: Map<string, number>;
  readonly #nodes: LiveNodes;
  readonly #edges: LiveEdges;
  #columns: GraphColumns;

  /** Copies what it is given. */
  constructor(columns: GraphColumns) {
    this.#columns = columns;
    this.#files = [...columns.files];
    this.#fileRows = new Map(columns.files.map(({ path }, row) => [path, row]));
    this.#nodes = new LiveNodes(columns.nodes);
    this.#edges = new LiveEdges(columns.edges, columns.files.length);
  }

  get columns(): GraphColumns {
    return this.#columns;
  }

  /** `reverse` is of the columns as they are before. */
  apply(patch: GraphPatch, reverse: Adjacency): RowChanges {
    const changes = new Changes();
    const gone = patch.removed.flatMap((path) => this.#fileRows.get(path) ?? []);
    const rows = patch.files.map((patched) => this.#fileRowOf(patched));
    const former = this.#nodes.rowsOfFiles(new Set([...gone, ...rows]));
    for (const file of [...gone, ...rows]) {
      for (const [edge, ends] of this.#edges.removeOf(file)) changes.removedEdges.set(edge, ends);
    }
    const kept = new Set<number>();
    for (const [index, patched] of patch.files.entries()) {
      for (const row of this.#nodes.place(patched.nodes, rows[index] ?? 0, changes)) kept.add(row);
    }
    for (const row of former) if (!kept.has(row)) this.#removeNode(row, reverse, changes);
    for (const [index, patched] of patch.files.entries()) this.#addEdges(patched, rows[index] ?? 0, changes);
    for (const path of patch.removed) this.#forget(path);
    this.#columns = {
      ...this.#columns,
      files: [...this.#files],
      nodes: this.#nodes.columns(),
      edges: this.#edges.columns(),
      unresolvedPackages: patch.unresolvedPackages,
    };
    return changes.build(rows, gone);
  }

  #fileRowOf({ file }: PatchedFile): number {
    const known = this.#fileRows.get(file.path);
    const row = known ?? this.#files.length;
    this.#files[row] = file;
    if (known === undefined) this.#fileRows.set(file.path, row);
    return row;
  }

  #removeNode(row: number, reverse: Adjacency, changes: Changes): void {
    changes.removedRows.push(row);
    changes.formerNames.set(row, this.#nodes.nameOf(row));
    // What still leads there is written in files that are going to be read again for it.
    for (let at = reverse.starts[row] ?? 0; at < (reverse.ends[row] ?? 0); at += 1) {
      const edge = reverse.edge[at] ?? -1;
      const ends = reverse.kind[at] === REMOVED_EDGE ? undefined : this.#edges.remove(edge);
      if (ends !== undefined) changes.removedEdges.set(edge, ends);
    }
    this.#nodes.remove(row);
  }

  #addEdges({ ids, edges }: PatchedFile, file: number, changes: Changes): void {
    const rows = ids.map((id) => this.#nodes.rowOfId(id) ?? -1);
    for (let at = 0; at < edges.count; at += 1) {
      const source = rows[edges.source[at] ?? 0] ?? -1;
      const target = rows[edges.target[at] ?? 0] ?? -1;
      if (source < 0 || target < 0) changes.danglingEdges += 1;
      else changes.addedEdges.push(this.#edges.add({ source, target, file, from: edges, at }));
    }
  }

  #forget(path: string): void {
    const row = this.#fileRows.get(path);
    if (row === undefined) return;
    this.#fileRows.delete(path);
    this.#files[row] = NO_FILE;
  }
}
