/** The two nodes that an edge joins, by their rows. */
export interface EdgeEnds {
  readonly source: number;
  readonly target: number;
}

/** What a patch did to the rows. Nodes and files keep their rows for as long as they exist. */
export interface RowChanges {
  /** Of new nodes, and of nodes whose text, place or edges may be others than before. */
  readonly changedRows: readonly number[];
  readonly removedRows: readonly number[];
  /** Names that rows had which now have another or none, to find them by. */
  readonly formerNames: ReadonlyMap<number, string>;
  /** Ends of edges that are gone, by their rows. */
  readonly removedEdges: ReadonlyMap<number, EdgeEnds>;
  readonly addedEdges: readonly number[];
  /** Rows of files that are new or others. */
  readonly files: readonly number[];
  readonly removedFiles: readonly number[];
  /** Edges whose target is no node: the patch was made for another state of the graph than this. */
  readonly danglingEdges: number;
}

/** {@link RowChanges} under construction. */
export class Changes {
  readonly changedRows: number[] = [];
  readonly removedRows: number[] = [];
  readonly formerNames = new Map<number, string>();
  readonly removedEdges = new Map<number, EdgeEnds>();
  readonly addedEdges: number[] = [];
  danglingEdges = 0;

  build(files: readonly number[], removedFiles: readonly number[]): RowChanges {
    const { changedRows, removedRows, formerNames, removedEdges, addedEdges, danglingEdges } = this;
    return {
      changedRows,
      removedRows,
      formerNames,
      removedEdges,
      addedEdges,
      danglingEdges,
      files,
      removedFiles,
    };
  }
}
