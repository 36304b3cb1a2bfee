import type { NodeKind } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';
import type { GraphView } from './graph-view.ts';
import { splitWords, stem } from './identifier-words.ts';
import { termsOf } from './query-words.ts';
import { searchWords } from './symbol-search.ts';

export interface TaskHit {
  readonly row: number;
  /** Relative to other hits. */
  readonly weight: number;
  readonly reason: string;
}

export interface TaskHits {
  readonly hits: readonly TaskHit[];
  /** Weights of tests: they show how something is used, not how it works. */
  readonly tests: ReadonlyMap<number, number>;
  /** Words of the task that no symbol has. */
  readonly unknown: readonly string[];
}

const SEARCHED_HITS = 200;
const MAX_HITS = 25;
/** More members of one class than these were most likely found by the words of the class. */
const MAX_SIBLINGS = 3;

/** Of each word alone, so many, of so many words. */
const HITS_OF_WORD = 3;
const MAX_WORDS = 8;
const WORD_WEIGHT = 0.3;

/** Rarely what a task is about, often called after it. */
const DETAILS: ReadonlySet<NodeKind> = new Set(['property', 'variable']);
const DETAIL_SHARE = 0.4;

/** What tasks begin with: it says what to do, not with what. */
const INTENTS =
  /(?<![\p{L}\p{N}_$.])(?:add|chang|creat|fix|implement|improv|introduc|mak|need|refactor|support|updat|want)(?:e|es|s|ed|ing)?(?![\p{L}\p{N}_$.])|\b(?:new|please)\b/giu;

/**
 * What the words of a task find together; and alone, those that are in the name of no such hit: a task is about several
 * things, and the best hits may all be about one of them.
 */
export function taskHitsOf(view: GraphView, task: string): TaskHits {
  const subject = task.replaceAll(INTENTS, '').trim();
  const query = subject === '' ? task : subject;
  const { rows, unknown } = searchWords(view, { query }, SEARCHED_HITS);
  const together = hitsAmong(view, rows, MAX_HITS);
  const named = new Set(together.flatMap((row) => splitWords(view.qualifiedNameOf(row)).map(stem)));
  const left = termsOf(query).filter(
    ({ term, typed, isWhole }) => !isWhole && !named.has(term) && !unknown.includes(typed),
  );
  const hits = together.map((row, rank) => hitAt(view, row, { weight: weightAt(rank), reason: 'fits the task' }));
  const alone = left.slice(0, MAX_WORDS).flatMap(({ typed }) => hitsOfWord(view, typed));
  return { hits: [...hits, ...alone], tests: testsAmong(view, rows), unknown };
}

function hitsOfWord(view: GraphView, word: string): TaskHit[] {
  const { rows } = searchWords(view, { query: word }, SEARCHED_HITS);
  const given = { weight: WORD_WEIGHT, reason: `fits \`${word}\`` };
  return hitsAmong(view, rows, HITS_OF_WORD).map((row) => hitAt(view, row, given));
}

function hitAt(view: GraphView, row: number, { weight, reason }: Omit<TaskHit, 'row'>): TaskHit {
  return { row, reason, weight: DETAILS.has(view.kindOf(row)) ? weight * DETAIL_SHARE : weight };
}

/** The first outside of tests, not too many from one class. */
function hitsAmong(view: GraphView, rows: readonly number[], count: number): number[] {
  const inContainer = new Map<number, number>();
  const hits = rows.filter((row) => {
    if (isTestPath(view.pathOf(row))) return false;
    const container = view.containerOf(row);
    const siblings = inContainer.get(container) ?? 0;
    inContainer.set(container, siblings + 1);
    const isInner = container >= 0 && view.kindOf(container) !== 'file';
    return !isInner || siblings < (DETAILS.has(view.kindOf(row)) ? 1 : MAX_SIBLINGS);
  });
  return hits.slice(0, count);
}

function testsAmong(view: GraphView, rows: readonly number[]): Map<number, number> {
  const isTest = (row: number): boolean => view.kindOf(row) === 'test' && isTestPath(view.pathOf(row));
  return new Map(rows.map((row, rank) => [row, weightAt(rank)] as const).filter(([row]) => isTest(row)));
}

function weightAt(rank: number): number {
  return 1 / (1 + rank / 4);
}
