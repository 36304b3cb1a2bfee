import type { NodeKind } from '../graph-schema.ts';
import { degreeOf } from './csr.ts';
import { USES } from './edge-groups.ts';
import type { GraphView } from './graph-view.ts';
import { splitWords, squash, stem } from './identifier-words.ts';
import { createPathFilter } from './path-filter.ts';
import { scoreWord } from './word-scores.ts';

export interface SymbolSearch {
  readonly query: string;
  readonly kind?: NodeKind | undefined;
  /** Prefix or glob of the relative path. */
  readonly path?: string | undefined;
}

/** A question, not a document. */
const MAX_TERMS = 16;

const BOOSTS = {
  /** The whole name or qualified name as it was typed, or but for its case and separators. */
  sameName: 3,
  sameLetters: 2,
  /** For each doubling of the number of uses. */
  uses: 0.15,
  exported: 1.1,
  test: 0.6,
} as const;

const TEST_PATH = /(?:^|\/)(?:tests?|__tests__|fixtures)\/|\.(?:test|spec)\.\w+$/;

/**
 * Rows of matching nodes, best first; ties in the order of the rows, so that the order is the same each time. A query
 * without a letter or digit (`*`) lists all that the filters let through.
 */
export function searchSymbols(view: GraphView, search: SymbolSearch): number[] {
  const isWanted = filterOf(view, search);
  const terms = termsOf(search.query);
  if (terms.length === 0) return Array.from({ length: view.nodeCount }, (_, row) => row).filter(isWanted);
  const scores = scoreRows(view, terms);
  const rank = ranker(view, search.query);
  const ranked: { row: number; score: number }[] = [];
  for (const [row, score] of scores) if (isWanted(row)) ranked.push({ row, score: score * rank(row) });
  return ranked.toSorted((a, b) => b.score - a.score || a.row - b.row).map(({ row }) => row);
}

function termsOf(query: string): string[] {
  const words = splitWords(query).map(stem);
  const wholes = query
    .split(/[^\p{L}\p{N}_$]+/u)
    .filter((part) => splitWords(part).length > 1)
    .map(squash);
  return [...new Set([...wholes, ...words])].slice(0, MAX_TERMS);
}

/** Sums the terms, and scales by the share of them that a node meets in its own words or in its path. */
function scoreRows(view: GraphView, terms: readonly string[]): Map<number, number> {
  const { nodes, paths } = view.searchIndex;
  const byTerm = terms.map((term) => ({ rows: scoreWord(nodes, term), files: scoreWord(paths, term) }));
  const scores = new Map<number, number>();
  for (const { rows } of byTerm) {
    for (const row of rows.keys()) {
      if (scores.has(row)) continue;
      const file = view.columns.nodes.file[row] ?? -1;
      let sum = 0;
      let met = 0;
      for (const term of byTerm) {
        const score = term.rows.get(row) ?? term.files.get(file);
        if (score === undefined) continue;
        sum += score;
        met += 1;
      }
      scores.set(row, (sum * met) / terms.length);
    }
  }
  return scores;
}

function filterOf(view: GraphView, { kind, path }: SymbolSearch): (row: number) => boolean {
  if (path === undefined) return (row) => kind === undefined || view.kindOf(row) === kind;
  const isPathWanted = createPathFilter(path);
  const wantedFiles = view.columns.files.map((file) => isPathWanted(file.path));
  return (row) =>
    wantedFiles[view.columns.nodes.file[row] ?? -1] === true && (kind === undefined || view.kindOf(row) === kind);
}

function ranker(view: GraphView, query: string): (row: number) => number {
  const typed = query.trim();
  const letters = squash(typed);
  const testFiles = view.columns.files.map((file) => TEST_PATH.test(file.path));
  return (row) => {
    let factor = 1 + BOOSTS.uses * Math.log2(1 + degreeOf(view.reverse, row, USES));
    const name = view.nameOf(row);
    const qualified = view.qualifiedNameOf(row);
    if (name === typed || qualified === typed) factor *= BOOSTS.sameName;
    else if (squash(name) === letters || squash(qualified) === letters) factor *= BOOSTS.sameLetters;
    if (view.isExported(row)) factor *= BOOSTS.exported;
    if (view.kindOf(row) === 'test' || testFiles[view.columns.nodes.file[row] ?? -1] === true) factor *= BOOSTS.test;
    return factor;
  };
}
