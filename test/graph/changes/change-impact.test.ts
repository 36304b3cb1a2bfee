import { describe, expect, test } from 'vitest';
import { diffInputSchema } from '../../../src/graph/diff-schema.ts';
import type { DiffAnswer, DiffInput } from '../../../src/graph/diff-schema.ts';
import { failureOf } from '../../support/failure-of.ts';
import { indexedRepository } from './indexed-repository.ts';
import type { IndexedRepository } from './indexed-repository.ts';

const PRICE = `/** Cents. */
export function withTax(net: number): number {
  return round(net * 1.19);
}

function round(value: number): number {
  return Math.round(value);
}

export class Rate {
  /** Of one year. */
  yearly() {
    return 1;
  }
  monthly() {
    return this.yearly() / 12;
  }
}
`;
const SHOP = {
  'src/price.ts': PRICE,
  'src/cart.ts': `import { withTax } from './price';\nexport function total(net: number) {\n  return withTax(net);\n}\n`,
  'src/page.ts': `import { total } from './cart';\nexport const page = () => total(1);\n`,
  'src/rent.ts': `import { Rate } from './price';\nexport const rent = (rate: Rate) => rate.monthly();\n`,
  'test/cart.test.ts': `import { total } from '../src/cart';\ndeclare function test(name: string, run: () => void): void;\ntest('adds tax', () => { total(1); });\n`,
};

const ask = (repository: IndexedRepository, input: Partial<DiffInput> = {}) =>
  repository.changes.diff(diffInputSchema.parse(input));

const changedOf = (answer: DiffAnswer) =>
  answer.changed.map(({ change, name, isCertain }) => `${isCertain ? '' : '? '}${change} ${name}`);
const affectedOf = (answer: DiffAnswer) =>
  answer.affected.map(({ name, depth, via, through }) => `${name} ${depth} ${via} ${through}`);
const testsOf = (answer: DiffAnswer) =>
  answer.tests.map(({ path, depth, reason, tests }) => [path, depth, reason, ...tests].join(' '));
const edited = (text: string) => ({ 'src/price.ts': text });

describe('an index older than the change', () => {
  test('finds the innermost symbols by their old lines, who uses them, and the tests to run', async () => {
    const shop = await indexedRepository(SHOP);
    shop.write(
      edited(
        PRICE.replace('/** Cents', '// A new line above moves all others.\n/** Cents').replace('Math.', '1 + Math.'),
      ),
    );
    const answer = await ask(shop);
    expect(answer.files).toEqual([
      { path: 'src/price.ts', status: 'modified', symbols: 1, looseLines: [1], mapping: 'before' },
    ]);
    expect(changedOf(answer)).toEqual(['modified round']);
    expect(affectedOf(answer)).toEqual(['withTax 1 calls round', 'total 2 calls withTax', 'page 3 calls total']);
    expect(testsOf(answer)).toEqual(['test/cart.test.ts 3 calls@3 total adds tax']);
    expect(answer.coverage.pending).toBe(1);
    expect(answer.notes[0]).toContain('older than the change');
  });

  test('a removed symbol names the uses that were left behind', async () => {
    const shop = await indexedRepository(SHOP);
    shop.write(edited(PRICE.replace(/ {2}monthly[^]*?\n {2}\}\n/, '')));
    const answer = await ask(shop);
    expect(changedOf(answer)).toEqual(['removed Rate.monthly']);
    expect(answer.broken).toEqual([
      { path: 'src/rent.ts', line: 2, user: 'rent', target: 'Rate.monthly', isCertain: true },
    ]);
    shop.write({
      'src/rent.ts': `import { Rate } from './price';\nexport const rent = (rate: Rate) => rate.yearly() / 12;\n`,
    });
    expect((await ask(shop)).broken).toEqual([]);
  });

  test('users of a deleted and of a moved file are told, and tests that import it', async () => {
    const shop = await indexedRepository(SHOP);
    shop.git('mv', 'src/cart.ts', 'src/basket.ts');
    shop.write({ 'src/rent.ts': undefined });
    const answer = await ask(shop);
    expect(answer.files.map(({ path, status, from, mapping }) => [path, status, from, mapping])).toEqual([
      ['src/basket.ts', 'renamed', 'src/cart.ts', 'before'],
      ['src/rent.ts', 'deleted', undefined, 'whole'],
    ]);
    expect(changedOf(answer)).toEqual(['removed rent']);
    expect(answer.broken.map(({ path, line, target }) => `${path}:${line} ${target}`)).toEqual([
      'src/page.ts:1 src/cart.ts',
      'test/cart.test.ts:1 src/cart.ts',
    ]);
    expect(testsOf(answer)).toEqual(['test/cart.test.ts 1 imports src/cart.ts']);
  });

  test('comments and blank lines between declarations change nothing', async () => {
    const shop = await indexedRepository(SHOP);
    shop.write(edited(PRICE.replace('Cents.', 'Whole cents.').replace('Of one year', 'Of each year')));
    const answer = await ask(shop);
    expect(changedOf(answer)).toEqual([]);
    expect(answer.files[0]?.looseLines).toEqual([]);
    expect(answer.affected).toEqual([]);
  });
});

describe('an index of the change itself', () => {
  test('finds symbols by their new lines, added ones too', async () => {
    const shop = await indexedRepository(SHOP);
    shop.write({
      ...edited(`${PRICE.replace('return 1;', 'return 2;')}\nexport const fee = () => withTax(3);\n`),
      'src/new.ts': `import { fee } from './price';\nexport const charge = () => fee();\n`,
    });
    await shop.index();
    const answer = await ask(shop);
    expect(changedOf(answer)).toEqual(['modified Rate.yearly', 'added fee', 'added charge']);
    expect(affectedOf(answer)).toEqual(['Rate.monthly 1 calls Rate.yearly', 'rent 2 calls Rate.monthly']);
    expect(answer.coverage.pending).toBe(0);
  });

  test('takes lines away from the symbol around them', async () => {
    const shop = await indexedRepository(SHOP);
    shop.write(edited(PRICE.replace('    return 1;\n', '')));
    await shop.index();
    const answer = await ask(shop);
    expect(changedOf(answer)).toEqual(['modified Rate.yearly']);
    expect(answer.notes.join()).toContain('newer than the change');
  });

  test('a range of commits is laid over the graph of its end', async () => {
    const shop = await indexedRepository(SHOP);
    shop.write(edited(PRICE.replace('1.19', '1.2')));
    shop.commit('tax');
    await shop.index();
    shop.write({ 'src/page.ts': '' });
    const answer = await ask(shop, { from: 'HEAD~1', to: 'HEAD' });
    expect(changedOf(answer)).toEqual(['modified withTax']);
    expect(answer.files).toHaveLength(1);
  });
});

test('an index of another text is a guess, and says so', async () => {
  const shop = await indexedRepository(SHOP);
  shop.write(edited(PRICE.replace('1.19', '1.2')));
  shop.commit('not indexed');
  shop.write(edited(PRICE.replace('1.19', '1.3')));
  const answer = await ask(shop);
  expect(changedOf(answer)).toEqual(['? modified withTax']);
  expect(answer.notes[0]).toContain('graph_index');
});

test('changed tests are run, new ones too, and other files are named as not followed', async () => {
  const shop = await indexedRepository(SHOP);
  shop.write({
    'test/new.test.ts': '',
    'notes.md': 'x',
    'test/cart.test.ts': SHOP['test/cart.test.ts'].replace('1', '2'),
  });
  const answer = await ask(shop);
  expect(testsOf(answer)).toEqual(['test/cart.test.ts 0 was changed adds tax', 'test/new.test.ts 0 was changed']);
  expect(answer.notes.join()).toContain('no source code: what they change is not followed: notes.md');
});

test('pages go on with the same change only, and nothing changed is said', async () => {
  const shop = await indexedRepository(SHOP);
  expect((await ask(shop)).notes).toEqual(['nothing was changed']);
  shop.write(edited(PRICE.replace('Math.', '1 + Math.')));
  const first = await ask(shop, { limit: 1 });
  const second = await ask(shop, { limit: 1, cursor: first.nextCursor });
  expect([...affectedOf(first), ...affectedOf(second)]).toEqual(['withTax 1 calls round', 'total 2 calls withTax']);
  shop.write({ 'src/rent.ts': undefined });
  expect(await failureOf(ask(shop, { limit: 1, cursor: first.nextCursor }))).toMatchObject({ code: 'invalid_input' });
});
