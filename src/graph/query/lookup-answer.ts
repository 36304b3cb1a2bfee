import type { GraphHit } from '../graph-answers.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import type { SymbolLookup } from './symbol-lookup.ts';

/** More than a page of namesakes is answered by a longer name, not by reading on. */
const MAX_CANDIDATES = 20;

/** The part of an answer that is given without the graph's service: no workspace, no coverage. */
export interface Answered<A> {
  readonly body: A;
  /** More exists than the body holds. */
  readonly isTruncated: boolean;
}

interface Unmatched {
  readonly match: 'many' | 'none';
  readonly candidates: GraphHit[];
  readonly note: string;
}

/** What is said when a text does not name exactly one symbol. */
export function unmatched(
  view: GraphView,
  text: string,
  lookup: Exclude<SymbolLookup, { readonly match: 'one' }>,
): Answered<Unmatched> {
  const rows = lookup.match === 'many' ? lookup.rows : lookup.similar;
  const candidates = rows.slice(0, MAX_CANDIDATES).map((row) => hitOf(view, row));
  const note =
    lookup.match === 'many'
      ? `\`${text}\` names ${rows.length} symbols; ask again with an id, or with path#name.`
      : `Nothing is named exactly \`${text}\` in this index; ${candidates.length} similar names. graph_search finds by words.`;
  return { body: { match: lookup.match, candidates, note }, isTruncated: rows.length > candidates.length };
}
