import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeKey } from '../../../src/fixers/typescript/same-code.ts';
import { diffTokens, tokensOf } from '../../../src/fixers/typescript/token-diff.ts';

/** Everything that differs put back. */
function putBack(now: string, before: string): string {
  const hunks = diffTokens('a.ts', now, before) ?? [];
  return hunks.toReversed().reduce((text, { from, to, text: was }) => text.slice(0, from) + was + text.slice(to), now);
}

function tokens(text: string): string[] {
  return tokensOf('a.ts', text).map((token) => token.text);
}

describe('differences of tokens', () => {
  it('are none where only white space and comments differ', () => {
    expect(diffTokens('a.ts', 'const a = f(1);\n', '// first\nconst a=f( 1 );')).toEqual([]);
  });

  it('bring a line back as a line, though the next one begins the same', () => {
    const before = "import type { A } from './a';\nimport { b } from './a';\n";
    const hunks = diffTokens('a.ts', "import { b } from './a';\n", before);
    expect(hunks).toHaveLength(1);
    expect(hunks?.[0]?.now).toEqual([]);
    expect(hunks?.[0]?.before.map(({ text }) => text).join(' ')).toBe("import type { A } from './a' ;");
  });

  it('tell one token in the place of another', () => {
    const [hunk] = diffTokens('a.ts', "f({ nmae: 'x' });", "f({ name: 'x' });") ?? [];
    expect([hunk?.now, hunk?.before].map((all) => all?.map(({ text }) => text))).toEqual([['nmae'], ['name']]);
  });

  it('put together are the earlier text, whatever was changed', () => {
    const word = fc.constantFrom('a', 'b', 'c', '(', ')', '{', '}', ',', ';', '\n', '1', "'x'", '+', 'const ');
    const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, (now, before) => {
        expect(tokens(putBack(now, before))).toEqual(tokens(before));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('are not looked for in another file altogether', () => {
    const lines = (name: string): string => Array.from({ length: 900 }, (_, at) => `${name}${at}();\n`).join('');
    expect(diffTokens('a.ts', lines('a'), lines('b'))).toBeUndefined();
  });
});

describe('the same code', () => {
  it('has its imports in any order and white space as it likes', () => {
    const one = "import { a, b } from './x';\nimport c from './y';\nuse(a, b, c);\n";
    const two = "import c from './y'; import { b } from './x';\nimport { type a } from './x';\nuse(a,\n  b, c);";
    expect(codeKey('a.ts', two)).toBe(codeKey('a.ts', one));
    expect(codeKey('a.ts', one.replace('./y', './z'))).not.toBe(codeKey('a.ts', one));
    expect(codeKey('a.ts', one.replace('use(a', 'use(b'))).not.toBe(codeKey('a.ts', one));
  });
});
