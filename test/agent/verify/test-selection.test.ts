import { describe, expect, test } from 'vitest';
import { isTestFile, selectTests } from '../../../src/agent/verify/gates/test-selection.ts';

const MANY = Array.from({ length: 12 }, (_, index) => `test/other-${index}.test.ts`);
const IMPORTERS: Readonly<Record<string, readonly string[]>> = {
  'src/a.ts': ['src/b.ts', 'test/a.test.ts', 'src/a.ts'],
  'src/b.ts': ['src/c.ts', 'src/a.ts', 'test/far.test.ts'],
  'src/c.ts': ['test/farther.spec.ts', 'test/support/helper.ts'],
};
const importersOf = async (path: string): Promise<readonly string[]> => IMPORTERS[path] ?? [];
const FILES = [
  ...MANY,
  'test/a.test.ts',
  'test/far.test.ts',
  'test/farther.spec.ts',
  'test/support/helper.ts',
  'src/a.ts',
];

describe('tests are chosen', () => {
  test('by imports, the nearest first, through circles', async () => {
    expect(await selectTests({ changed: ['src/a.ts'], files: FILES, importersOf })).toEqual({
      tests: ['test/a.test.ts', 'test/far.test.ts', 'test/farther.spec.ts'],
      how: '3 of 15 test files: 3 import the change, 1 are named after it.',
      reaches: 'yes',
    });
  });

  test('by names alone, where imports are not known', async () => {
    const files = [...MANY, 'src/deep/a.spec.ts', 'pkg/index.test.ts', 'src/x/index.test.ts'];
    const named = await selectTests({ changed: ['src/a.ts', 'src/x/index.ts'], files });
    expect(named.tests).toEqual(['src/deep/a.spec.ts', 'src/x/index.test.ts']);
  });

  test('not at all, where there are few, or none reaches the change', async () => {
    const few = await selectTests({ changed: ['src/a.ts'], files: ['test/a.test.ts'], importersOf });
    expect(few).toMatchObject({ tests: [], reaches: 'yes', how: 'All tests: 1 file.' });
    const none = await selectTests({ changed: ['src/z.ts'], files: FILES, importersOf });
    expect(none).toMatchObject({ tests: [], reaches: 'no', how: 'All tests: none is known to reach the change.' });
    expect((await selectTests({ changed: ['src/z.ts'], files: FILES })).reaches).toBe('unknown');
  });

  test('up to a bound, which is said', async () => {
    const cut = await selectTests({ changed: ['src/a.ts'], files: FILES, importersOf, maxTests: 2 });
    expect(cut.tests).toEqual(['test/a.test.ts', 'test/far.test.ts']);
    expect(cut.how).toContain('The nearest 2 of 3.');
  });
});

test('a file of tests is known by its path; what stands beside is none', () => {
  const tests = ['a.test.ts', 'a_test.js', 'a.spec.tsx', 'test/a.mjs', '__tests__/a.js'];
  const others = ['latest.ts', 'test/support/a.ts', 'test/fixtures/a.test.ts', 'test/a.d.ts', 'test/a.json'];
  expect(tests.filter((path) => !isTestFile(path))).toEqual([]);
  expect(others.filter(isTestFile)).toEqual([]);
});
