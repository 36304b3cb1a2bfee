import { costOf, fittingTests, itemLines, testLines, unmatchedLines } from '../context-text.ts';
import type { ContextItem } from '../context-schema.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';

/** The figures of the first line, and the last, which says what the index knows. */
const FRAME_TOKENS = 75;

const MAX_SIGNATURE = 160;
const MAX_DOC = 140;
const MAX_REASON = 100;
/** So many items in a row that no longer fit: the rest would not, either. */
const MAX_MISSES = 20;

export interface PackParts {
  readonly about: string;
  readonly unmatched: readonly string[];
  readonly note: string | undefined;
  readonly tests: readonly string[];
  readonly budget: number;
}

/** Nodes in the order of their worth. */
export interface Candidates {
  readonly rows: readonly number[];
  /** Why a node belongs to those chosen before it; undefined when nothing speaks for it. */
  readonly reasonOf: (row: number, chosen: ReadonlySet<number>) => string | undefined;
}

export interface Pack {
  /** By file; the files in the order in which their first was chosen, in them by line. */
  readonly items: ContextItem[];
  readonly tests: string[];
  readonly usedTokens: number;
  /** Something was left out for want of tokens. */
  readonly isCut: boolean;
}

/** Fills a budget of tokens with the candidates in their order, as far as their rendered lines fit. */
export function packed(view: GraphView, { rows, reasonOf }: Candidates, parts: PackParts): Pack {
  const { budget } = parts;
  const tests = fittingTests(parts.tests, budget);
  const fixed = [parts.about, ...unmatchedLines(parts.unmatched, budget), ...testLines(tests)];
  const fixedTokens = FRAME_TOKENS + costOf(parts.note === undefined ? fixed : [...fixed, parts.note]);
  const pile = new Pile(budget - fixedTokens);
  const chosen = new Set<number>();
  let misses = 0;
  for (const row of rows) {
    const reason = reasonOf(row, chosen);
    if (reason === undefined) continue;
    if (pile.add(itemOf(view, row, reason))) chosen.add(row);
    else misses += 1;
    if (misses > MAX_MISSES) break;
  }
  const isCut = misses > 0 || tests.length < parts.tests.length;
  return { items: pile.items(), tests, usedTokens: fixedTokens + pile.tokens, isCut };
}

/** Items as they are chosen, and what their lines cost once they are put together. */
class Pile {
  readonly #byPath = new Map<string, ContextItem[]>();
  readonly #budget: number;
  tokens = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  /** False when it does not fit. */
  add(item: ContextItem): boolean {
    const former = this.#byPath.get(item.path) ?? [];
    const items = [...former, item].toSorted((a, b) => a.line - b.line);
    const added = costOf(itemLines(items)) - costOf(itemLines(former));
    if (this.tokens + added > this.#budget) return false;
    this.tokens += added;
    this.#byPath.set(item.path, items);
    return true;
  }

  items(): ContextItem[] {
    return [...this.#byPath.values()].flat();
  }
}

function itemOf(view: GraphView, row: number, reason: string): ContextItem {
  const { nodes } = view.columns;
  const doc = firstSentence(nodes.doc[row] ?? '');
  return {
    ...hitOf(view, row),
    signature: shortened(nodes.signature[row] ?? '', MAX_SIGNATURE),
    ...(doc !== '' && { doc }),
    reason: shortened(reason, MAX_REASON),
  };
}

function firstSentence(doc: string): string {
  const [sentence = ''] = doc.split(/(?<=[.!?])\s/);
  return shortened(sentence, MAX_DOC);
}

export function shortened(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`;
}
