import { describe, expect, test } from 'vitest';
import { answerOf, indexed, linesOf } from './report-fixture.ts';

const PACKAGE = {
  'package.json': { name: 'shop', exports: './dist/index.js', scripts: { seed: 'node tasks/seed.js' } },
};

describe('dead code', () => {
  test('what a package offers lives, through barrels and their stars; the rest needs a use', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `export * from './all';\nexport { named } from './picked';\n`,
      'src/all.ts': `export const offered = () => shared();\nfunction shared() {}\nfunction forgotten() { shared(); }\n`,
      'src/picked.ts': `export const named = 1;\nexport const notPicked = 2;\nexport type { Shape } from './shape';\n`,
      'src/shape.ts': `export interface Shape { side: number }\n`,
    });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "function forgotten src/all.ts:3 - no uses; not exported",
        "variable notPicked src/picked.ts:2 - no uses; exported, but offered by no package",
        "interface Shape src/shape.ts:1 - no uses; exported, but offered by no package",
      ]
    `);
  });

  test('chains of dead code name their users; recursion keeps nothing alive', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `import { deep } from './deep';\nexport const live = 1;\nfunction first() { second(); }\nfunction second() { deep(); }\nfunction again(n: number): number { return again(n - 1); }\n`,
      'src/deep.ts': `export function deep() {}\n`,
    });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "function deep src/deep.ts:1 - only used by other dead code: second",
        "function first src/index.ts:3 - no uses; not exported",
        "function second src/index.ts:4 - only used by other dead code: first",
        "function again src/index.ts:5 - only used by itself; not exported",
      ]
    `);
  });

  test('functions passed as values, registered by module code, or wanted by a decorator live', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `import './routes';\nimport { Service } from './service';\nexport const names = [1].map(double);\nfunction double(n: number) { return n * 2; }\nexport type Api = Service;\n`,
      'src/routes.ts': `declare const app: { use(run: () => void): number };\nconst used = app.use(handle);\nfunction handle() {}\nconst idle = [never];\nfunction never() {}\n`,
      'src/service.ts': `declare function Inject(): (target: object, key: string) => void;\nexport class Service { @Inject() wanted() {} private hidden() {} open() {} }\n`,
    });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "variable used src/routes.ts:2 - no uses; not exported; its initializer runs all the same",
        "variable idle src/routes.ts:4 - no uses; not exported",
        "function never src/routes.ts:5 - only used by other dead code: idle",
        "method Service.hidden src/service.ts:2 - no uses",
      ]
    `);
  });

  test('members live where their base may be called: abstract, interface, generic', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `import { Box, Disk } from './shapes';\nimport type { Shape, Store } from './shapes';\nfunction total(shapes: Shape[]) { return shapes.map((s) => s.area()); }\nfunction keep<T extends Store<number>>(store: T) { store.put(1); }\nexport function main(): void { total([new Box()]); keep(new Disk()); }\n`,
      'src/shapes.ts': `export abstract class Shape { abstract area(): number; abstract name(): string; }
export class Box extends Shape { area() { return side(); } name() { return ''; } }
function side() { return 1; }
export interface Store<T> { put(item: T): void; drop(): void }
export class Disk implements Store<number> { put() { write(); } drop() { erase(); } toString() { return 'disk'; } }
function write() {}
function erase() {}
`,
    });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "method Shape.name src/shapes.ts:1 - no uses",
        "method Box.name src/shapes.ts:2 - no uses",
        "method Store.drop src/shapes.ts:4 - no uses",
        "method Disk.drop src/shapes.ts:5 - no uses",
        "function erase src/shapes.ts:7 - only used by other dead code: Disk.drop",
      ]
    `);
  });

  test('what could be called unseen is uncertain: foreign bases, and types of the same shape', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `import { Late, Loud } from './late';\nfunction run(job: { start(): void }) { job.start(); }\nexport function main(): void { run(new Loud()); throw new Late(); }\n`,
      'src/late.ts': `export class Late extends Error { describe() {} static make() {} }\nexport class Loud { start() {} stop() {} }\n`,
    });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "method Late.make src/late.ts:1 - no uses",
        "method Loud.stop src/late.ts:2 - no uses",
        "? method Late.describe src/late.ts:1 - no uses seen, but Late extends or implements something outside the workspace, which may call it",
        "? method Loud.start src/late.ts:2 - no uses seen, but it may be called as run.start, by its shape",
      ]
    `);
  });

  test('files: tests, scripts and configs run; islands are dead; what nobody imports is uncertain', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `export const one = 1;\n`,
      'src/main.test.ts': `import { helper } from './support';\nhelper();\n`,
      'src/support.ts': `export function helper() {}\nexport function spare() {}\n`,
      'src/types.test-d.ts': `function checked(): number { return 1; }\n`,
      'tasks/seed.ts': `export function seed() {}\n`,
      'vite.config.ts': `export default { plugins: [] };\n`,
      'src/island-a.ts': `import { b } from './island-b';\nexport const a = () => b();\n`,
      'src/island-b.ts': `import { a } from './island-a';\nexport const b = () => a();\n`,
      'src/alone.ts': `import { kept } from './kept';\nkept();\n`,
      'src/kept.ts': `export function kept() {}\n`,
    });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "file src/island-a.ts - imported only by files that nothing loads: src/island-b.ts",
        "file src/island-b.ts - imported only by files that nothing loads: src/island-a.ts",
        "function spare src/support.ts:2 - no uses; exported, but offered by no package",
        "? file src/alone.ts - no file imports it; no test, entry, script or config by its name",
      ]
    `);
  });

  test('modules that are imported as a whole are used in ways that nobody sees', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `import * as all from './all';\nimport * as some from './some';\nexport const keys = Object.keys(all);\nexport const one = some.one;\nexport const page = () => import('./page');\n`,
      'src/all.ts': `export const a = 1;\n`,
      'src/some.ts': `export const one = 1;\nexport const two = 2;\n`,
      'src/page.tsx': `export default function Page() { return null; }\n`,
    });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "variable two src/some.ts:2 - no uses; exported, but offered by no package",
      ]
    `);
  });

  test('without a package.json exports are uncertain, and a file that is not typed is never called dead', async () => {
    const folder = await indexed({
      'src/main.ts': `import { used } from './lib';\nused();\n`,
      'src/lib.ts': `export function used() {}\nexport function free() {}\nfunction own() {}\n`,
      'src/large.ts': `export function unknown() {}\n${'// filler\n'.repeat(150_000)}`,
    });
    const answer = answerOf(folder, { report: 'dead_code' });
    expect(linesOf(folder, { report: 'dead_code' })).toMatchInlineSnapshot(`
      [
        "function own src/lib.ts:3 - no uses; not exported",
        "? function free src/lib.ts:2 - no uses; exported, and no package.json says what is wanted outside",
        "? file src/large.ts - not typed (skipped: 1500029 bytes, more than the limit of 1000000), so its uses are unknown",
        "? file src/main.ts - no file imports it; no test, entry, script or config by its name",
      ]
    `);
    expect(answer.note).toMatchInlineSnapshot(
      `"no package.json names a source file as its entry, so that exports could be wanted outside: these are uncertain; uses in 1 files that are not typed are unknown"`,
    );
  });
});
