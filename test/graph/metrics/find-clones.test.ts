import { describe, expect, test } from 'vitest';
import { MIN_CLONE_TOKENS } from '../../../src/graph/metrics/clone-limits.ts';
import { findClones } from '../../../src/graph/metrics/find-clones.ts';
import type { CloneClass } from '../../../src/graph/metrics/find-clones.ts';
import { sharedPrefixesOf, suffixArrayOf } from '../../../src/graph/metrics/suffix-array.ts';
import { tokenDistanceOf } from '../../../src/graph/metrics/token-distance.ts';
import { TokenNames, tokenStreamOf } from '../../../src/graph/metrics/token-stream.ts';
import { seededRandom } from '../../support/graph-columns.ts';
import { randomStatements, renamed } from './planted-code.ts';

function clonesIn(files: Readonly<Record<string, string>>): CloneClass[] {
  const names = new TokenNames();
  return findClones(Object.entries(files).map(([path, text]) => ({ path, stream: tokenStreamOf(path, text, names) })));
}

function shown({ type, places }: CloneClass): string {
  return `${type} ${places.map(({ path, line, lastLine }) => `${path}:${line}-${lastLine}`).join(' ')}`;
}

/** Files of random code with the same statements in two of them; where these are, as lines. */
function planted(seed: number, change: (text: string) => string) {
  const random = seededRandom(seed);
  const plant = randomStatements(random, 8, 'plant');
  const around = ['a', 'b', 'c'].map((file) => randomStatements(random, 12, file));
  const [one = [], two = [], three = []] = around;
  const files = {
    'a.ts': [...one.slice(0, 6), ...plant, ...one.slice(6)].join('\n'),
    'b.ts': [...two.slice(0, 3), ...plant.map(change), ...two.slice(3)].join('\n  /* apart */  '),
    'c.ts': three.join('\n'),
  };
  return { files, from: 7, to: 14 };
}

describe('clones', () => {
  test('planted in random code are found, by their whole statements and by nothing else', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { files } = planted(seed, (text) => text);
      expect(clonesIn(files).map(shown), `seed ${seed}`).toEqual(['exact a.ts:7-14 b.ts:4-11']);
    }
  });

  test('are found under other names and with other literals', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { files } = planted(seed, renamed);
      expect(clonesIn(files).map(shown), `seed ${seed}`).toEqual(['renamed a.ts:7-14 b.ts:4-11']);
    }
  });

  test('are none in code without repetition', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const statements = randomStatements(seededRandom(seed), 60, 'own');
      expect(clonesIn({ 'a.ts': statements.join('\n') }).map(shown), `seed ${seed}`).toEqual([]);
    }
  });

  test('of functions with changed statements are near misses', () => {
    const body = (price: string, extra: string, level: string): string => `
      const total = items.map((item) => item.${price} * item.count).reduce((sum, price) => sum + price, 0);
      ${extra}
      if (total > limit) throw new RangeError(\`\${total} is more than \${limit}\`);
      for (const item of items) { store.reserve(item.id, item.count); log.${level}('reserved', item.id); }
      return { total, date: clock.now(), customer: customer.id };`;
    const found = clonesIn({
      'order.ts': `export function order(items, limit) {${body('price', '', 'info')}}`,
      'offer.ts': `export function offer(items, limit) {${body('offered.price', 'if (isNew) log.warn(5);', 'info.child().debug')}}`,
    });
    expect(found.map(({ type, places }) => [type, places.length])).toEqual([['near', 2]]);
    expect(found[0]?.similarity).toBeGreaterThan(0.8);
  });

  test('are neither imports nor lists of one shape, and those beside the program come last', () => {
    const imports = Array.from({ length: 20 }, (_, at) => `import { a${at}, b${at} } from './m${at}';`).join('\n');
    const list = (name: string): string =>
      Array.from({ length: 12 }, (_, at) => `export const ${name}${at}: Key = key(DEV ? '${at}' : '');`).join('\n');
    expect(clonesIn({ 'a.ts': `${imports}\n${list('a')}`, 'b.ts': `${imports}\n${list('b')}` })).toEqual([]);
    const copy = randomStatements(seededRandom(5), 8, 'p').join('\n');
    const other = randomStatements(seededRandom(6), 5, 'q').join('\n');
    const found = clonesIn({ 'a.test.ts': copy, 'b.test.ts': copy, 'c.ts': other, 'd.ts': other });
    expect(found.map(({ isAside }) => isAside)).toEqual([false, true]);
    expect(found.every(({ tokens }) => tokens >= MIN_CLONE_TOKENS)).toBe(true);
  });
});

describe('the machinery of clones', () => {
  test('sorts suffixes as comparing them does, and counts what neighbours share', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed);
      const upper = Math.floor(random() * 4);
      const text = Int32Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * (upper + 1)));
      const suffix = (at: number): string => [...text.subarray(at)].join('') + ' ';
      const expected = [...text.keys()].toSorted((a, b) => (suffix(a) < suffix(b) ? -1 : 1));
      const sorted = suffixArrayOf(text, upper);
      expect([...sorted], `seed ${seed}`).toEqual(expected);
      const shared = sharedPrefixesOf(text, sorted);
      for (let place = 1; place < sorted.length; place += 1) {
        const [one, two] = [suffix(sorted[place - 1] ?? 0).trimEnd(), suffix(sorted[place] ?? 0).trimEnd()];
        let count = 0;
        while (count < one.length && one[count] === two[count]) count += 1;
        expect(shared[place]).toBe(count);
      }
    }
  });

  test('counts the tokens to drop and add as the longest common subsequence does', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed);
      const text = (): Int32Array =>
        Int32Array.from({ length: Math.floor(random() * 20) }, () => Math.floor(random() * 4));
      const [one, two] = [text(), text()];
      const distance = one.length + two.length - 2 * commonLength(one, two);
      expect(tokenDistanceOf(one, two, 40)).toBe(distance);
      expect(tokenDistanceOf(one, two, Math.max(0, distance - 1)) ?? distance).toBe(distance);
    }
  });
});

function commonLength(one: Int32Array, two: Int32Array): number {
  let row = Array.from({ length: two.length + 1 }, () => 0);
  for (const own of one) {
    const next = [0];
    for (const [at, other] of two.entries()) {
      next.push(own === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    }
    row = next;
  }
  return row[two.length] ?? 0;
}
