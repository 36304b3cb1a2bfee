import { EDGE_KINDS } from '../graph-schema.ts';
import type { EdgeKind } from '../graph-schema.ts';
import type { Adjacency } from './csr.ts';

/** One direction in which importance flows, and the share of each kind of edge; kinds that are left out carry nothing. */
export interface RankFlow {
  readonly adjacency: Adjacency;
  readonly shares: Readonly<Partial<Record<EdgeKind, number>>>;
}

/** The usual chance to walk on rather than to begin anew. */
const DAMPING = 0.85;
const MAX_ITERATIONS = 25;
/** Sum of all changes in one iteration below which the order of nodes hardly changes any more. */
const TOLERANCE = 1e-3;

/**
 * PageRank (Brin and Page, 1998) by power iteration: how often a walk that follows edges, and now and then begins anew,
 * is at each node. It begins at a node by its share of `weights`, which may be of any positive scale; where they are not
 * all alike, the ranks are personalised (Haveliwala, 2002). A walk that can't go on begins anew. The ranks sum to 1, or
 * are all 0 when there is no start.
 */
export function pageRank(flows: readonly RankFlow[], weights: Float64Array): Float64Array {
  const start = normalised(weights);
  const steps = flows.map(stepsOf);
  const outflow = outflowOf(steps, start.length);
  let ranks: Float64Array = start.slice();
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const next = new Float64Array(start.length);
    const spread = spreadOnce(steps, { ranks, outflow, next });
    const restart = ranks.reduce((sum, rank) => sum + rank, 0) - spread;
    let change = 0;
    for (let node = 0; node < next.length; node += 1) {
      next[node] = (next[node] ?? 0) + restart * (start[node] ?? 0);
      change += Math.abs((next[node] ?? 0) - (ranks[node] ?? 0));
    }
    ranks = next;
    if (change < TOLERANCE) break;
  }
  return ranks;
}

interface Steps {
  readonly adjacency: Adjacency;
  /** Share by the code of the edge's kind. */
  readonly shares: Float64Array;
}

function stepsOf({ adjacency, shares }: RankFlow): Steps {
  return { adjacency, shares: Float64Array.from(EDGE_KINDS, (kind) => shares[kind] ?? 0) };
}

function normalised(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total === 0 ? weights.slice() : weights.map((weight) => weight / total);
}

/** Sum of the shares of the edges that lead out of each node; what leads back to itself does not count. */
function outflowOf(steps: readonly Steps[], nodeCount: number): Float64Array {
  const outflow = new Float64Array(nodeCount);
  for (const { adjacency, shares } of steps) {
    const { starts, ends, neighbour, kind } = adjacency;
    for (let node = 0; node < nodeCount; node += 1) {
      const end = ends[node] ?? 0;
      for (let at = starts[node] ?? 0; at < end; at += 1) {
        if (neighbour[at] !== node) outflow[node] = (outflow[node] ?? 0) + (shares[kind[at] ?? 0] ?? 0);
      }
    }
  }
  return outflow;
}

interface Spread {
  readonly ranks: Float64Array;
  readonly outflow: Float64Array;
  readonly next: Float64Array;
}

/** Adds to `next` what flows out of every node; returns how much that was in all. */
function spreadOnce(steps: readonly Steps[], { ranks, outflow, next }: Spread): number {
  let spread = 0;
  for (let node = 0; node < ranks.length; node += 1) {
    const out = outflow[node] ?? 0;
    const rank = ranks[node] ?? 0;
    if (out === 0 || rank === 0) continue;
    spread += rank * DAMPING;
    const unit = (rank * DAMPING) / out;
    for (const { adjacency, shares } of steps) {
      const { starts, ends, neighbour, kind } = adjacency;
      const end = ends[node] ?? 0;
      for (let at = starts[node] ?? 0; at < end; at += 1) {
        const to = neighbour[at] ?? 0;
        if (to !== node) next[to] = (next[to] ?? 0) + unit * (shares[kind[at] ?? 0] ?? 0);
      }
    }
  }
  return spread;
}
