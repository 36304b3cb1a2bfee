import { EDGE_KINDS } from '../graph-schema.ts';
import type { EdgeKind } from '../graph-schema.ts';
import type { Adjacency } from './csr.ts';
import type { GraphView } from './graph-view.ts';

type Relation = readonly [asUser: string, asUsed: string];

/** What a node is to the one at the other end of an edge. */
const RELATIONS: ReadonlyMap<EdgeKind, Relation> = new Map<EdgeKind, Relation>([
  ['calls', ['calls', 'called by']],
  ['constructs', ['makes', 'made by']],
  ['extends', ['extends', 'extended by']],
  ['implements', ['implements', 'implemented by']],
  ['overrides', ['overrides', 'overridden by']],
  ['references', ['uses', 'used by']],
  ['type-uses', ['uses type', 'type of']],
  ['decorates', ['decorated by', 'decorates']],
  ['writes', ['sets', 'set by']],
  ['value-alias', ['other name of', 'also named']],
  ['passes', ['passes on', 'passed on by']],
  ['routes', ['routes to', 'handler of']],
  ['renders', ['renders', 'rendered by']],
  ['contains', ['holds', 'member of']],
]);
const CONTAINS = EDGE_KINDS.indexOf('contains');

/**
 * What a node is to one of those chosen before it: to the first of them, and uses before structure. Undefined when it
 * has nothing to do with any.
 */
export function relationTo(view: GraphView, row: number, chosen: ReadonlySet<number>): string | undefined {
  const links = [...linksOf(view.reverse, row, 1), ...linksOf(view.forward, row, 0)].filter(({ other }) =>
    chosen.has(other),
  );
  if (links.length === 0) return undefined;
  const places = new Map([...chosen].map((other, place) => [other, place]));
  const cost = ({ other, kind }: Link): number => (places.get(other) ?? 0) + (kind === CONTAINS ? chosen.size : 0);
  const best = links.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  const relation = RELATIONS.get(EDGE_KINDS[best.kind] ?? 'references')?.[best.side] ?? '';
  return `${relation} ${view.qualifiedNameOf(best.other)}`;
}

interface Link {
  readonly other: number;
  readonly kind: number;
  readonly side: 0 | 1;
}

function linksOf({ starts, ends, neighbour, kind }: Adjacency, row: number, side: Link['side']): Link[] {
  const links: Link[] = [];
  const end = ends[row] ?? 0;
  for (let at = starts[row] ?? 0; at < end; at += 1) {
    const other = neighbour[at] ?? 0;
    const code = kind[at] ?? 0;
    if (other !== row && RELATIONS.has(EDGE_KINDS[code] ?? 'imports')) links.push({ other, kind: code, side });
  }
  return links;
}
