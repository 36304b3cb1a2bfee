import { describe, expect, test } from 'vitest';
import { fixabilityOf, levelOf, MIN_OUTCOMES, trainFixability } from '../../src/agent/fixability.ts';
import type { FixabilityQuestion, Thresholds } from '../../src/agent/fixability.ts';
import { outcomes } from './agent-sample.ts';

const THRESHOLDS: Thresholds = { branch: 0.4, pullRequest: 0.78, criticalFix: 0.8, refactor: 0.6, docs: 0.5 };
const FIX = { type: 'code_fix', severity: 'medium' } as const;
const SPELLING: FixabilityQuestion = { fixer: 'typescript:spelling', rule: 'ts/2552', task: FIX };

/** Two fixers by turns: one always right, one always wrong. */
const APART = outcomes(60, (at) =>
  at % 2 === 0 ? { fixer: 'right', rule: 'r', isSuccess: true } : { fixer: 'wrong', rule: 'r', isSuccess: false },
);

/** Sixty fixers that tell nothing of what comes: each has had one outcome the other way round before. */
const MISLEADING = outcomes(120, (at) => ({
  fixer: `fixer ${Math.floor(at / 2)}`,
  rule: 'r',
  isSuccess: at % 2 === Math.floor(at / 2) % 2,
}));

describe('the chance of a fix', () => {
  test('begins, before anything is known, with what a bench measured of its fixer', () => {
    const fixability = fixabilityOf(trainFixability([]), SPELLING, THRESHOLDS);
    expect(fixability).toMatchObject({ probability: 0.9643, baseline: 0.5, isEstimateUsed: true, outcomes: 0 });
    expect(fixability.level).toBe('pull_request');
    expect(fixability.basis).toBe(
      'typescript:spelling on ts/2552: 0 of 0 here; on all rules 0 of 0; bench 53 right, 1 wrong. ' +
        'No outcome is known yet; 20 are needed to compare the estimate with a baseline.',
    );
  });

  test('of a fixer that never restored anything in the bench lets it only report', () => {
    const question = { ...SPELLING, fixer: 'typescript:fixMissingMember' };
    expect(fixabilityOf(trainFixability([]), question, THRESHOLDS)).toMatchObject({ level: 'report' });
  });

  test('of an unknown fixer is the rate of all', () => {
    const model = trainFixability(outcomes(8, (at) => ({ fixer: 'known', rule: 'r', isSuccess: at < 6 })));
    const { estimate, baseline } = fixabilityOf(model, { ...SPELLING, fixer: 'new', rule: 'q' }, THRESHOLDS);
    expect(baseline).toBe(0.7);
    expect(estimate).toBe(0.7);
  });

  test('of a rule follows its own outcomes, and less of them the fewer they are', () => {
    const estimates = [0, 1, 4, 40].map((failures) => {
      const model = trainFixability(
        outcomes(failures, () => ({ fixer: SPELLING.fixer, rule: SPELLING.rule, isSuccess: false })),
      );
      return fixabilityOf(model, SPELLING, THRESHOLDS).estimate;
    });
    expect(estimates).toEqual([0.9643, 0.7714, 0.4821, 0.0877]);
  });

  test('of a rule is drawn down by failures of its fixer on other rules', () => {
    const model = trainFixability(outcomes(10, () => ({ fixer: SPELLING.fixer, rule: 'other', isSuccess: false })));
    expect(fixabilityOf(model, SPELLING, THRESHOLDS).estimate).toBe(0.4821);
  });
});

describe('the estimate', () => {
  test('decides where it foretold better than the rate of all, and says by how much', () => {
    const model = trainFixability(APART);
    expect(model.calibration).toMatchObject({ isEstimateUsed: true, outcomes: 60 });
    expect(model.calibration.brierEstimate).toBeLessThan(0.1);
    expect(model.calibration.brierBaseline).toBeGreaterThan(0.24);
    const right = fixabilityOf(model, { ...SPELLING, fixer: 'right', rule: 'r' }, THRESHOLDS);
    const wrong = fixabilityOf(model, { ...SPELLING, fixer: 'wrong', rule: 'r' }, THRESHOLDS);
    expect([right.level, wrong.level]).toEqual(['pull_request', 'report']);
    expect(right.basis).toContain('The estimate foretold better: Brier score');
  });

  test('is switched off where the rate of all foretold better, and the rate decides', () => {
    const model = trainFixability(MISLEADING);
    const { brierEstimate = 0, brierBaseline = 1 } = model.calibration;
    expect(brierEstimate).toBeGreaterThan(brierBaseline);
    const fixability = fixabilityOf(model, { ...SPELLING, fixer: 'fixer 1', rule: 'r' }, THRESHOLDS);
    expect(fixability).toMatchObject({ isEstimateUsed: false, probability: 0.5, baseline: 0.5, outcomes: 120 });
    expect(fixability.basis).toContain('The estimate is switched off and the baseline decides');
    expect(fixability.basis).toContain(`Brier score ${brierEstimate} against ${brierBaseline}`);
  });

  test('is switched off where a bench promised what did not come true here', () => {
    const model = trainFixability(
      outcomes(40, (at) => ({ fixer: SPELLING.fixer, rule: `ts/${at}`, isSuccess: at % 2 === 0 })),
    );
    expect(model.calibration.isEstimateUsed).toBe(false);
    expect(fixabilityOf(model, SPELLING, THRESHOLDS)).toMatchObject({ probability: 0.5, level: 'branch' });
  });

  test('is not judged by fewer outcomes than tell anything', () => {
    const { calibration } = trainFixability(MISLEADING.slice(0, MIN_OUTCOMES - 1));
    expect(calibration.isEstimateUsed).toBe(true);
    expect(calibration.note).toMatch(/^Too few outcomes to tell \(Brier score .*, n = 19; 20 are needed\)\.$/);
    expect(trainFixability(MISLEADING.slice(0, MIN_OUTCOMES)).calibration.isEstimateUsed).toBe(false);
  });

  test('never uses what came later: the first outcome is foretold from nothing', () => {
    const [first] = outcomes(1, () => ({ fixer: 'new', rule: 'r', isSuccess: true }));
    const { calibration } = trainFixability(first === undefined ? [] : [first]);
    expect(calibration).toMatchObject({ brierEstimate: 0.25, brierBaseline: 0.25 });
  });
});

test.each([
  [0.39, FIX, 'report'],
  [0.4, FIX, 'branch'],
  [0.77, FIX, 'branch'],
  [0.78, FIX, 'pull_request'],
  [0.79, { type: 'code_fix', severity: 'critical' }, 'branch'],
  [0.8, { type: 'code_fix', severity: 'critical' }, 'pull_request'],
  [0.6, { type: 'refactor', severity: 'high' }, 'pull_request'],
  [0.5, { type: 'documentation', severity: 'low' }, 'pull_request'],
  [0.39, { type: 'documentation', severity: 'low' }, 'report'],
] as const)('a chance of %f lets %o go as far as %s', (probability, task, level) => {
  expect(levelOf(probability, task, THRESHOLDS)).toBe(level);
});
