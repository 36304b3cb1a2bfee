import { describe, expect, test } from 'vitest';
import { isEligible, selectTasks } from '../../src/agent/task-selection.ts';
import type { SelectionLimits, TaskCandidate } from '../../src/agent/task-selection.ts';
import type { TaskSeed } from '../../src/agent/task-seed.ts';
import { SEED } from './agent-sample.ts';

const NOW = Date.UTC(2026, 5, 1);
const BASE = 'b'.repeat(40);

const LIMITS: SelectionLimits = {
  maxTasks: 10,
  minSeverity: 'medium',
  isInScope: () => true,
  minConfidence: 0.7,
  graveConfidence: 0.8,
  maxAttempts: 3,
  mode: 'dry_run',
  baseCommit: BASE,
  nowMs: NOW,
  budget: { usd: 1, tokens: 10_000, wallMs: 600_000 },
  fixerCost: { usd: 0, tokens: 0, wallMs: 10_000 },
  modelCost: { usd: 0.1, tokens: 3_000, wallMs: 60_000 },
};

let turn = 0;

function candidate(seed: Partial<TaskSeed>, rest: Partial<TaskCandidate> = {}): TaskCandidate {
  turn += 1;
  return { seed: { ...SEED, fingerprint: `f${String(turn).padStart(4, '0')}`, ...seed }, fixers: ['one'], ...rest };
}

function known(state: Partial<NonNullable<TaskCandidate['known']>>): NonNullable<TaskCandidate['known']> {
  return {
    state: 'open',
    attempts: 1,
    baseCommit: BASE,
    branch: undefined,
    coolDownUntil: undefined,
    updatedAt: new Date(NOW).toISOString(),
    ...state,
  };
}

const leftOf = (one: TaskCandidate, limits: Partial<SelectionLimits> = {}): string | undefined =>
  Object.keys(selectTasks([one], { ...LIMITS, ...limits }).left)[0];

describe('the tasks of a run', () => {
  test('are the gravest first, then the surest, then the cheapest, then by path and line', () => {
    const { chosen, left } = selectTasks(
      [
        candidate({ path: 'model' }, { fixers: [] }),
        candidate({ path: 'z', line: 9 }),
        candidate({ path: 'z', line: 2 }),
        candidate({ path: 'a' }),
        candidate({ path: 'unsure', confidence: 0.75 }),
        candidate({ path: 'grave', severity: 'critical', confidence: 0.8 }),
      ],
      LIMITS,
    );
    expect(chosen.map(({ seed, priority }) => [seed.path, seed.line, priority])).toEqual([
      ['grave', 3, 14],
      ['a', 3, 10],
      ['z', 2, 10],
      ['z', 9, 10],
      ['model', 3, 10],
      ['unsure', 3, 8.75],
    ]);
    expect(left).toEqual({});
  });

  test('are the same in whatever order the findings come', () => {
    const all = ['c', 'a', 'b'].map((path) => candidate({ path }));
    const paths = (candidates: readonly TaskCandidate[]): string[] =>
      selectTasks(candidates, LIMITS).chosen.map(({ seed }) => seed.path);
    expect(paths(all)).toEqual(['a', 'b', 'c']);
    expect(paths(all.toReversed())).toEqual(['a', 'b', 'c']);
  });

  test('are no more than were asked for, and the others are counted', () => {
    const { chosen, left } = selectTasks([candidate({}), candidate({}), candidate({})], { ...LIMITS, maxTasks: 2 });
    expect(chosen).toHaveLength(2);
    expect(left).toEqual({ limit: 1 });
  });

  test('fit the budget together; one that is too dear is passed over for those after it', () => {
    const { chosen, left } = selectTasks(
      [
        candidate({ severity: 'high' }, { fixers: [] }),
        candidate({ severity: 'high' }, { fixers: [] }),
        candidate({ severity: 'medium' }),
      ],
      { ...LIMITS, budget: { usd: 1, tokens: 5_000, wallMs: 600_000 } },
    );
    expect(chosen.map(({ seed }) => seed.severity)).toEqual(['high', 'medium']);
    expect(left).toEqual({ budget: 1 });
  });
});

describe('a finding is left', () => {
  test.each([
    ['below_severity', candidate({ severity: 'low' }), {}],
    ['other_source', candidate({ source: 'graph' }), { sources: ['typescript'] as const }],
    ['out_of_scope', candidate({}), { isInScope: (path: string) => path.startsWith('lib/') }],
    ['not_eligible', candidate({ severity: 'high', confidence: 0.79 }), {}],
    ['no_fixer_and_no_model', candidate({}, { fixers: [] }), { modelCost: undefined }],
    ['in_progress', candidate({}, { known: known({ state: 'working' }) }), {}],
    ['already_proposed', candidate({}, { known: known({ state: 'proposed' }) }), {}],
    ['already_proposed', candidate({}, { known: known({ state: 'merged' }) }), {}],
    ['attempts_used', candidate({}, { known: known({ state: 'failed', attempts: 3 }) }), {}],
    ['already_done', candidate({}, { known: known({ state: 'verified' }) }), {}],
    ['already_done', candidate({}, { known: known({ state: 'suggested' }) }), { modelCost: undefined }],
  ])('for the reason %s', (reason, one, limits) => {
    expect(leftOf(one, limits)).toBe(reason);
  });

  test('while it cools down after a rejection, and is tried again after that', () => {
    const rejected = known({ state: 'rejected', coolDownUntil: new Date(NOW + 1).toISOString() });
    expect(leftOf(candidate({}, { known: rejected }))).toBe('cool_down');
    expect(leftOf(candidate({}, { known: rejected }), { nowMs: NOW + 2 })).toBeUndefined();
  });

  test('no longer when its fix was merged a week ago: it has come back', () => {
    const merged = known({ state: 'merged', updatedAt: new Date(NOW - 8 * 86_400_000).toISOString() });
    expect(leftOf(candidate({}, { known: merged }))).toBeUndefined();
  });

  test('no longer when the code is at another commit, or the run goes further than the last', () => {
    const verified = known({ state: 'verified' });
    expect(leftOf(candidate({}, { known: verified }), { baseCommit: 'c'.repeat(40) })).toBeUndefined();
    expect(leftOf(candidate({}, { known: verified }), { mode: 'branch' })).toBeUndefined();
    const committed = known({ state: 'verified', branch: 'agent/x' });
    expect(leftOf(candidate({}, { known: committed }), { mode: 'branch' })).toBe('already_done');
    expect(leftOf(candidate({}, { known: committed }), { mode: 'pull_request' })).toBeUndefined();
  });
});

test.each([
  [{ category: 'style', severity: 'high', confidence: 0.1 }, true],
  [{ category: 'dead_code', severity: 'critical', confidence: 0.1 }, true],
  [{ category: 'bug', severity: 'medium', confidence: 0.7 }, false],
  [{ category: 'bug', severity: 'low', confidence: 0.71 }, true],
  [{ category: 'bug', severity: 'high', confidence: 0.79 }, false],
  [{ category: 'architecture', severity: 'critical', confidence: 0.8 }, true],
] as const)('a finding %o is eligible: %s', (finding, isSo) => {
  expect(isEligible(finding, LIMITS)).toBe(isSo);
});
