import { describe, expect, test } from 'vitest';
import { strongComponents } from '../../../src/graph/analysis/strong-components.ts';
import { seededRandom } from '../../support/graph-columns.ts';
import { indexed, linesOf } from './report-fixture.ts';

/** Nodes that reach one another, by going everywhere from everywhere. */
function naiveComponents(successors: readonly (readonly number[])[]): number[][] {
  const reached = successors.map((_, start) => {
    const seen = new Set(successors[start]);
    for (const node of seen) for (const next of successors[node] ?? []) seen.add(next);
    return seen;
  });
  const groups = new Map<string, number[]>();
  for (const node of successors.keys()) {
    const mutual = [...successors.keys()].filter(
      (other) => other === node || (reached[node]?.has(other) === true && reached[other]?.has(node) === true),
    );
    if (mutual.length > 1) groups.set(mutual.join(' '), mutual);
  }
  return [...groups.values()].toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

describe('strong components', () => {
  test('are those that brute force finds, in random graphs', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed);
      const size = 2 + Math.floor(random() * 18);
      const successors = Array.from({ length: size }, () =>
        Array.from({ length: Math.floor(random() * 3) }, () => Math.floor(random() * size)),
      );
      expect(strongComponents(successors)).toEqual(naiveComponents(successors));
    }
  });

  test('a chain longer than the stack is walked', () => {
    const size = 100_000;
    const successors = Array.from({ length: size }, (_, node) => [(node + 1) % size]);
    expect(strongComponents(successors)[0]).toHaveLength(size);
  });
});

describe('import cycles', () => {
  test('each is a shortest loop with the lines of its imports; longer ways round are counted', async () => {
    const folder = await indexed({
      'src/a.ts': `import { b } from './b';\nexport const a = () => b();\n`,
      'src/b.ts': `\nimport { c } from './c';\nexport const b = () => c();\n`,
      'src/c.ts': `import { a } from './a';\nimport { d } from './d';\nexport const c = () => [a, d];\n`,
      'src/d.ts': `import { c } from './c';\nexport const d = () => c();\n`,
      'src/free.ts': `import { a } from './a';\na();\n`,
    });
    expect(linesOf(folder, { report: 'cycles' })).toMatchInlineSnapshot(`
      [
        "src/c.ts:2 → src/d.ts:1 → src/c.ts - the shortest way round of 4 files that import one another; at run time",
      ]
    `);
    expect(linesOf(folder, { report: 'cycles', path: 'src/free.ts' })).toEqual([]);
  });

  test('what only types close is told apart, and a file may import itself', async () => {
    const folder = await indexed({
      'src/shape.ts': `import { area } from './area';\nexport interface Shape { side: number }\nexport const big = (s: Shape) => area(s) > 9;\n`,
      'src/area.ts': `import type { Shape } from './shape';\nexport const area = (s: Shape) => s.side ** 2;\n`,
      'src/self.ts': `import * as self from './self';\nexport const one = 1;\nexport const two = self.one + 1;\n`,
    });
    expect(linesOf(folder, { report: 'cycles' })).toMatchInlineSnapshot(`
      [
        "src/self.ts:1 → src/self.ts - at run time",
        "src/area.ts:1 → src/shape.ts:1 → src/area.ts - used as types only, gone at run time unless imports are kept verbatim",
      ]
    `);
  });

  test('a barrel and what imports its siblings through it are a cycle', async () => {
    const folder = await indexed({
      'src/index.ts': `export * from './one';\nexport { two } from './two';\n`,
      'src/one.ts': `export const one = 1;\n`,
      'src/two.ts': `import { one } from './index';\nexport const two = one + 1;\n`,
    });
    expect(linesOf(folder, { report: 'cycles' })).toMatchInlineSnapshot(`
      [
        "src/index.ts:2 → src/two.ts:1 → src/index.ts - at run time",
      ]
    `);
  });
});
