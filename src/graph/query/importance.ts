import { NODE_KINDS } from '../graph-schema.ts';
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
  renders: 1,
  routes: 1,
  references: 0.6,
  writes: 0.4,
  'value-alias': 0.8,
  passes: 0.8,
  decorates: 0.6,
  'type-uses': 0.4,
  imports: 0.2,
  exports: 0.1,
  're-exports': 0.1,
} as const satisfies RankFlow['shares'];

/** A class is as important as its methods are, and a file as what is in it; who uses a class uses some of its methods. */
const TO_CONTAINER = { contains: 0.3 } as const;
const TO_MEMBER = 0.1;

const FILE = NODE_KINDS.indexOf('file');

/**
 * How much of the code leans on each node, as PageRank: sums to 1. Walks begin at the outermost declarations, since a
 * class is not more important for having many fields; and outside of tests, so that what tests alone use is not
 * important however often they do.
 */
export function importanceOf(graph: RankedGraph): Float64Array {
  const flows = [
    { adjacency: graph.forward, shares: { ...USE_SHARES, contains: TO_MEMBER } },
    { adjacency: graph.reverse, shares: TO_CONTAINER },
  ];
  return pageRank(flows, startOf(graph));
}

/** How much of the code each node brings together: the same against the uses, known as CheiRank (Chepelianskii, 2010). */
export function breadthOf(graph: RankedGraph): Float64Array {
  const flows = [
    { adjacency: graph.reverse, shares: { ...USE_SHARES, ...TO_CONTAINER } },
    { adjacency: graph.forward, shares: { contains: TO_MEMBER } },
  ];
  return pageRank(flows, startOf(graph));
}

function startOf({ columns: { nodes, files } }: RankedGraph): Float64Array {
  const isTest = files.map(({ path }) => isTestPath(path));
  const outermost = Float64Array.from(nodes.container, (container) => (nodes.kind[container] === FILE ? 1 : 0));
  const outsideTests = outermost.map((weight, row) => (isTest[nodes.file[row] ?? -1] === true ? 0 : weight));
  // A workspace of tests alone.
  return outsideTests.includes(1) ? outsideTests : outermost;
}
