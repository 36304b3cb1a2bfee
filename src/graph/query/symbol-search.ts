import type { NodeKind } from '../graph-schema.ts';
import { firstRows } from './first-rows.ts';
import type { GraphView } from './graph-view.ts';
import { createPathFilter } from './path-filter.ts';
import { termsOf } from './query-words.ts';
import { patternOf, rowsMatching } from './pattern-search.ts';
import type { PatternHit } from './pattern-search.ts';
import { lowerNamesakes, raiseSameNames } from './same-names.ts';
import { scoreWords } from './word-scores.ts';

export interface SymbolSearch {
  readonly query: string;
  readonly kind?: NodeKind | undefined;
  /** Prefix or glob of the relative path. */
  readonly path?: string | undefined;
}

export interface FoundSymbols {
  /** As many as were asked for, best first; ties in the order of the rows, so that the order is the same each time. */
  readonly rows: readonly number[];
  readonly total: number;
  /** Of them, at the end: hits that have no word of the query, only similar ones. */
  readonly similarTotal: number;
  /** Words of the query that nothing has. */
  readonly unknown: readonly string[];
}

/** Of what only lies in something whose name matches the pattern. */
const CONTAINER_SHARE = 0.3;

/**
 * Nodes by words, by `/pattern/flags`, or, without a letter or digit (`*`), all that the filters let through. Throws
 * `invalid_input` for a broken or endless pattern.
 */
export function searchSymbols(view: GraphView, search: SymbolSearch, first = Infinity): FoundSymbols {
  const pattern = patternOf(search.query);
  if (pattern === undefined && termsOf(search.query).length > 0) return searchWords(view, search, first);
  const isWanted = filterOf(view, search);
  if (pattern !== undefined) {
    const hits = rowsMatching(view, pattern).filter(({ row }) => isWanted(row));
    return byPrior(view, hits, first);
  }
  const rows = Array.from({ length: view.nodeCount }, (_, row) => row).filter(isWanted);
  return { rows: rows.slice(0, first), total: rows.length, similarTotal: 0, unknown: [] };
}

/** Nodes by words alone, whatever signs stand around them; none without words. */
export function searchWords(view: GraphView, search: SymbolSearch, first = Infinity): FoundSymbols {
  const typed = search.query.trim();
  const question = { terms: termsOf(typed), isWanted: filterOf(view, search), fileOf: view.columns.nodes.file };
  const { rows, scores, hasWord, unknown } = scoreWords(view.searchIndex, question);
  const { priors } = view;
  const similar: number[] = [];
  for (const row of rows) {
    scores[row] = (scores[row] ?? 0) * (priors[row] ?? 0);
    if (unknown.length > 0 && !hasWord(row)) similar.push(row);
  }
  raiseSameNames(view, typed, scores);
  lowerNamesakes(view, typed, scores);
  // Below all that have a word, in the same order among themselves.
  for (const row of similar) scores[row] = -1 / (scores[row] ?? 1);
  return { rows: firstRows(rows, scores, first), total: rows.length, similarTotal: similar.length, unknown };
}

function byPrior(view: GraphView, hits: readonly PatternHit[], first: number): FoundSymbols {
  const scores = new Float32Array(view.nodeCount);
  for (const { row, isOwnName } of hits) scores[row] = (view.priors[row] ?? 0) * (isOwnName ? 1 : CONTAINER_SHARE);
  const rows = hits.map(({ row }) => row);
  return { rows: firstRows(rows, scores, first), total: rows.length, similarTotal: 0, unknown: [] };
}

function filterOf(view: GraphView, { kind, path }: SymbolSearch): (row: number) => boolean {
  const isKindWanted = (row: number): boolean => kind === undefined || view.kindOf(row) === kind;
  if (path === undefined) return (row) => view.isThere(row) && isKindWanted(row);
  const isPathWanted = createPathFilter(path);
  const wantedFiles = view.columns.files.map((file) => isPathWanted(file.path));
  return (row) => wantedFiles[view.columns.nodes.file[row] ?? -1] === true && isKindWanted(row);
}
