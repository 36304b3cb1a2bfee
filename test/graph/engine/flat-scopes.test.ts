import { describe, expect, it } from 'vitest';
import { scanFlat } from '../../../src/graph/engine/flat/flat-scan.ts';
import { sharedIn, useIn } from '../../../src/graph/engine/flat/flat-places.ts';
import { parseSyntax } from '../../../src/graph/engine/syntax/syntax-parser.ts';

/** Texts of the uses of a file that the compiler is asked about, in their order. */
function askedOf(text: string, path = 'a.ts'): string[] {
  const { table, facts } = scanFlat(parseSyntax(path, text).tree, path);
  return facts.texts.filter((_, row) => useIn(table, row) !== undefined);
}

/** Each use with the row that its meaning is taken from. */
function sharedOf(text: string): (readonly [string, number])[] {
  const { table, facts } = scanFlat(parseSyntax('a.ts', text).tree, 'a.ts');
  return facts.texts.flatMap((use, row) => {
    const first = sharedIn(table, row);
    return first === undefined ? [] : [[use, first] as const];
  });
}

describe('names that the compiler is asked about', () => {
  it('are asked once where they are bound at the top of the file alone', () => {
    expect(askedOf('function run() {}\nrun(); run(); [1].map(run);')).toEqual(['run', 'map']);
    expect(sharedOf('import { a } from "b"; a(); a(); a();')).toEqual([
      ['a', 2],
      ['a', 2],
    ]);
  });

  it('are asked apart as a value, as a type, and as a part of a base', () => {
    const text =
      'import { A } from "b"; let x: A; let y: A; new A(); new A(); class B extends A.C {} class D extends A.C {}';
    expect(askedOf(text)).toEqual(['A', 'b', 'A', 'A', 'A', 'C', 'C']);
  });

  it.each([
    ['a parameter', 'function run() {} run(); run(); function f(run: () => void) { run(); run(); }', 4],
    [
      'a pattern',
      'function run() {} run(); run(); function f(o: { run(): void }) { const { run } = o; run(); run(); }',
      5,
    ],
    ['a type parameter', 'interface T {} let a: T; let b: T; function f<T>(x: T): T { return x; }', 4],
    ['the name of a class expression', 'class A {} new A(); new A(); const b = class A { m() { new A(); } };', 3],
    ['a function in a block', 'function run() {} run(); run(); { function run() {} run(); }', 3],
    ['a member of an enumeration', 'const one = 1; one; one; enum E { one, two = one }', 3],
  ])('are all asked where %s has the name, too', (_what, text, asked) => {
    const [first = ''] = askedOf(text);
    expect(askedOf(text).filter((name) => name === first)).toHaveLength(asked);
  });

  it.each([
    ['a parameter', 'function f(a: number) { return a + a; }', []],
    ['one that a signature of the file names, too', 'type F = (a: number) => void; const f = (a: number) => a;', []],
    ['one that is called like a member', 'class C { a = 1; m(a: number) { return a; } }', []],
    ['what a pattern takes', 'function f({ a }: O) { return a; }', ['a', 'O']],
    ['what a pattern of a variable takes', 'function f(o: unknown) { const { a } = o.p; return { a }; }', ['a', 'p']],
    ['a caught error', 'try { go(); } catch (error) { go(error); throw error; }', ['go']],
    ['one that an object is made of', 'function f(a: number) { return { a }; }', []],
  ])('are not those of %s', (_what, text, asked) => {
    expect(askedOf(text)).toEqual(asked);
  });

  it.each([
    ['a parameter that is a property', 'class C { constructor(private a: number) { a; a; } }', ['a', 'a']],
    ['an export', 'async function f() { const { a } = await import("b"); return a; }', ['a', 'b', 'a']],
    [
      'an export of a namespace',
      'import * as n from "b"; function f() { const { a: c } = n; return c; }',
      ['n', 'b', 'a', 'n', 'c'],
    ],
    ['a function in a block', 'function f(a: () => void) { { function a() {} a(); } a(); }', ['a', 'a']],
  ])('are those of %s', (_what, text, asked) => {
    expect(askedOf(text)).toEqual(asked);
  });

  it('of an object that is made anew are those of its values', () => {
    expect(askedOf('import { a } from "b"; a(); const o = { a };')).toEqual(['a', 'b', 'a']);
  });

  it('are all asked in files with namespaces, and in scripts', () => {
    expect(askedOf('function run() {} run(); run(); namespace N { run(); }')).toEqual(['run', 'run', 'run']);
    expect(askedOf('function run() {} run(); run();', 'a.js')).toEqual(['run', 'run']);
  });
});

describe('what a file exports by its text alone', () => {
  const exportsOf = (text: string, path = 'a.ts'): string[] => [
    ...scanFlat(parseSyntax(path, text).tree, path).table.exports.keys(),
  ];

  it('is what stands at its top, alone with its name', () => {
    const text = `export const a = 1; export function f(x: string): void; export function f(x: unknown) {}
export interface I {} export interface I { more: 1 } export class C {} export namespace C { export const inner = 1; }
export interface M {} export const M = 1; export default class D {} const own = 1; export { own }; export { own as other };`;
    expect(exportsOf(text)).toEqual(['a', 'f']);
  });

  it('is nothing for a script', () => {
    expect(exportsOf('export const a = 1;', 'a.js')).toEqual([]);
  });
});

describe('names that an import explains', () => {
  /** Uses with the export that they stand for. */
  function importedOf(text: string, path = 'a.ts'): string[] {
    const { table, facts } = scanFlat(parseSyntax(path, text).tree, path);
    return [...table.imported].map(([row, { name }]) => `${facts.texts[row]}=${name}`).toSorted();
  }

  it('are those that nothing else in the file binds, wherever they are used', () => {
    const text = `import { a, b as c } from './b'; a(); const x: c = { a }; class D extends a.E {}`;
    expect(importedOf(text)).toEqual(['a=a', 'a=a', 'a=a', 'a=a', 'b=b', 'c=b']);
  });

  it.each([
    ['a parameter of the same name', `import { a } from './b'; a(); function f(a: number) { return a; }`, ['a=a']],
    ['a declaration of the same name', `import { a } from './b'; a(); interface a {}`, []],
    ['a namespace', `import { a } from './b'; a(); namespace N { export const a = 1; a; }`, ['a=a']],
    ['a default import', `import a from './b'; a();`, []],
    ['an import of all', `import * as a from './b'; a();`, []],
  ])('not with %s', (_what, text, names) => {
    expect(importedOf(text)).toEqual(names);
  });

  it('not in JavaScript', () => {
    expect(importedOf(`import { a } from './b'; a();`, 'a.js')).toEqual([]);
  });

  it('and modules that a file adds to are known by name', () => {
    const text = `declare module './b' { interface A {} }\ndeclare module 'c' {}\nnamespace D {}`;
    expect(scanFlat(parseSyntax('a.ts', text).tree, 'a.ts').table.augments).toEqual(['./b', 'c']);
  });
});
