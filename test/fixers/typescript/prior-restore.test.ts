import { afterEach, describe, expect, it } from 'vitest';
import { createMendedWorkspace } from './mended-workspace.ts';
import type { MendedWorkspace, MendRequest } from './mended-workspace.ts';

describe('bringing back what an earlier version had', () => {
  const open: MendedWorkspace[] = [];
  const workspace = (request: MendRequest): MendedWorkspace => {
    const created = createMendedWorkspace(request);
    open.push(created);
    return created;
  };

  afterEach(() => {
    for (const each of open.splice(0)) each.remove();
  });

  const library = [
    '/** What is sold. */',
    'export interface Item {',
    '  readonly name: string;',
    '  /** In cents. */',
    '  readonly price: number;',
    '}',
    '',
    'export class Cart {',
    '  readonly #items: Item[] = [];',
    '',
    '  add(item: Item, count: number): void {',
    '    for (let at = 0; at < count; at += 1) this.#items.push(item);',
    '  }',
    '',
    '  total(): number {',
    '    return this.#items.reduce((sum, { price }) => sum + price, 0);',
    '  }',
    '}',
    '',
  ].join('\n');
  const user = [
    "import { Cart } from './cart';",
    "import type { Item } from './cart';",
    '',
    "const apple: Item = { name: 'apple', price: 20 };",
    '',
    'export async function run(later: Promise<number>): Promise<number> {',
    '  const count = await later;',
    '  const cart = new Cart();',
    '  cart.add(apple, count);',
    '  return cart.total();',
    '}',
    '',
  ].join('\n');
  const before = { 'cart.ts': library, 'a.ts': user };

  it.each([
    ['an argument', 'a.ts', ', count);', ');', 2554],
    ['a property', 'a.ts', ', price: 20', '', 2741],
    ['an import', 'a.ts', "import { Cart } from './cart';\n", '', 2552],
    ['an await', 'a.ts', 'await later', 'later', 2345],
    ['a declaration', 'a.ts', "const apple: Item = { name: 'apple', price: 20 };\n", '', 2304],
    ['a path', 'a.ts', "{ Cart } from './cart'", "{ Cart } from './carts'", 2307],
    ['a parameter', 'cart.ts', 'item: Item, count: number', 'item: Item', 2554],
    [
      'a member of a class',
      'cart.ts',
      '  total(): number {\n    return this.#items.reduce((sum, { price }) => sum + price, 0);\n  }\n',
      '',
      2339,
    ],
    [
      'a member of an interface with its comment',
      'cart.ts',
      '  /** In cents. */\n  readonly price: number;\n',
      '',
      2339,
    ],
    ['an export', 'cart.ts', 'export class', 'class', 2459],
  ])('brings back %s, to the byte', async (...row) => {
    const [, path, text, without, code] = row;
    const files = { ...before, [path]: before[path === 'a.ts' ? 'a.ts' : 'cart.ts'].replace(text, without) };
    const place = workspace({ files, before });
    const [fix] = await place.offers(code);
    expect(fix?.grade).toBe('auto');
    place.apply(fix);
    expect(place.errors()).toEqual([]);
    expect(place.read(path)).toBe(before[path === 'a.ts' ? 'a.ts' : 'cart.ts']);
  });

  it('leaves other changes of the same version as they are', async () => {
    const renamed = user.replaceAll('cart.', 'basket.').replace('const cart', 'const basket');
    const files = { ...before, 'a.ts': renamed.replace(', price: 20', '') };
    const place = workspace({ files, before });
    const [fix] = await place.offers(2741);
    expect(fix).toMatchObject({ fixer: 'lightdom:restore', grade: 'auto', edits: [{ path: 'a.ts', text: renamed }] });
  });

  it('finds nothing to bring back without a history', async () => {
    const files = { ...before, 'a.ts': user.replace(', price: 20', '') };
    const offers = await workspace({ files }).offers(2741);
    expect(offers.map(({ fixer }) => fixer)).not.toContain('lightdom:restore');
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('does not take a renaming back that one file was forgotten in', async () => {
    const files = {
      'cart.ts': library.replace('total()', 'sum()'),
      'a.ts': user,
      'b.ts': "import { Cart } from './cart';\nexport const none = new Cart().sum();\n",
    };
    const former = { ...before, 'b.ts': "import { Cart } from './cart';\nexport const none = new Cart().total();\n" };
    const offers = await workspace({ files, before: former }).offers(2339);
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('does not bring back what was removed together with other uses of it', async () => {
    const removed = library.replace(/ {2}total[^]*?\n {2}\}\n/, '');
    const other = "import { Cart } from './cart';\nexport const none = new Cart();\n";
    const files = { 'cart.ts': removed, 'a.ts': user, 'b.ts': other };
    const former = { ...before, 'b.ts': `${other}export const zero = none.total();\n` };
    const offers = await workspace({ files, before: former }).offers(2339);
    expect(offers.find(({ fixer }) => fixer === 'lightdom:restore')).toMatchObject({ grade: 'suggestion' });
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('does not undo what was done at several places', async () => {
    const twice = user.replace('  cart.add(apple, count);\n', '  cart.add(apple, count);\n  cart.add(apple, count);\n');
    const files = { ...before, 'a.ts': twice.replaceAll(', count);', ');') };
    const offers = await workspace({ files, before: { ...before, 'a.ts': twice } }).offers(2554);
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('does not bring back a use because a name is unused without it', async () => {
    const text = "import { one } from './one';\nexport const sum = 1 + one;\n";
    const files = { 'a.ts': text.replace(' + one', ''), 'one.ts': 'export const one = 1;\n' };
    const offers = await workspace({ files, before: { 'a.ts': text } }).offers(6133);
    expect(offers.map(({ fixer, grade }) => [fixer, grade])).toEqual([
      ['typescript:unusedIdentifier', 'suggestion'],
      ['lightdom:restore', 'suggestion'],
    ]);
  });

  it('does not put a former type in the place of another', async () => {
    const files = { ...before, 'cart.ts': library.replace('price: number', 'price: string') };
    const offers = await workspace({ files, before }).offers(2322);
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('leaves the choice where two edits would do', async () => {
    const text = 'function pair(a: number, b = 1): number {\n  return a + b;\n}\nexport const sum = pair(1, 2);\n';
    const files = { 'a.ts': 'function pair(): number {\n  return 1;\n}\nexport const sum = pair(1, 2);\n' };
    const offers = await workspace({ files, before: { 'a.ts': text } }).offers(2554);
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('changes nothing more when it is asked again', async () => {
    const place = workspace({ files: { ...before, 'a.ts': user.replace(', price: 20', '') }, before });
    place.apply((await place.offers(2741))[0]);
    expect(place.errors()).toEqual([]);
    await expect(place.offers(2741)).rejects.toThrow('There is no TS2741');
  });
});
