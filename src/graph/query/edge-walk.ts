import type { Adjacency } from './csr.ts';

/** The edges of some kinds at a node, in one direction. */
export interface EdgesAt {
  readonly adjacency: Adjacency;
  readonly node: number;
  readonly mask: number;
}

/** Visits edges in the order of their rows, with the node on the other side. */
export function eachEdge({ adjacency, node, mask }: EdgesAt, visit: (neighbour: number, edge: number) => void): void {
  const { starts, ends, kind, neighbour, edge } = adjacency;
  const end = ends[node] ?? 0;
  for (let at = starts[node] ?? 0; at < end; at += 1) {
    if (((mask >> (kind[at] ?? 0)) & 1) === 1) visit(neighbour[at] ?? 0, edge[at] ?? 0);
  }
}

/** How weak a step over an edge is at least, whatever the edge itself, and how likely it is taken, of 1. */
export interface Odds {
  readonly doubt: number;
  readonly confidence: number;
}

const CERTAIN: Odds = { doubt: 0, confidence: 1 };

/** Is told of a step: the node that it reaches, and the edge's row. */
export type Visit = (node: number, edge: number, odds: Odds) => void;

/** Visits edges as steps that are as certain as the edges are. Traversals spend their time here: no call in between. */
export function eachStep({ adjacency, node, mask }: EdgesAt, visit: Visit): void {
  const { starts, ends, kind, neighbour, edge } = adjacency;
  const end = ends[node] ?? 0;
  for (let at = starts[node] ?? 0; at < end; at += 1) {
    if (((mask >> (kind[at] ?? 0)) & 1) === 1) visit(neighbour[at] ?? 0, edge[at] ?? 0, CERTAIN);
  }
}
