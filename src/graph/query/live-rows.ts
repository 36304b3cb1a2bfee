import type { GraphPatch } from '../graph-patch.ts';
import type { GraphColumns } from '../graph-schema.ts';
import type { Adjacency } from './csr.ts';
import { LiveAdjacency } from './live-adjacency.ts';
import { LiveColumns } from './live-columns.ts';
import type { RowChanges } from './row-changes.ts';

export interface PatchedGraph {
  readonly changes: RowChanges;
  readonly columns: GraphColumns;
  readonly forward: Adjacency;
  readonly reverse: Adjacency;
}

/** Columns and both directions of a graph, kept together while patches are applied. */
export class LiveRows {
  readonly #columns: LiveColumns;
  readonly #forward: LiveAdjacency;
  readonly #reverse: LiveAdjacency;
  #latest: Adjacency;

  constructor(graph: { readonly columns: GraphColumns; readonly forward: Adjacency; readonly reverse: Adjacency }) {
    this.#columns = new LiveColumns(graph.columns);
    this.#forward = new LiveAdjacency(graph.forward, 'source');
    this.#reverse = new LiveAdjacency(graph.reverse, 'target');
    this.#latest = graph.reverse;
  }

  apply(patch: GraphPatch): PatchedGraph {
    const changes = this.#columns.apply(patch, this.#latest);
    const { columns } = this.#columns;
    const { count } = columns.nodes;
    const forward = this.#forward.apply(changes, columns.edges, count);
    const reverse = this.#reverse.apply(changes, columns.edges, count);
    this.#latest = reverse;
    return { changes, columns, forward, reverse };
  }
}
