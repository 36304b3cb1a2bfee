import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { agentBranch, BRANCH_PURPOSES, purposeBranch, slugOf } from '../../src/git/index.ts';

test('a branch of a purpose has at most 30 characters of its title and 8 digits', () => {
  const name = purposeBranch({ purpose: 'bugfix', title: 'Cart: await the price of each item before it is summed up' });
  expect(name).toMatch(/^agent\/bugfix\/cart-await-the-price-of-each-[0-9a-f]{8}$/);
  expect(purposeBranch({ purpose: 'docs', title: '日本語' })).toMatch(/^agent\/docs\/[0-9a-f]{8}$/);
});

test('the same seed gives the same name, another one another', () => {
  const of = (seed: string, purpose: (typeof BRANCH_PURPOSES)[number] = 'chore') =>
    purposeBranch({ purpose, title: 'Tidy up', seed });
  expect(of('a')).toBe(of('a'));
  expect(of('a')).not.toBe(of('b'));
});

test.each(['', '..', 'a.lock', '-x', 'é à la carte!', '~^:?*[\\', 'x'.repeat(99), '@{-1}', 'new\nline'])(
  'of %j git takes the names',
  (text) => {
    const names = [...BRANCH_PURPOSES.map((purpose) => purposeBranch({ purpose, title: text })), agentBranch(text)];
    for (const name of names) {
      expect(execFileSync('git', ['check-ref-format', '--branch', name], { encoding: 'utf8' })).toBe(`${name}\n`);
    }
    expect(slugOf(text).length).toBeLessThanOrEqual(30);
  },
);

test('a branch of the agent is named by its fingerprint', () => {
  expect(agentBranch('3f2a9c')).toBe('agent/3f2a9c');
  expect(agentBranch('ts/2322:src/a.ts')).toBe('agent/ts-2322-src-a-ts');
});
