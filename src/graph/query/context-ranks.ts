import { USE_SHARES } from './importance.ts';
import type { GraphView } from './graph-view.ts';
import { pageRank } from './page-rank.ts';
import type { RankFlow } from './page-rank.ts';

/** Who uses something matters less than what it uses, and there are more of them. */
const USER_SHARE = 0.5;
const TO_CONTAINER = 0.3;
const TO_MEMBER = 0.2;

/** Everywhere near everything, and named for what it is: what leans on it is brought in, not how it works. */
const HUB_POWER = 0.3;

/**
 * How near each node is to the seeds, as personalised PageRank over uses both ways, the idea of Aider's repository map.
 * What is near to everything is near to nothing in particular: the more important in general, the lower.
 */
export function nearnessOf(view: GraphView, weights: Float64Array): Float32Array {
  const ranks = pageRank(flowsOf(view), weights);
  const { importance } = view;
  return Float32Array.from(ranks, (rank, row) => {
    return rank === 0 ? 0 : rank / (1 + (importance[row] ?? 0) * view.nodeCount) ** HUB_POWER;
  });
}

function flowsOf(view: GraphView): RankFlow[] {
  const users = Object.fromEntries(Object.entries(USE_SHARES).map(([kind, share]) => [kind, share * USER_SHARE]));
  return [
    { adjacency: view.forward, shares: { ...USE_SHARES, contains: TO_MEMBER } },
    { adjacency: view.reverse, shares: { ...users, contains: TO_CONTAINER } },
  ];
}
