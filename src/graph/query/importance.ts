import type { GraphColumns } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';
import type { Adjacency } from './csr.ts';
import { pageRank } from './page-rank.ts';
import type { RankFlow } from './page-rank.ts';

export interface RankedGraph {
  readonly columns: GraphColumns;
  readonly forward: Adjacency;
  readonly reverse: Adjacency;
}

/** Users make what they use important; running it more than naming it in a type or an import. */
export const USE_SHARES = {
  calls: 1,
  constructs: 1,
  extends: 1,
  implements: 0.7,
  overrides: 0.5,
  references: 0.6,
  decorates: 0.6,
  'type-uses': 0.4,
  imports: 0.2,
  exports: 0.1,
  're-exports': 0.1,
} as const satisfies RankFlow['shares'];

/** A class is as important as its methods are, and a file as what is in it. */
const TO_CONTAINER = { contains: 0.3 } as const;

/**
 * How much of the code leans on each node, as PageRank: sums to 1. Walks begin outside of tests, so that what tests
 * alone use is not important however often they do.
 */
export function importanceOf({ columns, forward, reverse }: RankedGraph): Float64Array {
  const { nodes, files } = columns;
  const isTest = files.map(({ path }) => isTestPath(path));
  const weights = Float64Array.from(nodes.file, (file) => (isTest[file] === true ? 0 : 1));
  const flows = [
    { adjacency: forward, shares: USE_SHARES },
    { adjacency: reverse, shares: TO_CONTAINER },
  ];
  // A workspace of tests alone.
  return pageRank(flows, weights.includes(1) ? weights : weights.fill(1));
}
