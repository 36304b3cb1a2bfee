import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/findings/finding-schema.ts';
import { recommendationsOf } from '../../src/findings/recommendations.ts';

let turn = 0;

function finding(changes: Partial<Finding>): Finding {
  turn += 1;
  return {
    findingId: `f${turn}`,
    source: 'typescript',
    rule: 'ts/2322',
    category: 'bug',
    severity: 'high',
    path: 'src/a.ts',
    line: 1,
    message: 'wrong',
    evidence: {},
    occurrences: 1,
    state: 'open',
    firstSeenAt: '2026-01-01T00:00:00.000000Z',
    lastSeenAt: '2026-01-01T00:00:00.000000Z',
    ...changes,
  };
}

const CYCLE = { source: 'graph', rule: 'graph/import-cycle', category: 'architecture', severity: 'medium' } as const;
const DEAD = { source: 'graph', rule: 'graph/dead-code', category: 'dead_code', severity: 'low' } as const;
const CROWDED = { source: 'graph', rule: 'graph/crowded-folder', category: 'architecture', severity: 'low' } as const;

describe('recommendations', () => {
  test('are one a rule, by base priority times impact, with the formula shown', () => {
    const all = recommendationsOf([
      finding({}),
      finding({ path: 'src/b.ts', occurrences: 3 }),
      finding(CYCLE),
      finding({ ...CROWDED, path: 'src', evidence: { files: 60 } }),
      finding(DEAD),
    ]);
    expect(all.map(({ id, score, scoreFormula }) => [id, score, scoreFormula])).toEqual([
      ['ts/2322', 80, 'base 10 (error_pattern) × impact 8 (worst is high) = 80'],
      ['graph/import-cycle', 35, 'base 7 (structural_issue) × impact 5 (worst is medium) = 35'],
      ['graph/crowded-folder', 21, 'base 7 (structural_issue) × impact 3 (worst is low) = 21'],
      ['graph/dead-code', 12, 'base 4 (dead_code) × impact 3 (worst is low) = 12'],
    ]);
    expect(all[0]).toMatchObject({
      why: { findings: 2, occurrences: 4, files: 2, bySeverity: { high: 2, low: 0 } },
      where: ['src/a.ts (1)', 'src/b.ts (1)'],
      effect: '2 of 5 open findings fewer (40 %), 2 files without ts/2322',
    });
  });

  test('count hours by the rule that they state', () => {
    const [errors, cycle, crowded, dead] = recommendationsOf([
      finding({ occurrences: 3 }),
      finding(CYCLE),
      finding({ ...CROWDED, evidence: { files: 60 } }),
      finding(DEAD),
    ]);
    expect([errors, cycle, crowded, dead].map((one) => [one?.effortHours, one?.effortRule])).toEqual([
      [1.5, '0.5 h × 3 occurrences'],
      [2, '2 h × 1 issues'],
      [6, '0.1 h × 60 files'],
      [0.1, '0.1 h × 1 occurrences'],
    ]);
  });

  test('of the same score begin with the one of less effort', () => {
    const all = recommendationsOf([finding({ occurrences: 9 }), finding({ rule: 'ts/2304' })]);
    expect(all.map(({ id }) => id)).toEqual(['ts/2304', 'ts/2322']);
  });

  test('are none without findings', () => {
    expect(recommendationsOf([])).toEqual([]);
  });
});
