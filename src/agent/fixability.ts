import type { Calibration } from './agent-answers.ts';
import type { AgentTask, AutonomyLevel, Fixability } from './agent-schema.ts';
import { benchOf } from './fixer-bench.ts';
import type { PastOutcome } from './outcome-store.ts';

/**
 * How likely a fix is to be verified and accepted. A rate of few outcomes says little, so each is shrunk towards that of the
 * wider group: rule within fixer, fixer within all (Beta-binomial; B. Efron and C. Morris, 1975, for the idea of shrinkage).
 * A fixer nobody has tried here starts from what a bench measured of it.
 */

interface Tally {
  readonly successes: number;
  readonly count: number;
}

export interface FixabilityModel {
  readonly all: Tally;
  readonly byFixer: ReadonlyMap<string, Tally>;
  /** By fixer and rule. */
  readonly byRule: ReadonlyMap<string, Tally>;
  readonly calibration: Calibration;
}

export interface FixabilityQuestion {
  readonly fixer: string;
  readonly rule: string;
  readonly task: Pick<AgentTask, 'type' | 'severity'>;
}

/** From which chance on a fix may go so far by itself. */
export interface Thresholds {
  readonly branch: number;
  readonly pullRequest: number;
  readonly criticalFix: number;
  readonly refactor: number;
  readonly docs: number;
}

/** What the wider group weighs, in imagined outcomes. */
const PRIOR_WEIGHT = 4;
/** A bench of two libraries says nothing certain of another repository, however many cases it had. */
const MAX_BENCH_WEIGHT = 10;
/** Below this neither forecast can be told from luck. */
export const MIN_OUTCOMES = 20;

/** Counts outcomes, oldest first, and on the way foretells each from those before it, by the estimate and by the baseline. */
export function trainFixability(outcomes: readonly PastOutcome[]): FixabilityModel {
  const all = { successes: 0, count: 0 };
  const byFixer = new Map<string, Tally>();
  const byRule = new Map<string, Tally>();
  const errors = { estimate: 0, baseline: 0 };
  for (const { fixer, rule, isSuccess } of outcomes) {
    const seen = isSuccess ? 1 : 0;
    errors.estimate += (estimateOf({ all, byFixer, byRule }, fixer, rule) - seen) ** 2;
    errors.baseline += (rateOf(all) - seen) ** 2;
    all.successes += seen;
    all.count += 1;
    add(byFixer, fixer, seen);
    add(byRule, ruleKey(fixer, rule), seen);
  }
  return { all, byFixer, byRule, calibration: calibrationOf(all, errors) };
}

/** The chance of a fix and how far that lets it go. */
export function fixabilityOf(
  model: FixabilityModel,
  { fixer, rule, task }: FixabilityQuestion,
  thresholds: Thresholds,
): Fixability {
  const { isEstimateUsed, outcomes, brierEstimate, brierBaseline, note } = model.calibration;
  const estimate = rounded(estimateOf(model, fixer, rule));
  const baseline = rounded(rateOf(model.all));
  const probability = isEstimateUsed ? estimate : baseline;
  return {
    probability,
    level: levelOf(probability, task, thresholds),
    estimate,
    baseline,
    isEstimateUsed,
    outcomes,
    brierEstimate,
    brierBaseline,
    basis: `${basisOf(model, fixer, rule)} ${note}`,
  };
}

/** A grave fix needs more certainty for a pull request, a refactoring and documentation less; none goes without a branch's. */
export function levelOf(probability: number, task: FixabilityQuestion['task'], thresholds: Thresholds): AutonomyLevel {
  if (probability < thresholds.branch) return 'report';
  return probability < pullRequestThresholdOf(task, thresholds) ? 'branch' : 'pull_request';
}

function pullRequestThresholdOf({ type, severity }: FixabilityQuestion['task'], thresholds: Thresholds): number {
  switch (type) {
    case 'documentation':
      return thresholds.docs;
    case 'refactor':
      return thresholds.refactor;
    case 'code_fix':
      return severity === 'critical'
        ? Math.max(thresholds.criticalFix, thresholds.pullRequest)
        : thresholds.pullRequest;
  }
}

/** What is left when the rule itself is taken out of its fixer is the wider group, so that no outcome counts twice. */
function estimateOf(
  { all, byFixer, byRule }: Omit<FixabilityModel, 'calibration'>,
  fixer: string,
  rule: string,
): number {
  const ofRule = byRule.get(ruleKey(fixer, rule)) ?? NONE;
  const others = without(byFixer.get(fixer) ?? NONE, ofRule);
  const bench = benchOf(fixer);
  const cases = bench === undefined ? 0 : bench.right + bench.wrong;
  const wider =
    bench === undefined
      ? { mean: rateOf(without(all, byFixer.get(fixer) ?? NONE)), weight: PRIOR_WEIGHT }
      : { mean: (bench.right + 1) / (cases + 2), weight: Math.min(cases, MAX_BENCH_WEIGHT) };
  const fixerMean = (others.successes + wider.mean * wider.weight) / (others.count + wider.weight);
  return (ofRule.successes + fixerMean * PRIOR_WEIGHT) / (ofRule.count + PRIOR_WEIGHT);
}

/** The rate of all alike, with one imagined success and one failure (Laplace's rule of succession). */
function rateOf({ successes, count }: Tally): number {
  return (successes + 1) / (count + 2);
}

function calibrationOf(all: Tally, errors: { readonly estimate: number; readonly baseline: number }): Calibration {
  const { count } = all;
  const rate = rounded(rateOf(all));
  if (count === 0) {
    const note = `No outcome is known yet; ${MIN_OUTCOMES} are needed to compare the estimate with a baseline.`;
    return { isEstimateUsed: true, outcomes: 0, rate, note };
  }
  const brierEstimate = rounded(errors.estimate / count);
  const brierBaseline = rounded(errors.baseline / count);
  const figures = `Brier score ${brierEstimate} against ${brierBaseline} of the baseline, n = ${count}`;
  const isEstimateUsed = count < MIN_OUTCOMES || errors.estimate < errors.baseline;
  const verdict =
    count < MIN_OUTCOMES
      ? `Too few outcomes to tell (${figures}; ${MIN_OUTCOMES} are needed).`
      : isEstimateUsed
        ? `The estimate foretold better: ${figures}.`
        : `The estimate is switched off and the baseline decides: ${figures}.`;
  return { isEstimateUsed, outcomes: count, rate, brierEstimate, brierBaseline, note: verdict };
}

function basisOf({ byFixer, byRule }: FixabilityModel, fixer: string, rule: string): string {
  const ofRule = byRule.get(ruleKey(fixer, rule)) ?? NONE;
  const ofFixer = byFixer.get(fixer) ?? NONE;
  const bench = benchOf(fixer);
  const measured = bench === undefined ? 'no bench' : `bench ${bench.right} right, ${bench.wrong} wrong`;
  return (
    `${fixer} on ${rule}: ${ofRule.successes} of ${ofRule.count} here; ` +
    `on all rules ${ofFixer.successes} of ${ofFixer.count}; ${measured}.`
  );
}

const NONE: Tally = { successes: 0, count: 0 };

function without(whole: Tally, part: Tally): Tally {
  return { successes: whole.successes - part.successes, count: whole.count - part.count };
}

function add(tallies: Map<string, Tally>, key: string, seen: number): void {
  const { successes, count } = tallies.get(key) ?? NONE;
  tallies.set(key, { successes: successes + seen, count: count + 1 });
}

function ruleKey(fixer: string, rule: string): string {
  return `${fixer}\0${rule}`;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
