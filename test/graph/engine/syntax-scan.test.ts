import { readFile } from 'node:fs/promises';
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { scanFile } from '../../../src/graph/engine/file-scan.ts';
import { scanFlat } from '../../../src/graph/engine/flat/flat-scan.ts';
import { parseSyntax } from '../../../src/graph/engine/syntax/syntax-parser.ts';
import { expectSame } from './expect-same.ts';
import { OWN_FOLDERS, ownSources } from './own-sources.ts';
import { ROUTE_FILES } from './route-files.ts';

/** What the compiler's own tree shows, the parser without types must show too: else ids would change with the types. */

function expectSameScan(path: string, text: string): void {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const { scan } = scanFlat(parseSyntax(path, text).tree, path);
  expectSame({ path, scan }, { path, scan: scanFile(file, path).scan });
}

describe('a scan without types sees what the reference sees', () => {
  test.each(OWN_FOLDERS)('in %s', async (folder) => {
    const { root, paths } = await ownSources(folder);
    for (const path of paths) expectSameScan(path, await readFile(`${root}/${path}`, 'utf8'));
  });

  test.each(Object.entries({ ...ROUTE_FILES, ...ODD_FILES() }))('in %s', (path, text) => {
    expectSameScan(path, text);
  });
});

test('the first syntax error is told with its line', () => {
  expect(parseSyntax('a.ts', 'export const a = 1;\nexport const = 2;\n').error).toMatch(/^line 2: /);
  expect(parseSyntax('a.ts', 'export const a = 1;\n').error).toBeUndefined();
});

test.each([
  ['brackets', `export const deep = ${'[\n'.repeat(50_000)}${']\n'.repeat(50_000)};`],
  ['blocks', `${'{'.repeat(50_000)}${'}'.repeat(50_000)}`],
  ['signs', `export const deep = ${'!'.repeat(300_000)}1;`],
  ['arrows', `export const deep = ${'a=>'.repeat(150_000)}1;`],
  ['conditions', `${'if (a); else '.repeat(60_000)};`],
])('%s that would take more stack than there is are refused', (_, text) => {
  expect(() => parseSyntax('deep.ts', text)).toThrow('nested too deeply');
});

test('what people write is not refused, however long it is', () => {
  const sum = `export const sum = ${'1 + '.repeat(5000)}1;`;
  const calls = `export const made = start${'.then(next)'.repeat(500)};`;
  const { tree } = parseSyntax('long.ts', `${sum}\n${calls}\n`);
  expect(scanFlat(tree, 'long.ts').scan.nodes.map(({ name }) => name)).toEqual(['sum', 'made']);
});

function ODD_FILES(): Readonly<Record<string, string>> {
  return {
    'letters.ts': `/** Grüße an 😀 alle. */\nexport const größe = '😀';\nexport const 变量 = größe;\n`,
    'returns.ts': `/** One.\r\n *\r\n * Two. */\r\nexport function crlf(\r\n  a: number,\r\n): number {\r\n  return a;\r\n}\r\ncrlf(1);\r`,
    'shebang.ts': `#!/usr/bin/env node\nexport const x = 1;\nx;\n`,
    'members.ts': `export abstract class A<T extends B = C> extends ns.Base<T> implements One, two.Two<T> {
  @dec() private static readonly x?: number = 1;
  declare y: string; #z = 1; accessor w = 2; ['computed']() {} [Symbol.iterator]() {} 'quoted'() {} 1() {}
  constructor(private readonly p = 2, @inject() public q?: T, ...rest: T[]) { super(p); this.#z; super.m(); }
  get v() { return 1; } set v(to) {} static { this.x; } abstract m(a: string): void; abstract m(a: number): void;
  async *gen() { yield* other(); } [key: string]: unknown;
}
export const Held = class Inner<T> { static make() { return new Inner(); } };
`,
    'types.ts': `export type Mapped<T> = { readonly [K in keyof T as \`get\${string & K}\`]?: T[K] };
export type Cond<T> = T extends (infer U extends string)[] ? U : never;
export type Query = typeof value.inner | typeof import('./x') | import('./y').Z<string>['name'];
export function is(a: unknown): asserts a is Named; export function is(a: any, ...b: [first: string, second?: Named, ...rest: Named[]]): boolean { return true; }
export interface I extends J, k.K<L> { (a: string): void; new (a: string): I; m?(): void; readonly p?: string; get g(): number; set g(to: number); [key: string]: any }
export declare const c: unique symbol; let d = <Named>value; let e = value as const; let f = value satisfies Named; let g = value!.x?.y![0];
`,
    'patterns.ts': `export const { a, b: { c = 1, ...rest }, ['d']: d } = source, [e, , f = 2, ...g] = list;
({ a, b: target.x, c = 3, ...others } = source); [x, y.z = 4] = list; for (const { p } of items) p; for (q.r in s) {}
try { risky(); } catch ({ message }) { message; } function f2({ h, i: [j] }: Named = {}, k = h) { var l = j; label: for (;;) break label; }
x ||= y; x ??= y; x += 1; x++; --x; !x; delete x.y; void 0; typeof x; a, b, c; x = y = z; tag\`t\${a}u\`; new.target; import.meta.url;
`,
    'linkage.ts': `import def, * as all from './a'; import other, { one, two as three, type T } from './b'; import './c'; import type U from './d';
import eq = require('./e'); import alias = all.deep.name; export import shown = alias.x; export { one, three as four, def as default }; export * from './f'; export * as star from './g'; export { five, six as seven } from './h';
export default { a: 1, b() {}, get c() { return 1; }, ['d']: 2, e: () => 1, f };
const lazy = import('./i'); const { x } = await import('./j');
`,
    'namespaces.ts': `/** Outer. */ export namespace A.B.C { export const x = 1; /** Inner. */ export function f() {} } declare module 'quoted' { export function g(): void; } declare global { interface Window { y: 1 } } export declare enum E { One = 1 << 2, 'two', Three = One } export as namespace Lib;\n`,
    'view.tsx': `export const View = ({ a }: P) => <ns.Box {...a} title="x" onClick={press} data-x><b>text {a} {/* none */}</b><></><Item<string> render={() => <i />} /></ns.Box>;\nexport const Memo = memo(() => <View a={1} />);\nexport class Old extends React.Component { render() { return <this.x />; } }\n`,
    'docs.ts': `/** Not this. */
/** See {@link Other} and {@link Other|label}, {@link https://x.y}. Mail a@b.c, \`@code\`.
 * Second line @tag here
 */
export const first = 1, second = 2;
const /** inline */ third = 3; /** same line */ function fourth() {}
export interface Documented { /** on the line of the bracket */ a: string;
  /** proper */ b: string; /**
   * **Bold** start
   *
   * next */
  c(): void }
/** cast */ export const fn = /** inner */ (/** param */ p: string) => p;
/** @deprecated only tags */ export class Tagged { /** m */ @dec /** after */ m() {} }
/** assigned */ export default fn;
`,
    'module.cjs': `const { a, b: c } = require('./x'); const whole = require('./y'); exports.one = a; exports.two = function () { c(); }; module.exports = { a, c: whole, d() {}, e: 1 }; module.exports.three = () => 1;\n`,
    'script.js': `// @ts-check\n/** @type {string} */\nconst s = /** @type {any} */ (x); export const el = <div class="a">{s}</div>;\nexport class A { x = 1; static async *m() {} }\n`,
    'titles.test.ts': `describe('a', () => { it.each([1])(\`b \${1}\`, async () => { call(); }); test.only('c', function () {}); });\n`,
  };
}
