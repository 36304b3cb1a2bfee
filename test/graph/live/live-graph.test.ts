import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contentOf, freshContentOf, LiveFolder } from './live-folder.ts';
import type { Edit } from './live-folder.ts';

let base = '';
let folder: LiveFolder | undefined;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-live-')));
});
afterEach(async () => {
  await folder?.close();
  folder = undefined;
});
afterAll(() => rm(base, { recursive: true, force: true }));

interface Scenario {
  readonly files: Edit;
  /** With the files, besides the edited ones, that have to be read for each. */
  readonly edits: readonly (readonly [Edit, readonly string[]])[];
}

describe('after each edit the graph is as if it were made anew, and no more is read than has to be', () => {
  test.each(Object.entries(SCENARIOS()))('%s', async (name, { files, edits }) => {
    folder = await LiveFolder.open(join(base, name.replaceAll(/\W+/g, '-')), files);
    for (const [edit, users] of edits) {
      const { read, stale } = await folder.edit(edit);
      expect(stale).toBeUndefined();
      expect(contentOf(folder.view)).toEqual(await freshContentOf(folder.root));
      const edited = new Set(Object.keys(edit));
      expect(new Set(read.filter((path) => !edited.has(path)))).toEqual(new Set(users));
    }
  });
});

test('what the whole workspace depends on makes the graph stale: installed packages, and a configuration that others extend', async () => {
  folder = await LiveFolder.open(join(base, 'stale'), {
    'tsconfig.json': '{ "extends": "./tsconfig.base.json", "include": ["src"] }',
    'tsconfig.base.json': '{ "compilerOptions": { "module": "nodenext" } }',
    'src/a.ts': 'export const a = 1;\n',
  });
  expect((await folder.edit({ 'package-lock.json': '{}' })).stale).toContain('installed packages');
  const strict = '{ "compilerOptions": { "module": "nodenext", "strict": true } }';
  expect((await folder.edit({ 'tsconfig.base.json': strict })).stale).toContain('compiler options');
});

test('what no name tells is found when there is time', async () => {
  folder = await LiveFolder.open(join(base, 'conditional'), {
    'src/pets.ts': 'export class Dog {\n  run(): void {}\n}\nexport class Cat {\n  run(): void {}\n}\n',
    'src/shape.ts': 'export interface Shape {\n  size: number;\n}\n',
    'src/pick.ts':
      "import type { Dog, Cat } from './pets.ts';\nimport type { Shape } from './shape.ts';\nexport type Picked = Shape extends { round: boolean } ? Dog : Cat;\n",
    'src/use.ts': "import type { Picked } from './pick.ts';\nexport const use = (pet: Picked): void => pet.run();\n",
  });
  const { read } = await folder.edit({
    'src/shape.ts': 'export interface Shape {\n  size: number;\n  round: boolean;\n}\n',
  });
  expect(read).toEqual(['src/shape.ts']);
  expect(folder.verify()).toEqual(['src/pick.ts', 'src/use.ts']);
  expect(contentOf(folder.view)).toEqual(await freshContentOf(folder.root));
  expect(folder.verify()).toEqual([]);
});

test('a change that comes while users of another wait loses neither', async () => {
  const callers = Array.from({ length: 4 }, (_, index): [string, string] => [
    `src/user${index}.ts`,
    `import { first } from './one.ts';\nimport { second } from './two.ts';\nexport const user${index} = () => [first(), second()];\n`,
  ]);
  folder = await LiveFolder.open(join(base, 'waiting'), {
    'src/one.ts': 'export function first(): number {\n  return 1;\n}\n',
    'src/two.ts': 'export function second(): number {\n  return 2;\n}\n',
    ...Object.fromEntries(callers),
    'src/end.ts': "import { user3 } from './user3.ts';\nexport const end = user3().map((each) => each.toFixed());\n",
  });
  await folder.begin({ 'src/one.ts': 'export function first(): string {\n  return "1";\n}\n' });
  await folder.begin({ 'src/two.ts': 'export function second(n = 1): string {\n  return `${n}`;\n}\n' });
  await folder.edit({ 'src/two.ts': 'export function second(n = 2): string {\n  return `${n}`;\n}\n' });
  expect(contentOf(folder.view)).toEqual(await freshContentOf(folder.root));
});

function SCENARIOS(): Record<string, Scenario> {
  const tsconfig = JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      noEmit: true,
      paths: { '@/*': ['./src/*'] },
    },
    include: ['src'],
  });
  const shop = {
    'tsconfig.json': tsconfig,
    'package.json': '{ "name": "shop", "type": "module" }',
    'src/price.ts': 'export function priceOf(name: string): number {\n  return name.length;\n}\n',
    'src/cart.ts':
      "import { priceOf } from './price.ts';\nexport function total(names: string[]): number {\n  return names.map((name) => priceOf(name)).length;\n}\n",
    'src/main.ts': "import { total } from './cart.ts';\nexport const sum = total(['a']);\n",
  };
  return {
    'a body of a written type is nobody else’s matter': {
      files: shop,
      edits: [
        [
          {
            'src/price.ts':
              'export function priceOf(name: string): number {\n  const n = 1;\n  return n + name.length;\n}\n',
          },
          [],
        ],
        [{ 'src/cart.ts': `${shop['src/cart.ts']}function unused(): void {}\n` }, []],
      ],
    },
    'a new export concerns nobody yet': {
      files: shop,
      edits: [[{ 'src/price.ts': `${shop['src/price.ts']}export const tax = 2;\n` }, []]],
    },
    'a parameter more concerns the callers, but not theirs': {
      files: shop,
      edits: [
        [
          {
            'src/price.ts':
              'export function priceOf(name: string, tax = 1): number {\n  return name.length * tax;\n}\n',
          },
          ['src/cart.ts'],
        ],
      ],
    },
    'a function that is renamed and comes back': {
      files: shop,
      edits: [
        [
          { 'src/price.ts': 'export function costOf(name: string): number {\n  return name.length;\n}\n' },
          ['src/cart.ts'],
        ],
        [{ 'src/price.ts': shop['src/price.ts'] }, ['src/cart.ts']],
      ],
    },
    'a type that follows from a body is passed on as long as it changes': {
      files: {
        'tsconfig.json': tsconfig,
        'src/dog.ts': 'export class Dog {\n  bark(): void {}\n}\nexport class Cat {\n  bark(): void {}\n}\n',
        'src/make.ts': "import { Dog } from './dog.ts';\nexport function make() {\n  return new Dog();\n}\n",
        'src/wrap.ts': "import { make } from './make.ts';\nexport const wrap = () => ({ pet: make() });\n",
        'src/use.ts': "import { wrap } from './wrap.ts';\nexport function use(): void {\n  wrap().pet.bark();\n}\n",
        'src/far.ts': "import { use } from './use.ts';\nexport const far = (): void => use();\n",
      },
      edits: [
        [
          { 'src/make.ts': "import { Cat } from './dog.ts';\nexport function make() {\n  return new Cat();\n}\n" },
          ['src/wrap.ts', 'src/use.ts'],
        ],
        [
          {
            'src/make.ts':
              "import { Cat } from './dog.ts';\nexport function make() {\n  const cat = new Cat();\n  return cat;\n}\n",
          },
          [],
        ],
      ],
    },
    'a member that hides an inherited one, where its class is not even named': {
      files: {
        'tsconfig.json': tsconfig,
        'src/base.ts': 'export class Base {\n  save(): void {}\n}\n',
        'src/item.ts': "import { Base } from './base.ts';\nexport class Item extends Base {}\n",
        'src/make.ts': "import { Item } from './item.ts';\nexport function make(): Item {\n  return new Item();\n}\n",
        'src/use.ts': "import { make } from './make.ts';\nexport function use(): void {\n  make().save();\n}\n",
      },
      edits: [
        [
          {
            'src/item.ts':
              "import { Base } from './base.ts';\nexport class Item extends Base {\n  save(): void {}\n}\n",
          },
          ['src/use.ts'],
        ],
      ],
    },
    'a callback whose parameter is typed two files away': {
      files: {
        'tsconfig.json': tsconfig,
        'src/pets.ts': 'export class Dog {\n  run(): void {}\n}\nexport class Cat {\n  run(): void {}\n}\n',
        'src/types.ts':
          "import type { Dog, Cat } from './pets.ts';\nexport type Callback = (pet: Dog) => void;\nexport type Other = Cat;\n",
        'src/each.ts':
          "import type { Callback } from './types.ts';\nexport function each(callback: Callback): void {\n  void callback;\n}\n",
        'src/use.ts': "import { each } from './each.ts';\neach((pet) => pet.run());\nexport {};\n",
      },
      edits: [
        [
          {
            'src/types.ts':
              "import type { Dog, Cat } from './pets.ts';\nexport type Callback = (pet: Cat) => void;\nexport type Other = Dog;\n",
          },
          ['src/each.ts', 'src/use.ts'],
        ],
      ],
    },
    'aliases, barrels and default exports': {
      files: {
        'tsconfig.json': tsconfig,
        'src/a.ts': 'export const one = (): number => 1;\nexport default function two(): void {}\n',
        'src/index.ts': "export * from './a.ts';\nexport { default as second } from './a.ts';\n",
        'src/use.ts':
          "import { one, second as again } from '@/index.ts';\nexport const both = (): number => {\n  again();\n  return one();\n};\n",
        'src/waits.ts': "import { three } from './index.ts';\nexport const value = (): unknown => three();\n",
        'src/space.ts': "import * as all from './index.ts';\nexport const value = (): unknown => all.three();\n",
      },
      edits: [
        [
          {
            'src/a.ts':
              'export const one = (): number => 1;\nexport default function two(): void {}\nexport function three(): void {}\n',
          },
          ['src/waits.ts', 'src/space.ts'],
        ],
        [{ 'src/index.ts': "export { one } from './a.ts';\n" }, ['src/use.ts', 'src/waits.ts', 'src/space.ts']],
      ],
    },
    'files that come, go and are renamed': {
      files: {
        ...shop,
        'src/later.ts': "import { soon } from './soon.ts';\nexport const now = (): unknown => soon();\n",
      },
      edits: [
        [{ 'src/soon.ts': 'export function soon(): void {}\n' }, ['src/later.ts']],
        [
          {
            'src/soon.ts': undefined,
            'src/moved.ts': 'export function soon(): void {}\n',
            'src/later.ts': "import { soon } from './moved.ts';\nexport const now = (): unknown => soon();\n",
          },
          [],
        ],
        [{ 'src/price.ts': undefined }, ['src/cart.ts']],
        [
          {
            'src/price/index.ts': shop['src/price.ts'],
            'src/cart.ts': shop['src/cart.ts'].replace('./price.ts', './price/index.ts'),
          },
          [],
        ],
      ],
    },
    'what is declared for all files': {
      files: {
        'tsconfig.json': tsconfig,
        'src/globals.d.ts': 'declare function ping(): void;\n',
        'src/use.ts': 'export const use = (): void => {\n  ping();\n  pong();\n};\n',
        'src/other.ts': 'export const other = 1;\n',
      },
      edits: [
        [{ 'src/globals.d.ts': 'declare function ping(): void;\ndeclare function pong(): void;\n' }, ['src/use.ts']],
        [{ 'src/globals.d.ts': 'declare function pong(): void;\n' }, ['src/use.ts']],
      ],
    },
    'a script without types': {
      files: {
        'lib/store.js':
          'class Store {\n  constructor() {\n    this.items = [];\n  }\n  add(item) {\n    this.items.push(item);\n  }\n}\nmodule.exports = { Store };\n',
        'lib/use.js':
          "const { Store } = require('./store');\nfunction fill() {\n  const store = new Store();\n  store.add(1);\n  store.remove(1);\n}\nmodule.exports = { fill };\n",
      },
      edits: [
        [
          {
            'lib/store.js':
              'class Store {\n  constructor() {\n    this.items = [];\n  }\n  add(item) {\n    this.items.push(item);\n  }\n  remove() {}\n}\nmodule.exports = { Store };\n',
          },
          ['lib/use.js'],
        ],
      ],
    },
    'tests and routes': {
      files: {
        'tsconfig.json': tsconfig,
        'src/sum.ts': 'export const sum = (a: number, b: number): number => a + b;\n',
        'src/sum.test.ts':
          "import { sum } from './sum.ts';\ndeclare const test: (name: string, body: () => void) => void;\ntest('adds', () => {\n  sum(1, 2);\n});\n",
      },
      edits: [
        [{ 'src/sum.ts': 'export const sum = (a: number, b: number): string => `${a + b}`;\n' }, ['src/sum.test.ts']],
        [
          {
            'src/sum.test.ts':
              "import { sum } from './sum.ts';\ndeclare const test: (name: string, body: () => void) => void;\ntest('adds up', () => {\n  sum(1, 2);\n});\n",
          },
          [],
        ],
      ],
    },
  };
}
