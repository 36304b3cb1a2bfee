import { describe, expect, test } from 'vitest';
import { parseSource, isBroken } from '../../../src/agent/verify/guard/source-syntax.ts';
import { mutantsOf } from '../../../src/agent/verify/strength/mutants.ts';

const all = (text: string, base = '', { path = 'src/a.ts', seed = 1 } = {}) =>
  mutantsOf({ files: [{ path, base, text }], seed, max: 100 });
const faults = (text: string, base = ''): string[] =>
  all(text, base)
    .map(({ what }) => what.replace('src/a.ts:', ''))
    .toSorted();

describe('mutants', () => {
  test.each([
    ['a === b;', ['1: === → !==']],
    ['a < b;', ['1: < → <=']],
    ['a >= b;', ['1: >= → >']],
    ['a && b;', ['1: && → ||']],
    ['a /* + && */ + b;', ['1: + → -']],
    ['f(true);', ['1: true → false']],
    ['f(7);', ['1: 7 → 8']],
    ['if (a) f();', ['1: condition negated']],
    ['f(a ? b : c);', ['1: condition negated']],
    ['function f() { return g(); }', ['1: return taken out']],
  ])('of %s', (text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  test.each([
    ['types', 'interface A { a: 1; b: true }\ntype B = 1 | 2;\nlet a: 3;\nf<4>();\n'],
    ['texts that are joined', "f('a' + b + 'c');\n"],
    [
      'what is thrown or written to a log',
      'function f() { throw new Error(1 + a); }\nconsole.log(1 === a);\nlog.info(true);\n',
    ],
    ['keys, imports and comments', "import a from './1.ts';\nf({ 1: a }); // a === 1\n"],
    ['`return undefined`', 'function f() { return undefined; }\n'],
  ])('there are none of %s', (_what, text) => {
    expect(faults(text)).toEqual([]);
  });

  test('are in changed lines first, then in the functions around them, and nowhere else', () => {
    const base = 'function f(a) {\n  g(1);\n  return a;\n}\nfunction h() {\n  g(5);\n}\n';
    const text = base.replace('g(1)', 'g(2)');
    expect(all(text, base).map(({ line }) => line)).toEqual([2, 3]);
    expect(mutantsOf({ files: [{ path: 'src/a.ts', base, text }], seed: 3, max: 1 })[0]?.line).toBe(2);
  });

  test('are around lines that were taken out', () => {
    const base = 'function f(a) {\n  check(a);\n  return a;\n}\n';
    expect(faults(base.replace('  check(a);\n', ''), base)).toEqual(['2: return taken out']);
  });

  test('are none where formatting or types alone were changed, in tests, and in what can not be parsed', () => {
    expect(all('type A = 2;\nexport const b = 1;\n', 'type A = 1;\nexport const b = 1;\n')).toEqual([]);
    expect(all('f(1);', '', { path: 'src/a.test.ts' })).toEqual([]);
    expect(all('declare const a: 1;', '', { path: 'src/a.d.ts' })).toEqual([]);
    expect(all('f(1', '')).toEqual([]);
    expect(all('f(1);\n', 'f(1);\n')).toEqual([]);
  });

  test('can be parsed, each with one fault, and the same seed draws the same', () => {
    const text = `export function f(a, b) {
  if (a) return { a: 1 };
  if (!b) return [a, true];
  else return a < b && b !== 0 ? a + b : (a, b);
}
`;
    const found = all(text);
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter((mutant) => isBroken(parseSource('a.ts', mutant.text)))).toEqual([]);
    expect(new Set(found.map((mutant) => mutant.text)).size).toBe(found.length);
    expect(all(text)).toEqual(found);
    expect(all(text, '', { seed: 2 })).not.toEqual(found);
  });
});
