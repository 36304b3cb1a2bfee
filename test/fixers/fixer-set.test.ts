import { describe, expect, test } from 'vitest';
import { FixerSet } from '../../src/fixers/fixer-set.ts';
import type { Fix, Fixer, FixGrade, FixPlace } from '../../src/fixers/fixer.ts';
import { failureOf } from '../support/failure-of.ts';

const target = { source: 'eslint', rule: 'eslint/no-var', path: 'a.js', message: 'm' };

function fixOf(fixer: string, grade: FixGrade, text: string): Fix {
  return { fixer, title: `by ${fixer}`, edits: [{ path: 'a.js', text }], grade, evidence: [`${fixer} says so`] };
}

function fixerOf(name: string, answer: () => readonly Fix[], can = true): Fixer & { closed: number } {
  const fixer = {
    name,
    closed: 0,
    canFix: () => can,
    fix: async () => answer(),
    close: async () => {
      fixer.closed += 1;
    },
  };
  return fixer;
}

function placeOf(signal = new AbortController().signal): FixPlace {
  return { root: '/nowhere', signal, run: async () => ({ exitCode: 0, stdout: '', stderr: '' }) };
}

function setOf(...fixers: readonly Fixer[]) {
  const lines: unknown[] = [];
  return { lines, set: new FixerSet({ fixers, log: { warn: (...line: unknown[]) => void lines.push(line) } }) };
}

describe('a set of fixers', () => {
  test('asks those that can, and puts first what may go furthest by itself', async () => {
    const { set } = setOf(
      fixerOf('shy', () => [fixOf('shy', 'suggestion', '1'), fixOf('shy', 'tests', '2')]),
      fixerOf('bold', () => [fixOf('bold', 'auto', '3')]),
      fixerOf('mute', () => [fixOf('mute', 'auto', '4')], false),
      fixerOf('late', () => [fixOf('late', 'tests', '5')]),
    );
    const fixes = await set.fixesFor(target, placeOf());
    expect(fixes.map(({ fixer, grade }) => `${grade} ${fixer}`)).toEqual([
      'auto bold',
      'tests shy',
      'tests late',
      'suggestion shy',
    ]);
    expect(set.namesFor(target)).toEqual(['shy', 'bold', 'late']);
    expect(setOf(fixerOf('mute', () => [], false)).set.namesFor(target)).toEqual([]);
  });

  test('tells the same edits once, by the boldest, with the evidence of all', async () => {
    const { set } = setOf(
      fixerOf('a', () => [fixOf('a', 'suggestion', 'same')]),
      fixerOf('b', () => [fixOf('b', 'auto', 'same'), { ...fixOf('b', 'auto', ''), edits: [] }]),
    );
    const fixes = await set.fixesFor(target, placeOf());
    expect(fixes).toMatchObject([{ fixer: 'b', grade: 'auto' }]);
    expect(fixes[0]?.evidence).toEqual(['a says so', 'b: by b', 'b says so']);
  });

  test('logs one that fails, and takes nothing from the others', async () => {
    const { set, lines } = setOf(
      fixerOf('broken', () => {
        throw new Error('odd code');
      }),
      fixerOf('sound', () => [fixOf('sound', 'auto', '1')]),
    );
    expect(await set.fixesFor(target, placeOf())).toHaveLength(1);
    expect(lines).toEqual([
      [{ fixer: 'broken', rule: 'eslint/no-var', path: 'a.js', reason: 'odd code' }, 'A fixer failed'],
    ]);
  });

  test('ends when it is cancelled, and closes all of them', async () => {
    const fixer = fixerOf('a', () => []);
    const { set, lines } = setOf(fixer, fixer);
    const gone = AbortSignal.abort(new Error('enough'));
    expect(await failureOf(set.fixesFor(target, placeOf(gone)))).toMatchObject({ message: 'enough' });
    expect(lines).toEqual([]);
    await set.close();
    expect(fixer.closed).toBe(2);
  });
});
