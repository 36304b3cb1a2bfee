import { describe, expect, test } from 'vitest';
import { assertBranchName, assertOwnBranch, isProtectedBranch } from '../../src/github/index.ts';
import { refusalOf } from '../support/refusal-of.ts';

describe('names of branches', () => {
  test.each(['agent/fix-1', 'main', 'release/1.2.x', 'a+b_c'])('%s is taken', (branch) => {
    expect(assertBranchName(branch)).toBeUndefined();
  });

  test.each([
    '',
    '/x',
    'x/',
    'a//b',
    '-x',
    'agent/-x',
    '.x',
    'a/.b',
    'a..b',
    'a.lock',
    'a.lock/b',
    'x.',
    'a b',
    'a~b',
    'a:b',
    'a\\b',
    'a@{1}',
    '../x',
    'ä',
    'a\nb',
    'x'.repeat(201),
  ])('%j is refused', (branch) => {
    expect(refusalOf(() => assertBranchName(branch)).code).toBe('invalid_input');
  });

  test('are protected one by one, or by how they begin', () => {
    const patterns = ['main', 'release/*'];
    expect(['main', 'release/1', 'mainly', 'release'].map((branch) => isProtectedBranch(branch, patterns))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('are ours below agent/, unless they are protected', () => {
    expect(assertOwnBranch('agent/fix', ['main'])).toBeUndefined();
    expect(refusalOf(() => assertOwnBranch('fix', [])).message).toBe(
      'Branch fix is not one of ours: it is not below agent/.',
    );
    expect(refusalOf(() => assertOwnBranch('agent/fix', ['agent/*'])).code).toBe('permission_denied');
  });
});
