import type { NodeKind } from '../graph-schema.ts';
import type { GraphView } from './graph-view.ts';
import { squash, stem } from './identifier-words.ts';
import { rowsOf } from './word-index.ts';

/** The whole name or qualified name as it was typed, or but for its case and separators. */
const BOOSTS = { sameName: 3, sameLetters: 2 } as const;

/** What a name is looked up for, before the values and fields that are called after it. */
const DECLARATIONS: ReadonlySet<NodeKind> = new Set([
  'class',
  'interface',
  'function',
  'type',
  'enum',
  'component',
  'namespace',
]);
const VALUES: ReadonlySet<NodeKind> = new Set(['property', 'variable']);

/** Raises the scores of nodes whose name, with its container when the query has one, is the query as a whole. */
export function raiseSameNames(view: GraphView, typed: string, scores: Float32Array): void {
  const letters = squash(typed);
  const last = typed.slice(typed.lastIndexOf('.') + 1);
  const nameOf = typed.includes('.') ? (row: number) => view.qualifiedNameOf(row) : (row: number) => view.nameOf(row);
  const { nodes } = view.searchIndex;
  for (const word of new Set([squash(last), stem(squash(last))])) {
    for (const row of rowsOf(nodes, word)) {
      const name = nameOf(row);
      if (name === typed) scores[row] = (scores[row] ?? 0) * BOOSTS.sameName;
      else if (squash(name) === letters) scores[row] = (scores[row] ?? 0) * BOOSTS.sameLetters;
    }
  }
}

/** Puts properties and variables below all classes, functions and types that bear the very same name. */
export function lowerNamesakes(view: GraphView, name: string, scores: Float32Array): void {
  const namesakes = view.rowsByName.get(name) ?? [];
  let lowest = Infinity;
  for (const row of namesakes) {
    const score = scores[row] ?? 0;
    if (score > 0 && DECLARATIONS.has(view.kindOf(row))) lowest = Math.min(lowest, score);
  }
  for (const row of namesakes) {
    const score = scores[row] ?? 0;
    if (VALUES.has(view.kindOf(row)) && score >= lowest) scores[row] = (lowest * score) / (score + lowest);
  }
}
