import { describe, expect, it } from 'vitest';
import { scanFlat } from '../../../src/graph/engine/flat/flat-scan.ts';
import { parseSyntax } from '../../../src/graph/engine/syntax/syntax-parser.ts';

/** Names of the uses of `this.name` that mean what an earlier one means. */
function sharedOf(text: string, path = 'a.ts'): string[] {
  const { table, facts } = scanFlat(parseSyntax(path, text).tree, path);
  return [...table.members.keys()].map((row) => facts.texts[row] ?? '');
}

function tableOf(text: string): ReturnType<typeof scanFlat>['table'] {
  return scanFlat(parseSyntax('a.ts', text).tree, 'a.ts').table;
}

describe('members of this that the compiler is asked about once', () => {
  it.each([
    ['in one method', 'class A { a = 1; m() { this.a; this.a; } }', ['a']],
    ['in several members', 'class A { a = 1; b = this.a; m() { this.a; } get g() { return this.a; } }', ['a', 'a']],
    ['in arrow functions', 'class A { a = 1; m = () => { this.a; [1].map(() => this.a); } }', ['a']],
    ['of a class that is an expression', 'const A = class { a = 1; m() { this.a; this.a; } };', ['a']],
    ['private by a name of their own', 'class A { #a = 1; m() { this.#a; this.#a; } }', ['#a']],
    [
      'of the static side alone',
      'class A { static a = 1; static { this.a; } static m() { this.a; } n() { this.a; } }',
      ['a'],
    ],
    ['where this is handed on', 'class A { a = 1; m() { new B(this); this.a; x.y = this; return this.a; } }', ['a']],
  ])('%s', (_what, text, names) => {
    expect(sharedOf(text)).toEqual(names);
  });

  it.each([
    ['two classes have', 'class A { a = 1; m() { this.a; } } class B { a = 1; m() { this.a; } }'],
    ['a class in a method has, too', 'class A { a = 1; m() { this.a; return class { a = 1; n() { this.a; } }; } }'],
    ['a function has a this of its own for', 'class A { a = 1; m() { this.a; return function () { this.a; }; } }'],
    ['an object has, too', 'class A { a = 1; m() { this.a; return { a: 1, n() { return this.a; } }; } }'],
    ['this is said to be another for', 'class A { a = 1; m() { this.a; } n(this: B) { this.a; } }'],
    ['an instance is told apart by a class for', 'class A { a = 1; m() { if (this instanceof B) this.a; this.a; } }'],
    ['a property is tested for', "class A { a = 1; m() { if ('b' in this) this.a; this.a; } }"],
    ['a function may tell apart', 'class A { a = 1; m() { if (isB(this)) this.a; this.a; } }'],
    ['a constructor is compared for', 'class A { a = 1; m() { if (this.constructor === B) this.a; this.a; } }'],
    ['a decorator names', 'class A { a = 1; m(@D(this.a) x: X) { this.a; } }'],
    ['a computed name is made of', 'class A { a = 1; [this.a]() { this.a; } }'],
    ['stand in no class', 'function f() { this.a; this.a; } this.a; this.a;'],
  ])('but not those that %s', (_what, text) => {
    expect(sharedOf(text)).toEqual([]);
  });

  it('but not in JavaScript, where assignments declare them', () => {
    expect(sharedOf('class A { m() { this.a = 1; this.a; } }', 'a.js')).toEqual([]);
  });

  it('unless a predicate of this is declared', () => {
    expect(tableOf('interface A { isB(): this is B }').hasThisPredicate).toBe(true);
    expect(tableOf('class A { check(): asserts this is B {} }').hasThisPredicate).toBe(true);
    expect(
      tableOf('class A { self(): this { return this; } is(x: A): x is B { return true; } }').hasThisPredicate,
    ).toBe(false);
  });
});
