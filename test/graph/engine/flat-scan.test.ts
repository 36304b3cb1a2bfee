import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileFactsOf } from '../../../src/graph/engine/file-facts.ts';
import { scanFile } from '../../../src/graph/engine/file-scan.ts';
import type { FlatScan } from '../../../src/graph/engine/flat/flat-scan.ts';
import { NativeScanner } from '../../../src/graph/engine/native-scanner.ts';
import { NativeSession } from '../../../src/graph/engine/native-session.ts';
import { CANDIDATE_ROLES } from '../../../src/graph/type-source.ts';
import { expectSame } from './expect-same.ts';
import { OWN_FOLDERS, ownSources } from './own-sources.ts';
import { ROUTE_FILES } from './route-files.ts';

/** Whatever TypeScript 6 sees in a file, the scan over the native compiler's table must see too: the same, to the letter. */

let base = '';

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-flat-')));
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function flatScans(root: string, paths: readonly string[]): Promise<(FlatScan | undefined)[]> {
  const session = new NativeSession({ root, overlay: () => undefined, environment: {} });
  try {
    const scanner = new NativeScanner(
      root,
      paths.map((path) => `${root}/${path}`),
    );
    return paths.map((path, index) => scanner.scan(session, index, path));
  } finally {
    await session.close();
  }
}

function referenceScan(root: string, path: string): Pick<FlatScan, 'scan' | 'facts'> {
  const text = ts.sys.readFile(`${root}/${path}`) ?? '';
  const file = ts.createSourceFile(`${root}/${path}`, text, ts.ScriptTarget.Latest, true);
  const scanned = scanFile(file, path);
  return { scan: scanned.scan, facts: fileFactsOf(scanned, file) };
}

async function expectSameScans(root: string, paths: readonly string[]): Promise<void> {
  const flat = await flatScans(root, paths);
  for (const [index, path] of paths.entries()) {
    const { scan, facts } = flat[index] ?? {};
    expectSame({ path, scan, facts }, { path, ...referenceScan(root, path) });
  }
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), text);
  }
}

describe('the scan over the flat table sees what the reference sees', () => {
  test.each(OWN_FOLDERS)('in %s', async (folder) => {
    const { root, paths } = await ownSources(folder);
    await expectSameScans(root, paths);
  });

  test('in all kinds of odd files', async () => {
    const files = { ...ROUTE_FILES, ...ODD_FILES() };
    await write(files);
    await expectSameScans(base, Object.keys(files));
  });

  test('with references in every role, so that the comparison compares something', async () => {
    const files = { ...ROUTE_FILES, ...ODD_FILES() };
    await write(files);
    const scans = await flatScans(base, Object.keys(files));
    const roles = new Set(scans.flatMap((each) => [...(each?.scan.candidates.role ?? [])]));
    expect(roles.size).toBe(CANDIDATE_ROLES.length);
    const kinds = new Set(scans.flatMap((each) => each?.scan.nodes.map(({ kind }) => kind) ?? []));
    expect([...kinds].toSorted()).toMatchInlineSnapshot(`
      [
        "accessor",
        "class",
        "component",
        "constructor",
        "enum",
        "function",
        "interface",
        "method",
        "module",
        "namespace",
        "property",
        "route",
        "test",
        "type",
        "variable",
      ]
    `);
  });
});

test.each(['()', '[]'])('20,000 nested %s overflow no stack', async ([open = '', close = '']) => {
  const path = `deep-${open.codePointAt(0)}.ts`;
  const deep = `${open.repeat(20_000)}1${close.repeat(20_000)}`;
  await write({ [path]: `export const deep = ${deep};\nexport const last = deep;\n` });
  const [flat] = await flatScans(base, [path]);
  expect(flat?.scan.nodes.map(({ name }) => name)).toEqual(['deep', 'last']);
  expect(flat?.facts.texts).toEqual(['deep']);
});

test('a file that is gone has no scan', async () => {
  expect(await flatScans(base, ['never-written.ts'])).toEqual([undefined]);
});

function ODD_FILES(): Record<string, string> {
  return {
    'letters.ts': `/** Grüße an \u{1F600} alle. */\nexport const größe = '\u{1F600}';\nexport function \\u0061bc(): void {}\nabc(); größe; export const 变量 = größe;\nconst t = { '\\ud83d': 1 }; t['\\ud83d'];\n`,
    'bom.ts': `\uFEFF/** Marked. */\nexport const marked = 1;\nmarked;\n`,
    'returns.ts': `/** One.\r\n *\r\n * Two. */\r\nexport function crlf(\r\n  a: number,\r\n): number {\r\n  return a;\r\n}\r\ncrlf(1);\r`,
    'breaks.ts': `export const a = 1;\u2028export const b = a;\u2029b;\rexport const c = b;\n`,
    'shebang.ts': `#!/usr/bin/env node\nexport const x = 1;\nx;\n`,
    'conflict.ts': `export const a = 1;\n<<<<<<< ours\nexport const b = a;\n=======\nexport const c = a;\n>>>>>>> theirs\nexport const d = a;\n`,
    'broken.ts': `export class { m( { } }\nfunction (x { return }\nimport { from ;\nexport const = 5;\nlet a: = ;\n@ class Q {}\nx.; new ; f(,);\n`,
    'view.tsx': VIEW,
    'decorated.ts': DECORATED,
    'shapes.ts': SHAPES,
    'exports.ts': EXPORTS,
    'default-class.ts': `export default class extends Base<string> implements Other { static s = 1; }\n`,
    'default-function.ts': `/** Doc. */\nexport default async function () {}\n`,
    'default-object.ts': `export default { a: 1, b() {}, get c() { return 1; }, ['d']: 2, e: () => 1, f };\n`,
    'default-name.ts': `const value = 1;\nexport default value;\n`,
    'default-call.ts': `/** Made. */\nexport default defineThing({ a() {}, b: 1 });\n`,
    'equals.ts': `import other = require('./exports');\nimport alias = other.deep.name;\nexport import shown = alias.x;\nexport = alias;\n`,
    'docs.ts': DOCS,
    'module.cjs': COMMON_JS,
    'typed.js': TYPED_SCRIPT,
    'types.d.ts': `declare module 'quoted' { export function f(): void; }\ndeclare global { interface Window { x: import('./shapes').Shape } }\ndeclare function over(a: string): void;\ndeclare function over(a: number): void;\nexport as namespace Lib;\nexport declare const enum E { A = 1 << 2, 'b-c' = A }\n`,
    'titles.test.ts': TITLES,
    'bound.ts': BOUND,
  };
}

const VIEW = `import * as React from 'react';
export const Plain = () => <div a-b={x} {...rest}>text {Plain} <Plain.Inner<string> key="k" /></div>;
export const Memo = React.memo(function Inner() { return <><ns:tag ns:attr="1" /></>; });
export function lower() { return <Memo />; }
export class View extends React.Component<Props> { render() { return <Plain>{this.props.children}</Plain>; } }
export const other = forwardRef((p) => <a />), Named = styled(Plain)\`x\${Memo}\`;
`;

const DECORATED = `import { Injectable, Inject } from './decorators';
@Injectable() @ns.plain @(wrapped)
export class Service<T extends object = {}> extends mixin(Base)<T> implements ns.Other, One {
  @Inject('x') readonly field: string = 'a';
  #hidden = 1; static #also; static { Service.count = 1; }
  declare ambient: number; abstract later(): void; accessor auto = 1;
  constructor(@Inject() private readonly dep: Dep, public other = dep, plain: number) { super(dep); this.#hidden; new this.Type(); }
  get value(): T { return super.value; } set value(v: T) {}
  static get value() { return 1; }
  overload(a: string): void; overload(a: number): void; overload(a: unknown): void { a; }
  ['computed']() {} [Symbol.iterator]() {} 'quoted'() {} 12() {} async *gen() { yield* this.gen(); }
  static make() { return new this(); } [key: string]: unknown; ;
}
export abstract class Late { protected abstract x?: number; private y!: string; }
const Expr = class Named extends Service<string> { m() {} };
export const Other = class { constructor(private a: A) {} };
`;

const SHAPES = `export enum Color { Red, Green = 'g', Blue = Red | 1, 'quoted' = 3 }
export namespace a.b.c { export const x = 1; export namespace d { export function f() {} } }
declare namespace Empty {}
export interface Shape<K extends keyof Shape = any> extends ns.Base<K>, Other { (a: string): void; new (a: X): Shape; readonly [key: string]: unknown; method?(a: K): asserts a is string; get p(): string; set p(v: string); 'q-r': typeof value; [Symbol.iterator](): void }
export type Mapped<T> = { readonly [P in keyof T as \`x\${P & string}\`]?: T[P] extends infer U extends string ? U : never };
export type Tuple = [first: A, second?: B, ...rest: C[]]; export type Key = Shape['p' | 'q']['length']; type One = Shape['q-r'];
export type Imp = import('./docs').Thing<A>; export type ImpOf = typeof import('./docs'); type Q = typeof ns.value<string>; type G = ns.Type.Deep;
export function is(this: Shape, x: unknown): x is Shape { return (x as Shape).p === (<Shape>x)!.p satisfies boolean; }
function over(a: string): void; function over(a: number): void; function over(a: unknown): void { over; }
function over2() {} function over2() {} interface over2 {} namespace over2 {}
export const fn = async <T,>(a: T): Promise<T> => a, val = class {}, un = undefined as unknown as Shape; export let z: Shape, y = fn<Shape>(z); export var w;
export const arrow = function named() { return named; }; using res = open(); label: for (const k of []) { break label; }
const obj = { a: 1, b() {}, get c() { return 1; }, set c(v) {}, 'd-e': () => obj, 5: 2, [fn.name]: 3, fn, ...val, nested: { deep: 1 } } as const;
export const sat = ({ one: () => 1 }) satisfies Shape; obj['a']; obj[\`b\`]; obj.a!.b?.c?.(); new ns.Type<Shape>(); new obj['a'](); tag\`x\`; ns.tag<Shape>\`\${fn}\`; import.meta.url; new.target; (fn)(); (fn as any)(1); void 0;
export { obj as 'string name', obj as default };
`;

const EXPORTS = `import def, * as all from './shapes'; import type { Shape as S, Color } from './shapes'; import { default as d, type Key } from './shapes'; import './side'; import json from './x.json' with { type: 'json' };
export { S, def as renamed, type Key }; export * from './docs'; export * as everything from './docs'; export { Thing, other as more, default } from './docs'; export type { T1 } from './docs';
const lazy = await import('./docs'); const { part, whole: w2 } = await import('./docs'); const { Color: C2, ...others } = all; import(\`./docs\`); require('./docs');
export const { a, b: { c = 1, ...rest }, [key]: computed, ...more } = all, [x, , [y] = [], ...zs] = [];
({ a, b: all.x } = rest); export default (def);
`;

const DOCS = `/** Before everything. */

/** The last of two. @internal */
export function two() {}
/**
 * First line with {@link Thing} and {@linkcode two | text}, {@linkplain https://x.y/z page}.
 *   * a star, a \`{@link not}\`, an em@il.com, { brace }
 *
 * Second paragraph.
 * @param a tag
 */
export const Thing = (/** inner */ a: string, /** @type {x} */ b) => a;
/** Only a tag. @deprecated use {@link two} */
export class C { /** Field. */ f = /** value */ 1; /** Method\tdoc */ m(/** p */ private q) {} /** get */ get g() { return 1 } /** set */ set g(v) {}
  /**no space*/ n() {}
  /***/ o() {} /****/ p2() {} /** @x */ r() {}
  constructor(/** Shown. */ readonly shown: string) {} }
/** Statement. */ /* no doc */ // neither
export const one = 1, /** second */ second = 2;
/** Enum. */ enum E { /** A. */ A, B /** after */ }
/** Nested. */ namespace N.M { /** in */ export const v = 1; }
/**
 * {@link Thing}
 *
 *
 * rest
 */
export type T = /** deep */ string;
/** {@link Thing.a.b} {@link Thing#m} {@link} {@link Thing text} {@link
 * Thing} end */
export interface I { /** prop */ p: string; /** call */ (): void }
/** Assigned. */ export default /** inner */ (/** value */ { /** member */ x: 1, /** meth */ y() {} });
/** ${'long '.repeat(120)} */
export let long: string;
`;

const COMMON_JS = `#!/usr/bin/env node
'use strict';
const fs = require('fs'), { join, resolve: abs, ...rest } = require('path'); const { deep: { a } } = require('x'); let notRequire = require;
/** Exported. */ exports.one = function one() {}; exports.two = one; exports.three = exports.four = 1; exports.zero = void 0; exports.prototype = {};
module.exports.five = class Five extends fs.Stats {}; module.exports = { one, two: fs, three: 3, m() {}, get g() { return 1; }, 'q': one, [x]: one, nested: { one } };
module.exports = one; exports['six'] = 1; this.seven = 1; Foo.prototype.bar = function () {}; Object.defineProperty(exports, '__esModule', { value: true });
function Foo() { this.x = 1; new this(); } exports.default = Foo; exports.call = make(); if (module.exports) { exports.late = fs.x; }
`;

const TYPED_SCRIPT = `/** @typedef {{ a: number, b?: Foo }} Both what it is */
/** @typedef {object} Big
 * @property {string} name the name
 * @property {(root: string) => Both} make
 */
/** @callback Cb @param {number} n @returns {void} */
/** @import { Thing } from './docs' */
/** Doc.
 * @template {object} T @param {T} x @param {string} [y] @returns {Both} */
export function f(x, y = 'a') { return /** @type {any} */ (x); }
/** @type {Cb} */ export const cb = (n) => {}; /** @type {Cb} */ function declared(a, b) {}
/** @type {import('./docs').Thing} */ let v = /** @type {Big} */ (/** @type {unknown} */ (cb)).make();
/** @satisfies {Both} */ export const sat = { a: 1, m() {} }; /** @overload @param {string} a */ /** @overload @param {number} a */ export function over(a) {}
/** @extends {Base<string>} @implements {Foo} */ export class K extends Base { /** @private @readonly @type {string} */ p = 'x'; /** @override */ m() {} /** @this {K} @param {...number} n */ v(...n) { return this; }
  /** @param {string} s */ constructor(s) { super(); /** @type {number} */ this.n = 1; } /** @returns {asserts this is K} */ q() {} }
/** @enum {number} */ export const En = { A: 1 }; /** @type {Both} */ export default { a: 1 };
/** @param {{a: string}} o @param {string} o.a */ function obj({ a }) { /** @type {Both} */ return a; } /** @this {Window} */ function self() {} cb(); new K(); f(v);
`;

const TITLES = `describe('a suite', () => { it(\`plain title\`, async () => {}); it(\`with \${value} inside\`, function () { f(); });
  it.each([1])('each %s', (n) => { n; }); test.only('x'.repeat(3), () => {}); it('no callback'); it('opts', { timeout: 1 }, () => {}); describe.skip(\`long ${'x'.repeat(250)}\`, () => {});
  it.each\`a|b\`('table', () => {}); other('not a test', () => {}); bench('b', () => {}, {}); it('esc\\'aped \\n \\u00e9', () => {}); /** doc */ it('documented', () => {}); });
const kept = it('kept', () => {});
`;

const BOUND = `import * as ns from './shapes'; import { obj } from './shapes';
const { a, b: { c }, d = a, ...e } = ns; const [f, { g }] = obj; function h({ i, j: k = i }: { i: string }, [l] = [], ...m) { const { n } = ns; ({ n, o: k } = m); return { i, k, n }; }
for (const { p } of obj) p; try {} catch ({ message }) { message; } let { q } = require('./x'); const { r } = await ns; var { [a]: s, 'quoted': t, 0: u } = obj;
export const { v: { w: [x2] } } = ns; export const { y2 = () => a, z2 = class {} } = ns, plain = ns['a'].b['c'];
`;
