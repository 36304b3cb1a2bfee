import { describe, expect, test } from 'vitest';
import { MIN_SUCCESSES, trainChoice } from '../../src/agent/learned-patterns.ts';
import { outcomes } from './agent-sample.ts';

const CANDIDATES = [{ fixer: 'spelling' }, { fixer: 'import' }, { fixer: 'export' }, { fixer: 'never seen' }];
const names = (candidates: readonly { readonly fixer: string }[]): string[] => candidates.map(({ fixer }) => fixer);

/** Half of the first, so that the majority is right now and then. */
const TURNS = [0, 1, 0, 2, 0, 1];

/** The first code is always the same; only the second tells which fixer is right. */
const BY_SET = outcomes(60, (at) => {
  const which = TURNS[at % TURNS.length] ?? 0;
  const fixer = ['spelling', 'import', 'export'][which] ?? '';
  return { fixer, rule: 'r', isSuccess: true, codes: ['ts/1000', `ts/200${which}`] };
});

/** One code each tells all there is. */
const BY_CODE = outcomes(60, (at) => {
  const fixer = ['spelling', 'import', 'export'][at % 3] ?? '';
  return { fixer, rule: 'r', isSuccess: true, codes: [`ts/200${at % 3}`] };
});

describe('the choice of a fixer', () => {
  test('is by naive Bayes where the set of codes says more than the first of them', () => {
    const { verdict, order } = trainChoice(BY_SET);
    expect(verdict.used).toBe('naive_bayes');
    expect(verdict.accuracyNaiveBayes).toBeGreaterThan(0.9);
    expect(verdict.accuracyByCode).toBeLessThan(0.6);
    expect(verdict.accuracyMajority).toBeGreaterThan(0.4);
    expect(verdict.note).toMatch(
      /^Naive Bayes chooses: right first: majority 0\.\d+, by code 0\.\d+, naive Bayes 0\.9\d*, n = 60\.$/,
    );
    expect(names(order(['ts/2001', 'ts/1000'], CANDIDATES))[0]).toBe('import');
    expect(names(order(['ts/1000', 'ts/2002'], CANDIDATES))[0]).toBe('export');
  });

  test('is by the first code where naive Bayes is no better', () => {
    const { verdict, order } = trainChoice(BY_CODE);
    expect(verdict.used).toBe('majority_by_code');
    expect(verdict.accuracyNaiveBayes).toBe(verdict.accuracyByCode);
    expect(verdict.note).toContain('Naive Bayes is switched off and majority_by_code chooses');
    expect(names(order(['ts/2002'], CANDIDATES))[0]).toBe('export');
  });

  test('is by the most successful of all where codes tell nothing', () => {
    const history = outcomes(60, (at) => ({
      fixer: at % 3 === 2 ? 'import' : 'spelling',
      rule: 'r',
      isSuccess: true,
      codes: [`ts/${at}`],
    }));
    const { verdict, order } = trainChoice(history);
    expect(verdict.used).toBe('majority');
    expect(names(order(['ts/2'], [{ fixer: 'import' }, { fixer: 'spelling' }]))).toEqual(['spelling', 'import']);
  });

  test('puts what never succeeded last, in the order in which it was offered', () => {
    const { order } = trainChoice(BY_SET);
    const offered = [{ fixer: 'b' }, { fixer: 'a' }, { fixer: 'spelling' }];
    expect(names(order(['ts/1000', 'ts/2000'], offered))).toEqual(['spelling', 'b', 'a']);
  });

  test('is left to the fixers while too few successes are known', () => {
    const { verdict, order } = trainChoice(BY_SET.slice(0, MIN_SUCCESSES - 1));
    expect(verdict).toMatchObject({ used: 'offered_order', outcomes: 19 });
    expect(verdict.note).toMatch(/^Too few successes to tell/);
    expect(order(['ts/2002'], CANDIDATES)).toBe(CANDIDATES);
    expect(trainChoice([]).verdict).toMatchObject({ used: 'offered_order', outcomes: 0 });
  });

  test('counts failures against a fixer on the very set of codes it failed on', () => {
    const codes = ['ts/1000', 'ts/2001'];
    const rival = outcomes(15, () => ({ fixer: 'spelling', rule: 'r', isSuccess: true, codes }));
    const failures = outcomes(40, () => ({ fixer: 'import', rule: 'r', isSuccess: false, codes }));
    const before = trainChoice([...BY_SET, ...rival]);
    const after = trainChoice([...BY_SET, ...rival, ...failures]);
    expect([before.verdict.used, after.verdict.used]).toEqual(['naive_bayes', 'naive_bayes']);
    expect(names(before.order(codes, CANDIDATES))[0]).toBe('import');
    expect(names(after.order(codes, CANDIDATES))[0]).toBe('spelling');
  });
});

test('patterns hold successes and failures of a fixer for a set of codes, whatever their order', () => {
  const history = outcomes(5, (at) => ({
    fixer: 'import',
    rule: 'r',
    isSuccess: at < 3,
    codes: at % 2 === 0 ? ['ts/2', 'ts/1'] : ['ts/1', 'ts/2', 'ts/1'],
  }));
  const other = outcomes(1, () => ({ fixer: 'spelling', rule: 'r', isSuccess: false, codes: [] }));
  expect(trainChoice([...history, ...other]).patterns).toEqual([
    { codes: ['ts/1', 'ts/2'], fixer: 'import', successes: 3, failures: 2, lastAt: '2026-01-05T00:00:00.000Z' },
    { codes: [], fixer: 'spelling', successes: 0, failures: 1, lastAt: '2026-01-01T00:00:00.000Z' },
  ]);
});
