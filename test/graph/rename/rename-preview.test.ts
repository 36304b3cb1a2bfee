import { describe, expect, test } from 'vitest';
import type { RenameAnswer } from '../../../src/graph/rename-schema.ts';
import { failureOf } from '../../support/failure-of.ts';
import { indexedRepository } from '../changes/indexed-repository.ts';
import { applied, complaintsOf, previewOf } from './renamed-program.ts';

const GLOBALS = `interface Array<T> { readonly length: number; [n: number]: T; map<U>(f: (t: T) => U): U[] }
interface ReadonlyArray<T> { readonly length: number }
interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {}
interface NewableFunction {} interface Number {} interface Object {} interface RegExp {} interface String { readonly length: number }
declare namespace JSX { interface Element {} interface IntrinsicElements { div: { children?: unknown } } interface ElementChildrenAttribute { children: {} } }
`;
/** Every way to name something that a rename has to see. */
const FILES: Readonly<Record<string, string>> = {
  'globals.d.ts': GLOBALS,
  'src/animal.ts': `export interface Animal {
  sound(): string;
  readonly legs: number;
}
export interface Animal { readonly tail: boolean }
export class Dog implements Animal {
  readonly legs = 4;
  readonly tail = true;
  #secret = 1;
  static count = 0;
  constructor(readonly nick: string) { Dog.count += this.#secret; }
  sound() { return bark(this.nick); }
  get age() { return this.#secret; }
  set age(value: number) { this.#secret = value; }
  static of(nick: string) { return new Dog(nick); }
}
export class Puppy extends Dog {
  override sound() { return super.sound() + '!'; }
}
/** Makes the noise that \`bark\` is named after. */
function bark(text: string): string;
function bark(text: number): string;
function bark(text: string | number) { return text === '' ? bark('x') : text + ' barks'; }
export enum Size { Small, Large = 'bark'.length }
export type Pack = readonly Animal[];
export const famous = Dog.of('Laika'), other = famous;
export namespace Tools { export const brush = 1; }
export { famous as star, bark as speak };
`,
  'src/barrel.ts': `export * from './animal';
export { Dog as Hound, famous } from './animal';
export { Puppy as default } from './animal';
`,
  'src/zoo.ts': `import Puppy, { Hound as Dog, famous, Size, Tools, star } from './barrel';
import * as all from './barrel';
import type { Pack } from './animal';
export const pack: Pack = [new Dog('Rex'), famous, star, new Puppy('Tim')];
export function noise(animal: Dog): string { const { nick, age: years } = animal; return nick + years + animal['sound'](); }
export const size: Size = all.Size.Large || Size.Small;
export const tools = { pack, noise, brush: Tools.brush, extra: all.speak('') };
const text = \`\${noise(new all.Dog('a'))} and noise \${[/noise'/, "noise"].length}\`;
export const said = [text].map((noise) => noise);
`,
  'src/view.tsx': `import { noise, pack, tools } from './zoo';
export function View(props: { title: string; children?: object }): JSX.Element { return <div>{props.title}</div>; }
export const page = <View title={noise === undefined ? 'View' : '' + pack.length}><View title="" /></View>;
export const again = { View, pack };
export const shown = (noise: object) => <div>{noise}{pack}, {tools}<View title="">{{ pack }}</View></div>;
`,
};

describe('a rename of anything in a program', () => {
  test('leaves a program that the compiler takes as before, unless it warns of keys', async () => {
    expect(complaintsOf(FILES)).toEqual([]);
    const repository = await indexedRepository(FILES);
    const { view } = await repository.index();
    const tried: string[] = [];
    const broken: string[] = [];
    for (let row = 0; row < view.nodeCount; row += 1) {
      const kind = view.kindOf(row);
      if (['file', 'constructor', 'test'].includes(kind) || view.pathOf(row) === 'globals.d.ts') continue;
      const name = view.nameOf(row);
      // What stands between tags is asked for by this name, which is the language's.
      if (name === 'children') continue;
      const newName = name.startsWith('#') ? '#RenamedThing' : 'RenamedThing';
      const answer = await previewOf(repository.changes, { symbol: view.columns.nodes.id[row] ?? '', newName });
      tried.push(view.qualifiedNameOf(row));
      const complaints = complaintsOf(applied(FILES, answer));
      const warns = answer.uncertain.some((mention) => mention.kind === 'key');
      if (complaints.length > 0 && !warns)
        broken.push(`${kind} ${view.qualifiedNameOf(row)}: ${complaints.join('; ')}`);
      expect(answer.conflicts).toEqual([]);
    }
    expect(broken).toEqual([]);
    expect(tried.length).toBeGreaterThan(30);
  });
});

describe('what is told', () => {
  const lines = (answer: RenameAnswer) =>
    answer.edits.map(({ path, line, after }) => `${path}:${line} ${after.trim()}`);
  const preview = async (symbol: string, newName: string, files = FILES) =>
    previewOf((await indexedRepository(files)).changes, { symbol, newName });

  test('overrides and implementations are renamed along, keys and names by brackets as well', async () => {
    const answer = await preview('Animal.sound', 'speak');
    expect(answer.along.map(({ name }) => name)).toEqual(['Dog.sound', 'Puppy.sound']);
    expect(lines(answer)).toMatchInlineSnapshot(`
      [
        "src/animal.ts:2 speak(): string;",
        "src/animal.ts:12 speak() { return bark(this.nick); }",
        "src/animal.ts:18 override speak() { return super.speak() + '!'; }",
        "src/zoo.ts:5 export function noise(animal: Dog): string { const { nick, age: years } = animal; return nick + years + animal['speak'](); }",
      ]
    `);
  });

  test('an alias of an import keeps its name', async () => {
    const answer = await preview('src/animal.ts#Dog', 'Canine');
    expect(lines(answer).filter((line) => line.startsWith('src/zoo.ts'))).toEqual([
      `src/zoo.ts:8 const text = \`\${noise(new all.Canine('a'))} and noise \${[/noise'/, "noise"].length}\`;`,
    ]);
    expect(lines(answer)).toContain(`src/barrel.ts:2 export { Canine as Hound, famous } from './animal';`);
    expect(answer.skipped.map(({ path, line, reason }) => `${path}:${line} ${reason}`)).toMatchInlineSnapshot(`
      [
        "src/zoo.ts:1 \`Hound\` stands there, another name for it",
        "src/zoo.ts:4 \`Dog\` is here the name that an import gives",
        "src/zoo.ts:5 \`Dog\` is here the name that an import gives",
      ]
    `);
  });

  test('what is said twice in one word is written out', async () => {
    expect(lines(await preview('src/zoo.ts#noise', 'sing'))).toContain(
      "src/zoo.ts:7 export const tools = { pack, noise: sing, brush: Tools.brush, extra: all.speak('') };",
    );
    expect(lines(await preview('Dog.nick', 'title')).at(-1)).toContain('const { title: nick, age: years } = animal');
  });

  test('overloads, both accessors and closing tags are found', async () => {
    const reasons = async (symbol: string, newName: string) =>
      (await preview(symbol, newName)).edits.map(({ line, reasons }) => `${line} ${reasons.join()}`);
    expect(await reasons('bark', 'woof')).toEqual([
      '12 calls',
      '21 declaration',
      '22 overload',
      '23 overload,calls',
      '28 exports',
    ]);
    expect(await reasons('Dog.age', 'years')).toEqual(['13 declaration', '14 overload', '5 references']);
    expect((await reasons('src/view.tsx#View', 'Page')).at(1)).toBe('3 renders,references');
  });

  test('mentions in strings, comments and keys are uncertain, other things of that name are none', async () => {
    const answer = await preview('bark', 'woof');
    expect(answer.uncertain.map(({ kind, line, text }) => `${kind} ${line} ${text}`)).toEqual([
      "string 24 export enum Size { Small, Large = 'bark'.length }",
      'comment 20 /** Makes the noise that `bark` is named after. */',
    ]);
    const noise = await preview('src/zoo.ts#noise', 'sing');
    expect(noise.uncertain.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['string 8']);
    const keys = await preview('Tools.brush', 'comb');
    expect(keys.uncertain).toEqual([]);
  });

  test('a key of an object is renamed where its type is known, and warned of where it is not', async () => {
    const files = {
      'src/point.ts': `export interface Point { left: number }\nexport const zero: Point = { left: 0 };\nexport const x = zero.left;\nexport const free = { left: 1 };\n`,
    };
    const answer = await preview('Point.left', 'x', files);
    expect(lines(answer)).toEqual([
      'src/point.ts:1 export interface Point { x: number }',
      'src/point.ts:2 export const zero: Point = { x: 0 };',
      'src/point.ts:3 export const x = zero.x;',
    ]);
    expect(answer.notes.join()).toContain('keys of objects or tags have the old name');
    expect(answer.uncertain).toMatchObject([{ kind: 'key', line: 4 }]);
  });

  test('names that are taken are conflicts, in a class of the family too', async () => {
    const conflicts = async (symbol: string, newName: string) =>
      (await preview(symbol, newName)).conflicts.map(({ path, line, isCertain, reason }) => {
        return `${isCertain ? '' : '? '}${path}:${line} ${reason}`;
      });
    expect(await conflicts('Puppy.sound', 'legs')).toEqual([
      'src/animal.ts:3 property Animal.legs has the name already',
      'src/animal.ts:7 property Dog.legs has the name already',
    ]);
    expect(await conflicts('src/zoo.ts#pack', 'noise')).toEqual([
      'src/zoo.ts:5 function noise has the name already',
      '? src/view.tsx:1 `noise` stands in this file already',
    ]);
  });

  test('a use that means another of that name as well is a conflict', async () => {
    const files = {
      'src/a.ts': `export class Cat { speak() {} }\nexport class Cow { speak() {} }\nexport const loud = (one: Cat | Cow) => one.speak();\n`,
    };
    expect((await preview('Cat.speak', 'meow', files)).conflicts).toEqual([
      {
        path: 'src/a.ts',
        line: 3,
        isCertain: true,
        reason: 'means Cow.speak (src/a.ts:2) as well, which keeps its name',
      },
    ]);
  });

  test('what inherits from a library is warned of', async () => {
    const files = { 'src/a.ts': `export class Late extends Map<string, Set<number>> { has() { return true; } }\n` };
    const { notes } = await preview('Late.has', 'owns', files);
    expect(notes.join()).toContain('Late: inherits from something outside of the workspace');
  });
});

describe('what is refused', () => {
  test.each([
    ['Dog', 'class', 'it is a reserved word'],
    ['Dog', 'string', 'it is a type of the language'],
    ['Dog', 'a-b', 'it is no identifier'],
    ['Dog', 'Dog', 'it is its name already'],
    ['Dog.nick', '#nick', 'which is no rename'],
    ['Dog.#secret', 'secret', 'which is no rename'],
    ['Dog.nick', 'constructor', 'it means the constructor'],
    ['Dog.constructor', 'make', 'has no identifier'],
    ['src/animal.ts', 'x', 'has no identifier'],
  ])('%s can not be called %s: %s', async (symbol, newName, reason) => {
    const { changes } = await indexedRepository({ 'src/animal.ts': FILES['src/animal.ts'] ?? '' });
    const failure = await failureOf(previewOf(changes, { symbol, newName }));
    expect(failure).toMatchObject({ code: 'invalid_input' });
    expect(String(failure)).toContain(reason);
  });

  test('a file that was changed since the index: its places would be guesses', async () => {
    const repository = await indexedRepository(FILES);
    repository.write({ 'src/zoo.ts': `\n${FILES['src/zoo.ts'] ?? ''}` });
    const failure = await failureOf(previewOf(repository.changes, { symbol: 'famous', newName: 'known' }));
    expect(failure).toMatchObject({ code: 'not_ready' });
    expect(String(failure)).toContain('src/zoo.ts');
    const elsewhere = await previewOf(repository.changes, { symbol: 'Dog.#secret', newName: '#hidden' });
    expect(elsewhere.total).toBe(4);
  });

  test('a changed file that only mentions the name is uncertain', async () => {
    const repository = await indexedRepository(FILES);
    repository.write({ 'src/barrel.ts': `${FILES['src/barrel.ts'] ?? ''}import { View } from './view';\nView;\n` });
    const answer = await previewOf(repository.changes, { symbol: 'src/view.tsx#View', newName: 'Page' });
    expect(answer.uncertain.map(({ kind, path, line }) => `${kind} ${path}:${line}`)).toEqual([
      'changed src/barrel.ts:4',
      'changed src/barrel.ts:5',
      'string src/view.tsx:3',
    ]);
  });
});
