import { describe, expect, test } from 'vitest';
import type { Found } from '../../src/findings/finding-schema.ts';
import { fingerprintOf, mergeFindings } from '../../src/findings/fingerprint.ts';

const FOUND: Found = {
  source: 'typescript',
  rule: 'ts/2322',
  category: 'bug',
  severity: 'high',
  path: 'src/a.ts',
  line: 3,
  message: "Type 'string' is not assignable to type 'Cents', see line 7.",
};

describe('fingerprint', () => {
  test('stays the same when edits elsewhere move lines, in the place and in the message', () => {
    const moved = { ...FOUND, line: 90, message: FOUND.message.replace('line 7', 'line 94') };
    expect(fingerprintOf(moved)).toBe(fingerprintOf(FOUND));
  });

  test.each([
    ['rule', { rule: 'ts/2345' }],
    ['file', { path: 'src/b.ts' }],
    ['symbol', { nodeId: '0123456789abcdef' }],
    ['message', { message: "Type 'number' is not assignable to type 'Cents', see line 7." }],
  ])('is another one for another %s', (_what, change) => {
    expect(fingerprintOf({ ...FOUND, ...change })).not.toBe(fingerprintOf(FOUND));
  });

  test('of a finding on a symbol does not depend on its path', () => {
    const onSymbol = { ...FOUND, nodeId: '0123456789abcdef' };
    expect(fingerprintOf({ ...onSymbol, path: 'src/moved.ts' })).toBe(fingerprintOf(onSymbol));
  });

  test('that several have makes them one, with their number and lines', () => {
    const merged = mergeFindings([FOUND, { ...FOUND, line: 8 }, { ...FOUND, path: 'src/b.ts' }]);
    expect(merged).toMatchObject([
      { path: 'src/a.ts', line: 3, occurrences: 2, evidence: { lines: [3, 8] } },
      { path: 'src/b.ts', occurrences: 1, evidence: {} },
    ]);
  });
});
