import { EDGE_KINDS } from '../graph-schema.ts';
import type { EdgeKind, GraphEdges } from '../graph-schema.ts';

/**
 * One direction of the graph in sparse rows: the neighbours of node `n` stand at `starts[n] … ends[n] - 1`, in the order
 * in which their edges came. Entries of {@link REMOVED_EDGE} are to be passed over; no mask of kinds holds it.
 */
export interface Adjacency {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly neighbour: Int32Array;
  /** Index into EDGE_KINDS. */
  readonly kind: Uint8Array;
  /** Row in the edges' columns. */
  readonly edge: Int32Array;
}

/** In the place of an index into EDGE_KINDS: the edge is gone, its row waits to be used again. */
export const REMOVED_EDGE = 31;

/** A set of edge kinds as bits, tested with `(mask >> kind) & 1`. */
export function kindMask(kinds: readonly EdgeKind[]): number {
  return kinds.reduce((mask, kind) => mask | (1 << EDGE_KINDS.indexOf(kind)), 0);
}

/** From source to target. */
export function forwardAdjacency(nodeCount: number, edges: GraphEdges): Adjacency {
  return buildAdjacency(nodeCount, edges, { from: edges.source, to: edges.target });
}

/** From target to source. */
export function reverseAdjacency(nodeCount: number, edges: GraphEdges): Adjacency {
  return buildAdjacency(nodeCount, edges, { from: edges.target, to: edges.source });
}

/** Neighbours over edges of some kinds, one for each edge. */
export function neighboursOf(adjacency: Adjacency, node: number, mask: number): number[] {
  const found: number[] = [];
  const end = adjacency.ends[node] ?? 0;
  for (let at = adjacency.starts[node] ?? 0; at < end; at += 1) {
    if (((mask >> (adjacency.kind[at] ?? 0)) & 1) === 1) found.push(adjacency.neighbour[at] ?? 0);
  }
  return found;
}

/** Number of edges of some kinds at a node. */
export function degreeOf(adjacency: Adjacency, node: number, mask: number): number {
  let degree = 0;
  const end = adjacency.ends[node] ?? 0;
  for (let at = adjacency.starts[node] ?? 0; at < end; at += 1) degree += (mask >> (adjacency.kind[at] ?? 0)) & 1;
  return degree;
}

interface Direction {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Counting sort by `from`: stable and linear. */
function buildAdjacency(nodeCount: number, edges: GraphEdges, { from, to }: Direction): Adjacency {
  const { count } = edges;
  const offsets = new Int32Array(nodeCount + 1);
  for (let row = 0; row < count; row += 1) {
    const slot = (from[row] ?? 0) + 1;
    offsets[slot] = (offsets[slot] ?? 0) + 1;
  }
  for (let node = 0; node < nodeCount; node += 1) offsets[node + 1] = (offsets[node + 1] ?? 0) + (offsets[node] ?? 0);
  const next = offsets.slice(0, nodeCount);
  const neighbour = new Int32Array(count);
  const kind = new Uint8Array(count);
  const edge = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    const node = from[row] ?? 0;
    const at = next[node] ?? 0;
    next[node] = at + 1;
    neighbour[at] = to[row] ?? 0;
    kind[at] = edges.kind[row] ?? 0;
    edge[at] = row;
  }
  return { starts: offsets.subarray(0, nodeCount), ends: offsets.subarray(1), neighbour, kind, edge };
}
