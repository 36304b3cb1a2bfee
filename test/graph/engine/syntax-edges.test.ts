import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROVENANCES } from '../../../src/graph/graph-schema.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { edgeLines } from './edge-lines.ts';
import { extractFolder } from './extract-folder.ts';

/** What syntax says stays true when the types are there: the same nodes, and no edge that they would take back. */

let base = '';
let turn = 0;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-syntax-')));
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<string> {
  turn += 1;
  const root = join(base, `workspace-${turn}`);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

async function bySyntax(root: string): Promise<GraphColumns> {
  return (await extractFolder(root, { engine: 'oxc' })).columns;
}

async function expectTrue(root: string): Promise<GraphColumns> {
  const syntax = await bySyntax(root);
  const { columns: typed } = await extractFolder(root, { engine: 'ts7' });
  expect(syntax.nodes).toEqual(typed.nodes);
  const known = new Set(edgeLines(typed));
  expect(edgeLines(syntax).filter((line) => !known.has(line))).toEqual([]);
  return syntax;
}

describe('syntax finds the nodes of the types, and no edge but theirs', () => {
  test.each(['test/fixtures/traps', 'test/fixtures/shop', 'src/runs', 'test/runs', 'bench'])(
    'in %s',
    async (folder) => {
      const columns = await expectTrue(fileURLToPath(new URL(`../../../${folder}`, import.meta.url)));
      expect(edgeLines(columns, 'calls').length).toBeGreaterThan(0);
    },
  );

  test.each(Object.entries(CASES()))('%s', async (_, { files, edges }) => {
    const columns = await expectTrue(await write(files));
    const found = edgeLines(columns).filter((line) => !/^(?:contains|exports) /.test(line));
    for (const edge of edges) expect(found).toContain(edge);
  });
});

test('files are known by syntax, edges say so, and what is not resolved is counted', async () => {
  const root = await write({
    'a.ts': `export interface Named { deep(): void }\nexport function run(): void {}\nconst made = JSON.parse('1'); made.deep();\nrun();\n`,
  });
  const columns = await bySyntax(root);
  expect(columns.engine).toBe('oxc');
  expect(columns.files).toMatchObject([{ state: 'syntax', note: '', unresolved: 1 }]);
  expect(edgeLines(columns, 'calls')).toEqual(['calls a.ts -> a.ts#run']);
  expect(new Set([...columns.edges.provenance].map((code) => PROVENANCES[code]))).toEqual(new Set(['syntax']));
});

test('a file that can not be parsed keeps its node, with the reason, and harms no other', async () => {
  const root = await write({
    'deep.ts': `export const deep = ${'[\n'.repeat(50_000)}${']\n'.repeat(50_000)};\n`,
    'user.ts': `import { deep } from './deep';\nexport const use = (): unknown => deep;\nuse();\n`,
  });
  const columns = await bySyntax(root);
  expect(columns.files).toMatchObject([
    { path: 'deep.ts', state: 'syntax', note: 'its types could not be resolved: nested too deeply to be parsed' },
    { path: 'user.ts', state: 'syntax', note: '' },
  ]);
  expect(edgeLines(columns, 'calls')).toEqual(['calls user.ts -> user.ts#use']);
});

test('names are never guessed, however unique they are', async () => {
  const root = await write({
    'a.ts': `export class Only { unique(): void {} }\n`,
    'b.ts': `export function take(value: { unique(): void }, other: any, third): void { value.unique(); other.unique(); third.unique(); unique(); }\n`,
  });
  expect(edgeLines(await bySyntax(root), 'calls', 'references')).toEqual([]);
});

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** Some that must be found. */
  readonly edges: readonly string[];
}

function CASES(): Readonly<Record<string, Case>> {
  return {
    'through barrels, aliases, stars and namespaces': {
      files: {
        'lib.ts': `export const one = 1; export default function main(): void {} export * as self from './lib';\n`,
        'more.ts': `export function helper(): void {}\nexport class Tool { run(): void {} }\n`,
        'barrel.ts': `export { one as uno, default as principal } from './lib'; export * from './more'; export * as lib from './lib';\n`,
        'use.ts': `import principal, * as all from './lib.js';\nimport { uno, lib, helper as help, Tool } from './barrel';\nexport function go(): void { principal(); all.default(); lib.default(); help(); new Tool().run(); uno; }\n(await import('./more')).helper();\nexport { uno, help as again };\n`,
      },
      edges: [
        'calls use.ts#go -> lib.ts#main',
        'calls use.ts#go -> more.ts#helper',
        'calls use.ts#go -> more.ts#Tool.run',
        'constructs use.ts#go -> more.ts#Tool',
        'references use.ts#go -> lib.ts#one',
        'calls use.ts -> more.ts#helper',
        're-exports use.ts -> more.ts#helper',
      ],
    },
    'through paths and packages of the workspace': {
      files: {
        'package.json': '{ "private": true, "workspaces": ["packages/*"] }',
        'packages/core/package.json': '{ "name": "@x/core", "exports": "./dist/index.js" }',
        'packages/core/src/index.ts': `export function shared(): void {}\n`,
        'packages/app/package.json': '{ "name": "@x/app" }',
        'packages/app/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./lib/*"] } } }',
        'packages/app/lib/near.ts': `export function near(): void {}\n`,
        'packages/app/src/main.ts': `import { shared } from '@x/core';\nimport { near } from '~/near';\nshared(); near();\n`,
      },
      edges: ['calls app/main.ts -> core/index.ts#shared', 'calls app/main.ts -> app/lib/near.ts#near'],
    },
    'by scopes: what shadows a name is meant': {
      files: {
        'a.ts': `export function taken(): void {}
export function outer(taken: () => void): void { taken(); }
export function inner(): void { { const taken = (): void => {}; taken(); } taken(); }
export function hoisted(): void { later(); function later(): void {} if (true) { var kept = taken; } kept; }
export type T = { taken: string }; export function typed<T>(value: T): T { return value; }
try { taken(); } catch (taken) { taken; } for (const taken of []) taken;
export namespace N { export const own = 1; export function f(): void { own; } } export namespace N { own; } N.f();
export enum E { A, B = A } E.B; class taken2 { taken = taken; }
`,
      },
      edges: ['calls a.ts#inner -> a.ts#taken', 'calls a.ts#hoisted -> a.ts#hoisted.later', 'calls a.ts -> a.ts#N.f'],
    },
    'by this, super, bases and private names': {
      files: {
        'base.ts': `export class Base<T> { constructor(protected readonly value: T) {} run(): this { return this; } static of(): void {} }\n`,
        'kid.ts': `import { Base } from './base'; import { Unknown } from 'nowhere';
export interface Runs { run(): void; stop(): void }
export class Kid extends Base<string> implements Runs { #secret = 1; override run(): this { super.run(); this.stop(); return this; } stop(): void { this.#secret; this.value; const f = () => this.run(); f(); } static make(): Kid { this.of(); return new this('x'); } other(o: Kid): void { o.#secret; } }
export class Grandkid extends Kid { constructor() { super('y'); } go(): void { this.run().stop(); Grandkid.of(); } }
export class Odd extends Unknown { run(): void { this.run(); this.missing(); super.run(); } }
function plain(this: Kid): void { this.stop(); } plain; new Kid('z');
`,
      },
      edges: [
        'calls kid.ts#Kid.run -> base.ts#Base.run',
        'calls kid.ts#Kid.run -> kid.ts#Kid.stop',
        'calls kid.ts#Kid.stop -> kid.ts#Kid.run',
        'references kid.ts#Kid.stop -> base.ts#Base.value',
        'references kid.ts#Kid.other -> kid.ts#Kid.#secret',
        'calls kid.ts#Kid.make -> base.ts#Base.of',
        'calls kid.ts#Grandkid.constructor -> base.ts#Base.constructor',
        'calls kid.ts#Grandkid.go -> kid.ts#Kid.stop',
        'overrides kid.ts#Kid.run -> base.ts#Base.run',
        'implements kid.ts#Kid.stop -> kid.ts#Runs.stop',
        'calls kid.ts -> base.ts#Base.constructor',
      ],
    },
    'by written types, and not past a check of the type': {
      files: {
        'a.ts': `export class Animal { speak(): void {} next?: Animal; get friend(): Animal { return this; } }
export class Dog extends Animal { override speak(): void {} }
export interface Shelter { readonly animal: Animal | undefined; find(name: string): Animal }
export type Alias = Shelter; export type Shape = { side: number };
declare const dog: unknown; function isDog(value: unknown): value is Dog { return value === dog; }
export function plain(animal: Animal, shelter: Alias, shape: Shape, list: Animal[]): void {
  animal.speak(); animal.next?.speak(); animal.friend.speak(); shelter.animal!.speak(); shelter.find('x').speak(); shape.side;
  (dog as Dog).speak(); for (const each of list) each.speak();
  const made = new Dog(); made.speak(); const { next } = made; next;
}
export function checked(pet: Animal): void { if (pet instanceof Dog) pet.speak(); }
export function guarded(beast: Animal): void { if (isDog(beast)) beast.speak(); }
export function generic<T extends Animal>(value: T, back: () => T): T { value.speak(); back().speak(); return value; }
generic(new Dog(), () => new Dog()).speak(); export class Box<T extends Animal> { constructor(readonly held: T) {} } new Box(new Dog()).held.speak();
`,
      },
      edges: [
        'calls a.ts#plain -> a.ts#Animal.speak',
        'calls a.ts#plain -> a.ts#Shelter.find',
        'calls a.ts#plain -> a.ts#Dog.speak',
        'references a.ts#plain -> a.ts#Shape.side',
        'calls a.ts#generic -> a.ts#Animal.speak',
      ],
    },
    'of scripts whose names are global': {
      files: {
        'one.ts': `function twice(): void {}\nfunction once(): void {}\ntwice(); once();\n`,
        'two.ts': `function twice(): void {}\ntwice();\n`,
      },
      edges: ['calls one.ts -> one.ts#once'],
    },
    'of markup, decorators and common modules': {
      files: {
        'tsconfig.json':
          '{ "compilerOptions": { "jsx": "preserve", "experimentalDecorators": true, "allowJs": true } }',
        'a.tsx': `export function Button(props: { label: string }) { return <b>{props.label}</b>; }
export const ns = { Button, plain: 1 }; export const page = <><Button label="x" /><ns.Button label="y" /></>;
function logged(target: unknown, key: string): void { void target; void key; }
export class Service { @logged run(): void {} } ns.plain;
`,
        'common.js': `const { helper, value: renamed } = require('./other'); const whole = require('./other'); helper(); whole.helper(); renamed; exports.go = function () { helper(); };\n`,
        'other.js': `const value = 1; function helper() {} class Thing { run() { helper(); } } module.exports = { helper, value, Thing };\n`,
        'thing.js': `class Thing { run() {} } module.exports = Thing;\n`,
        'third.js': `const { Thing } = require('./other'); const { go } = require('./common'); const Whole = require('./thing'); new Thing().run(); new Whole().run(); go();\n`,
      },
      edges: [
        'renders a.tsx#page -> a.tsx#Button',
        'decorates a.tsx#Service.run -> a.tsx#logged',
        'calls common.js -> other.js#helper',
        'calls common.js#go -> other.js#helper',
        'constructs third.js -> other.js#Thing',
      ],
    },
  };
}
