import type { NodeKind } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';
import type { GraphView } from './graph-view.ts';
import { squash } from './identifier-words.ts';

const BOOSTS = {
  /** The whole name or qualified name as it was typed, or but for its case and separators. */
  sameName: 3,
  sameLetters: 2,
  exported: 1.1,
  test: 0.6,
} as const;

/** For each doubling of a node's importance over the mean; what is used most is not all that is asked for. */
const IMPORTANCE_STEP = 0.08;
const MAX_IMPORTANCE = 1.6;

/** A name with more of them than this is not what a query without them means. */
const MAX_SEPARATORS = 12;

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

/** A factor for how likely a node is meant, whatever the words: from how much leans on it, its place and its kind. */
export function priorOf(view: GraphView): (row: number) => number {
  const { importance, nodeCount } = view;
  const isTestFile = view.columns.files.map((file) => isTestPath(file.path));
  return (row) => {
    const doublings = Math.log2(1 + (importance[row] ?? 0) * nodeCount);
    let factor = Math.min(MAX_IMPORTANCE, 1 + IMPORTANCE_STEP * doublings);
    if (view.isExported(row)) factor *= BOOSTS.exported;
    if (view.kindOf(row) === 'test' || isTestFile[view.columns.nodes.file[row] ?? -1] === true) factor *= BOOSTS.test;
    return factor;
  };
}

/** A factor for a name that is the query as a whole. Containers are looked at only when the query has them. */
export function samenessOf(view: GraphView, typed: string): (row: number) => number {
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
