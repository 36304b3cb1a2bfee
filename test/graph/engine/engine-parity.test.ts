import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { edgeLines } from './edge-lines.ts';
import { expectSame } from './expect-same.ts';
import { extractFolder } from './extract-folder.ts';

/** The native compiler's API is not stable: it must keep saying what TypeScript 6 says. */

let base = '';

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-parity-')));
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function bothOf(root: string): Promise<readonly [GraphColumns, GraphColumns]> {
  const { columns: native } = await extractFolder(root, { engine: 'ts7' });
  const { columns: reference } = await extractFolder(root, { engine: 'ts-morph' });
  return [native, reference];
}

function expectAlike([native, reference]: readonly [GraphColumns, GraphColumns]): void {
  expectSame(native.nodes, reference.nodes);
  expectSame(placedEdges(native), placedEdges(reference));
  expectSame(native.files, reference.files);
  expect(native.unresolvedPackages).toEqual(reference.unresolvedPackages);
}

/** Every edge with the place where it is written. */
function placedEdges({ edges }: GraphColumns): string[] {
  const lines = Array.from({ length: edges.count }, (_, edge) =>
    [
      edges.kind[edge],
      edges.file[edge],
      edges.line[edge],
      edges.column[edge],
      edges.source[edge],
      edges.target[edge],
    ].join(' '),
  );
  return lines.toSorted();
}

describe('both engines find the same nodes, edges and gaps', () => {
  test.each(['test/fixtures/traps', 'test/fixtures/shop', 'src/runs', 'scripts'])('in %s', async (folder) => {
    expectAlike(await bothOf(fileURLToPath(new URL(`../../../${folder}`, import.meta.url))));
  });

  test.each(Object.entries(CASES()))('in %s', async (name, files) => {
    const root = join(base, name.replaceAll(/\W+/g, '-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const both = await bothOf(root);
    expectAlike(both);
    expect(edgeLines(both[0], 'calls', 'constructs', 'references').length).toBeGreaterThan(0);
  });
});

/** What the two compilers could see differently: offsets, symbols of several types, names given twice. */
function CASES(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return {
    'text beyond the first plane, with a byte order mark and carriage returns': {
      'a.ts': `\uFEFF// é 😀 𝒳\r\nexport const naïve = '😀😀';\r\nexport function 名前(): string { return naïve; }\r\n名前();\r\n`,
      'b.ts': `import { 名前 as other, naïve } from './a';\n/* 😀 */ other(); export const twice = naïve + naïve;\n`,
    },
    'properties of unions, intersections and spread objects': {
      'a.ts': `export interface A { x: number; only: string; run(): void }
export interface B { x: string; run(): void }
declare const either: A | B; either.x; either.run();
declare const both: A & B; both.x; both.run(); both.only;
declare const a: A; declare const b: Partial<B>;
const spread = { ...a, ...b }; spread.x; spread.run?.();
type Copy<T> = { [K in keyof T]: T[K] };
declare const copy: Copy<A>; copy.x; copy.run();
const { x, only: renamed } = a; export const sum = String(x) + renamed;
`,
    },
    'properties that every object has, and those of plain values and of type parameters': {
      'a.ts': `declare global { interface Object { mine: number } interface Function { own(): void } interface String { text(): string } }
export interface A { x: number; run(): void }
const { mine } = { a: 1 }; const { own, mine: more } = (): void => {}; const { text, length } = 'a'; const { missing } = 'a' as any;
export function f<T extends A, K extends keyof T>(t: T, k: K): T { const { x, run } = t; run(); return { ...t, x, run, mine, [k]: t[k] }; }
const given: Partial<A> & { y?: string } = { x: 1, y: 'b', mine: 2 }; const either: A | Record<string, unknown> = { x: 1, run() {} };
f<A, 'x'>({ x: 1, run() {} }, 'x'); export const all = [mine, own, more, text(), length, missing, given, either];
`,
    },
    'classes with inherited constructors, statics, generics and mixins': {
      'a.ts': `export class Base<T> { constructor(protected readonly value: T) {} static of<T>(this: new (value: T) => Base<T>, value: T) { return new this(value); } get size(): number { return 1; } run(): void {} }
export class Kid extends Base<string> { override run(): void { super.run(); } override get size(): number { return 2; } }
export class Grandkid extends Kid { constructor() { super('x'); } }
new Kid('a'); new Grandkid(); Kid.of('b');
type Constructor = new (...args: any[]) => Base<string>;
const Mixin = <B extends Constructor>(Parent: B) => class extends Parent { extra(): void { this.run(); } };
class Mixed extends Mixin(Kid) { override run(): void { this.extra(); } }
new Mixed('c').run();
export const Held = class Inner { static make(): Inner { return new Inner(); } };
Held.make();
`,
    },
    'declarations that merge': {
      'a.ts': `export interface Merged { a: string }
export class Merged { b = 1; m(): void {} }
export namespace Merged { export const c = 1; }
const m = new Merged(); m.a; m.b; m.m(); Merged.c;
export function overloaded(a: string): void; export function overloaded(a: number): void; export function overloaded(a: unknown): void { void a; }
overloaded(1); export enum E { One, Two = One } E.One;
declare global { interface Array<T> { mine(): T } } [1].mine(); [1].map(String);
`,
    },
    'modules of every kind': {
      'tsconfig.json': '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "allowJs": true } }',
      'lib.ts': `export const one = 1; export default function main(): void {} export * as self from './lib'; export type T = string;`,
      'barrel.ts': `export { one as uno, default as principal } from './lib'; export * from './lib'; export * as lib from './lib';`,
      'use.ts': `import principal, * as all from './lib';\nimport { uno, lib, principal as p, type T } from './barrel';\nimport type { one } from './lib';\nprincipal(); all.default(); p(); lib.default(); all.self.one; export const x: T | typeof one = String(uno);\nconst { one: taken, default: run } = await import('./lib'); run(); taken; const { self } = all; self.one; (await import('./lib')).default();\nexport { x as y, uno };\n`,
      'common.js': `const { helper, value: renamed } = require('./other'); const whole = require('./other'); helper(); whole.helper(); renamed; exports.go = function () { helper(); }; module.exports.stop = () => whole.value;\n`,
      'other.js': `const value = 1; function helper() {} class Thing { run() { helper(); } } module.exports = { helper, value, Thing, inline() { helper(); } };\n`,
      'third.js': `const { Thing, inline } = require('./other'); const { go } = require('./common'); new Thing().run(); inline(); go(); require('./common').stop();\n`,
    },
    'locals with names that are declared elsewhere, and outside of their reach': {
      'global.ts': `declare function task(): string;\ndeclare const key: (of: unknown) => ParameterDecorator;\n`,
      'names.ts': `export const index = 1; export function item(): number { return index; } export class Field { value = 1; run(): void {} }\nexport function step(): number { return 1; }\n`,
      'a.ts': `import { item, step as next } from './names';
export function inside(value: number, { run, index = item() }: { run(): void; index?: number }): number { const field = value; run(); return field + index; }
export function outside(): string { { const task = (): string => ''; task(); } return task(); }
export function loops(list: number[]): number { let sum = 0; for (const value of list) sum += value; for (let index = 0; index < 1; index++) sum += index; return sum; }
export class Owner { constructor(private readonly value: number, run = value) { this.value; value; run; } method(@key(next) next: number): number { return next; } }
export function shadows(item: () => number): number { return item() + next(); }
export async function taken(): Promise<number> { const { item: index, step } = await import('./names'); return index() + step(); }
export const caught = (): string => { try { return task(); } catch (value) { return String(value); } };
inside(1, { run() {} }); outside(); loops([]); shadows(item); void taken(); new Owner(1).method(2); caught();
`,
    },
    'names that one use of could speak for the others, and names that none could': {
      'lib.ts': `export interface Both { a: number }\nexport const Both = { a: 1 };\nexport class Base { constructor(readonly kind: string) {} help(): void {} }\nexport class Bare extends Base {}\nexport default class Main { constructor() {} }\nexport { hidden as shown };\nfunction hidden(): void {}\nexport function shown2(): void {}\nexport enum Level { Low, High = Low }\nexport namespace Space { export class Base { constructor() {} } export const one = 1; }\nexport function twice(a: string): void; export function twice(a: number): void; export function twice(a: unknown): void { void a; }\n`,
      'star.ts': `export * from './lib'; export function hidden(): string { return ''; }\n`,
      'a.ts': `import Main, { Both, Base, Bare, shown, Level, Space, twice } from './lib';
import { hidden, Base as Again } from './star';
import * as lib from './lib';
new Base('x'); new Bare('y'); new Again('z'); new Main(); new lib.Base('q'); new Space.Base(); twice(1); twice('2'); shown(); hidden();
const first: Both = Both; const second: Both = { a: Both.a + Level.High }; export const third = [first, second, Both, Level.Low, Space.one];
export class Heir extends lib.Base implements Both { a = 1; static Base = 2; method(): Base { return new Base(String(Heir.Base)); } }
export class Deep extends lib.Space.Base { kind(): typeof lib.Base { return lib.Base; } }
export function shadowed(Base: () => void): void { Base(); }
export function taken({ twice }: { twice: () => void }): void { twice(); { const { shown } = lib; shown(); } }
export function typed<Both>(of: Both): Both { return of; }
export enum Own { twice, other = twice, last = Level.High }
export const narrow = (of: unknown): void => { if (of instanceof Base) of.help(); else if (of instanceof Bare) of.help(); };
label: for (const Level of [1]) { if (Level) break label; }
`,
      'b.ts': `import { Both } from './lib';\ndeclare module './lib' { interface Both { b: string } }\nnamespace Local { export const Both = 1; export const inner = Both; }\nexport const all: Both = { a: 1, b: String(Local.inner) };\n`,
    },
    'members of this, in places where it is known to be more': {
      'a.ts': `export class Base<T> { value!: T; kind = 'base'; #own = 1; static kind = 'static'; static make(): string { return this.kind + this.name; }
  run(): void { this.value; if (this instanceof Heir) { this.kind; this.extra; } else { this.kind; } this.kind; this.#own; this.#own; }
  tell(): unknown { if (isOther(this)) return this.kind; if (this.constructor === Heir) return this.kind; if ('extra' in this) return this.extra; return this.value ?? this.kind; }
  other(this: Other): string { return this.kind + this.extra; }
  late = (): unknown => { const inner = class { kind = 2; show(): number { return this.kind; } }; return [this.kind, function (this: Other) { return this.kind; }, { kind: 3, get me() { return this.kind; } }, new inner(), this.value]; };
  get both(): string { return this.kind + this.run.name; } set both(to: string) { this.kind = to; this.run(); }
}
export class Heir extends Base<string> { override kind = 'heir'; extra = 1; constructor() { super(); this.kind; this.value; this.value; super.run(); } static { this.make(); this.kind; this.kind; } }
export interface Other { kind: string; extra: number; value: unknown }
export function isOther(of: object): of is Other { return 'extra' in of; }
`,
    },
    'members of this, with a predicate of it': {
      'is.ts': `export interface Sized { size: number; name: string }
export class Entry { name = ''; isSized(): this is this & Sized { return 'size' in this; } check(): asserts this is Sized { void this; } }
`,
      'a.ts': `import { Entry } from './is';
export class Own extends Entry { size = ''; show(): unknown { this.name; if (this.isSized()) return [this.size, this.name]; return [this.size, this.name]; } sure(): unknown { this.size; this.check(); return [this.name, this.size]; } }
`,
    },
    'imports by which the texts of two files say all, and others': {
      'package.json': '{ "type": "module" }',
      'tsconfig.json':
        '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext", "strict": true } }',
      'lib.ts': `export class Made { constructor(readonly of = 1) {} }\nexport class Bare extends Made {}\nexport interface Shape { side: number }\nexport type Side = Shape['side'];\nexport const value = 1, other = 2;\nexport enum Level { Low }\nexport function run(): void {}\nfunction inner(): void {}\nexport { inner, value as renamed };\nexport default class Main {}\n`,
      'old.cts': `export class Old { constructor() {} }\nexport const kept = 1;\n`,
      'more.ts': `import { Made } from './lib.js';\ndeclare module './old.cjs' { interface Old { more: number } }\nexport const more = (of: import('./old.cjs').Old): number => of.more + new Made().of;\n`,
      'use.ts': `import Main, { Made, Bare, type Shape, Side, value, value as again, other, Level, run, inner, renamed } from './lib.js';
import { Old, kept } from './old.cjs';
import * as all from './lib.js';
run(); run(); inner(); new Made(); new Made(2); new Bare(); new Bare(); new Main(); new Old(); all.run(); value; again; other; kept; renamed; Level.Low;
export const shape: Shape = { side: value }; export const side: Side = { value, other }.value; export const list = [value, Level.Low, Level.Low, run];
export class Heir extends Bare implements Shape { side = other; constructor() { super(); } static made: Made = new Made(); }
export function shadow(value: number, { other }: { other: number }): number { const run = (): number => value; return run() + other; }
export function deep(): unknown { class Made {} return new Made(); }
export { value as given, Made }; export type { Shape };
`,
      'merged.ts': `import { run, value, Level } from './lib.js';\nnamespace Space { export const value = 'mine'; export const seen = value; }\nrun(); value; Space.seen; enum Mine { Low = Level.Low, value = 3, also = value }\nMine.also;\n`,
      'again.ts': `export { run, Made as Renamed } from './lib.js'; import { run, Renamed } from './again.js'; run(); new Renamed();\n`,
    },
    'what is missing': {
      'a.ts': `import gone, { lost } from 'not-installed'; import './nowhere'; import { absent } from './b';\ngone(); lost.deep(); absent(); nobody(); const { z } = lost; z; export const o = { gone, lost };\nlocal(); function local(): void {}\n`,
      'b.ts': `export const present = 1;\n`,
      'broken.ts': `export function fine(): void {}\nfine();\nexport function broken( {\n`,
    },
    'markup and decorators': {
      'tsconfig.json':
        '{ "compilerOptions": { "jsx": "preserve", "experimentalDecorators": true, "module": "esnext", "moduleResolution": "bundler" } }',
      'jsx.d.ts': `declare namespace JSX { interface IntrinsicElements { div: { title?: string } } interface Element {} }`,
      'a.tsx': `export function Button(props: { label: string; onPress?: () => void }) { return <div title={props.label} />; }
export const ns = { Button };
const press = () => {};
export const page = <><Button label="x" onPress={press} /><ns.Button label="y" /></>;
function logged(target: unknown, key: string): void { void target; void key; }
export class Service { @logged run(): void {} #secret = 1; reveal(): number { return this.#secret; } ['computed'](): void {} }
new Service()['run'](); new Service()?.reveal(); new Service()['computed']();
`,
    },
  };
}
