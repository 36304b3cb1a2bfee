import type { NodeKind } from '../graph-schema.ts';
import { degreeOf } from './csr.ts';
import { USES } from './edge-groups.ts';
import type { GraphView } from './graph-view.ts';
import { splitWords, squash, stem } from './identifier-words.ts';
import { createPathFilter } from './path-filter.ts';
import { scoreWord } from './word-scores.ts';
import type { WordScores } from './word-scores.ts';

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

/** A name with more of them than this is not what a query without them means. */
const MAX_SEPARATORS = 12;

const TEST_PATH = /(?:^|\/)(?:tests?|__tests__|fixtures)\/|\.(?:test|spec)\.\w+$/;

/**
 * Rows of matching nodes, best first; ties in the order of the rows, so that the order is the same each time. A query
 * without a letter or digit (`*`) lists all that the filters let through.
 */
export function searchSymbols(view: GraphView, search: SymbolSearch): number[] {
  const isWanted = filterOf(view, search);
  const terms = termsOf(search.query);
  if (terms.length === 0) return Array.from({ length: view.nodeCount }, (_, row) => row).filter(isWanted);
  const { rows, scores } = scoreRows(view, terms);
  const rank = ranker(view, search.query);
  const found = Int32Array.from(rows.filter(isWanted));
  for (const row of found) scores[row] = (scores[row] ?? 0) * rank(row);
  return Array.from(found.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b));
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
function scoreRows(view: GraphView, terms: readonly string[]): WordScores {
  const { nodes, paths } = view.searchIndex;
  const byTerm = terms.map((term) => ({ own: scoreWord(nodes, term), path: scoreWord(paths, term) }));
  const scores = new Float32Array(view.nodeCount);
  const rows: number[] = [];
  for (const row of byTerm.flatMap(({ own }) => own.rows)) {
    if (scores[row] !== 0) continue;
    const file = view.columns.nodes.file[row] ?? -1;
    let sum = 0;
    let met = 0;
    for (const { own, path } of byTerm) {
      const score = own.scores[row] || path.scores[file] || 0;
      sum += score;
      met += score === 0 ? 0 : 1;
    }
    scores[row] = (sum * met) / terms.length;
    rows.push(row);
  }
  return { rows, scores };
}

function filterOf(view: GraphView, { kind, path }: SymbolSearch): (row: number) => boolean {
  if (path === undefined) return (row) => kind === undefined || view.kindOf(row) === kind;
  const isPathWanted = createPathFilter(path);
  const wantedFiles = view.columns.files.map((file) => isPathWanted(file.path));
  return (row) =>
    wantedFiles[view.columns.nodes.file[row] ?? -1] === true && (kind === undefined || view.kindOf(row) === kind);
}

function ranker(view: GraphView, query: string): (row: number) => number {
  const isSame = sameness(view, query.trim());
  const testFiles = view.columns.files.map((file) => TEST_PATH.test(file.path));
  return (row) => {
    let factor = isSame(row) * (1 + BOOSTS.uses * Math.log2(1 + degreeOf(view.reverse, row, USES)));
    if (view.isExported(row)) factor *= BOOSTS.exported;
    if (view.kindOf(row) === 'test' || testFiles[view.columns.nodes.file[row] ?? -1] === true) factor *= BOOSTS.test;
    return factor;
  };
}

/** Containers are looked at only when the query has them: a search may rank most of the graph. */
function sameness(view: GraphView, typed: string): (row: number) => number {
  const letters = squash(typed);
  const nameOf = typed.includes('.') ? (row: number) => view.qualifiedNameOf(row) : (row: number) => view.nameOf(row);
  return (row) => {
    const name = nameOf(row);
    if (name === typed) return BOOSTS.sameName;
    const separators = name.length - letters.length;
    const isNear = separators >= 0 && separators <= MAX_SEPARATORS;
    return isNear && squash(name) === letters ? BOOSTS.sameLetters : 1;
  };
}
