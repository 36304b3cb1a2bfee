import type { GraphEdges } from '../graph-schema.ts';
import { REMOVED_EDGE } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { grown, makeBytes, makeInts } from './grown-arrays.ts';
import type { RowChanges } from './row-changes.ts';

/** Moved lists leave their places behind: so many places for each edge there is are borne before all are moved up. */
const MOST_WASTE = 1.5;
const MIN_WASTE = 65_536;

/** Which end of an edge the rows of a direction are of. */
export type Side = 'source' | 'target';

/**
 * One direction of the graph that patches are applied to: an edge that is gone is marked in its place, and the neighbours
 * of a node that gets new ones move to the end.
 */
export class LiveAdjacency {
  readonly #side: Side;
  #starts: Int32Array;
  #ends: Int32Array;
  #neighbour: Int32Array;
  #kind: Uint8Array;
  #edge: Int32Array;
  #used: number;

  /** Copies what it is given. */
  constructor(adjacency: Adjacency, side: Side) {
    this.#side = side;
    this.#starts = adjacency.starts.slice();
    this.#ends = adjacency.ends.slice();
    this.#neighbour = adjacency.neighbour.slice();
    this.#kind = adjacency.kind.slice();
    this.#edge = adjacency.edge.slice();
    this.#used = adjacency.edge.length;
  }

  apply({ removedEdges, addedEdges }: RowChanges, edges: GraphEdges, nodeCount: number): Adjacency {
    this.#grow(nodeCount);
    const losing = new Set<number>();
    for (const ends of removedEdges.values()) losing.add(ends[this.#side]);
    for (const node of losing) this.#markRemoved(node, removedEdges);
    const gained = new Map<number, number[]>();
    for (const edge of addedEdges) {
      const node = edges[this.#side][edge] ?? 0;
      const list = gained.get(node);
      if (list === undefined) gained.set(node, [edge]);
      else list.push(edge);
    }
    for (const [node, added] of gained) this.#move(node, added, edges);
    if (this.#used > edges.count * MOST_WASTE + MIN_WASTE) this.#compact(nodeCount);
    return {
      starts: this.#starts.subarray(0, nodeCount),
      ends: this.#ends.subarray(0, nodeCount),
      neighbour: this.#neighbour,
      kind: this.#kind,
      edge: this.#edge,
    };
  }

  /** Writes the neighbours of all nodes one after the other again. */
  #compact(nodeCount: number): void {
    const { starts, ends, neighbour, kind, edge } = this.#packed(nodeCount);
    this.#starts = starts;
    this.#ends = ends;
    this.#neighbour = neighbour;
    this.#kind = kind;
    this.#edge = edge;
    this.#used = ends[nodeCount - 1] ?? 0;
  }

  #packed(nodeCount: number): Adjacency {
    const packed = {
      starts: new Int32Array(nodeCount),
      ends: new Int32Array(nodeCount),
      neighbour: new Int32Array(this.#used),
      kind: new Uint8Array(this.#used),
      edge: new Int32Array(this.#used),
    };
    let to = 0;
    for (let node = 0; node < nodeCount; node += 1) {
      packed.starts[node] = to;
      for (let at = this.#starts[node] ?? 0; at < (this.#ends[node] ?? 0); at += 1) {
        if (this.#kind[at] === REMOVED_EDGE) continue;
        packed.neighbour[to] = this.#neighbour[at] ?? 0;
        packed.kind[to] = this.#kind[at] ?? 0;
        packed.edge[to] = this.#edge[at] ?? 0;
        to += 1;
      }
      packed.ends[node] = to;
    }
    return packed;
  }

  #markRemoved(node: number, removed: ReadonlyMap<number, unknown>): void {
    const end = this.#ends[node] ?? 0;
    for (let at = this.#starts[node] ?? 0; at < end; at += 1) {
      if (removed.has(this.#edge[at] ?? -1)) this.#kind[at] = REMOVED_EDGE;
    }
  }

  #move(node: number, added: readonly number[], edges: GraphEdges): void {
    const start = this.#starts[node] ?? 0;
    const end = this.#ends[node] ?? 0;
    const from = this.#used;
    this.#reserve(from + end - start + added.length);
    let to = from;
    for (let at = start; at < end; at += 1) {
      if (this.#kind[at] === REMOVED_EDGE) continue;
      this.#neighbour[to] = this.#neighbour[at] ?? 0;
      this.#kind[to] = this.#kind[at] ?? 0;
      this.#edge[to] = this.#edge[at] ?? 0;
      to += 1;
    }
    const others = this.#side === 'source' ? edges.target : edges.source;
    for (const edge of added) {
      this.#neighbour[to] = others[edge] ?? 0;
      this.#kind[to] = edges.kind[edge] ?? 0;
      this.#edge[to] = edge;
      to += 1;
    }
    this.#starts[node] = from;
    this.#ends[node] = to;
    this.#used = to;
  }

  #grow(nodeCount: number): void {
    this.#starts = grown(this.#starts, nodeCount, makeInts);
    this.#ends = grown(this.#ends, nodeCount, makeInts);
  }

  #reserve(length: number): void {
    this.#neighbour = grown(this.#neighbour, length, makeInts);
    this.#kind = grown(this.#kind, length, makeBytes);
    this.#edge = grown(this.#edge, length, makeInts);
  }
}
