import type { GraphEdges, GraphFile, GraphNodes } from './graph-schema.ts';

/** One file as it is now: all its declarations, and all edges that are written in it. */
export interface PatchedFile {
  readonly file: GraphFile;
  /** Row 0 is the file's own node; `container` is a row of the same list, -1 for row 0. `file` says nothing. */
  readonly nodes: GraphNodes;
  /** Stable ids of all nodes that the edges join. */
  readonly ids: readonly string[];
  /** `source` and `target` are indexes into `ids`. `file` says nothing. */
  readonly edges: GraphEdges;
}

/**
 * What has changed since the graph was made or last patched. Nodes are named by their ids, since rows are of one graph in
 * memory only.
 */
export interface GraphPatch {
  readonly files: readonly PatchedFile[];
  /** Paths of files that are gone. */
  readonly removed: readonly string[];
  /** Of the whole workspace. */
  readonly unresolvedPackages: readonly string[];
}

export function isEmptyPatch({ files, removed }: GraphPatch): boolean {
  return files.length === 0 && removed.length === 0;
}
