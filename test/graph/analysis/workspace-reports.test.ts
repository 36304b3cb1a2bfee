import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { readPackageEntries } from '../../../src/graph/package-entries.ts';
import { workspace } from '../discovery/workspace-fixture.ts';
import { answerOf, indexed, linesOf } from './report-fixture.ts';

const PACKAGE = { 'package.json': { name: 'shop', main: './lib/index.js' } };

describe('unused exports', () => {
  test('are those that no other file uses, whatever a barrel passes on', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `import { used, make } from './barrel';\nexport const main = () => [used(), make().open()];\n`,
      'src/barrel.ts': `export { used, passedOn } from './parts';\nexport * from './made';\n`,
      'src/parts.ts': `export const used = () => own();\nexport function own() {}\nexport const passedOn = 1;\nexport const nowhere = 2;\n`,
      'src/made.ts': `export interface Door { open(): void }\nexport interface Options { wide: boolean }\nexport function make(options?: Options): Door { return { open() {} }; }\n`,
      'src/main.test.ts': `import { forTests } from './checked';\nforTests();\n`,
      'src/checked.ts': `export function forTests() {}\n`,
    });
    expect(linesOf(folder, { report: 'unused_exports' })).toMatchInlineSnapshot(`
      [
        "function own src/parts.ts:2 - used in its own file only, 1 times",
        "variable passedOn src/parts.ts:3 - no uses at all; passed on by src/barrel.ts",
        "variable nowhere src/parts.ts:4 - no uses at all",
        "? interface Options src/made.ts:2 - used in its own file only, 1 times; another export is declared with it",
      ]
    `);
  });

  test('what a package offers, what runs by itself and what is passed on as a whole are none', async () => {
    const folder = await indexed({
      ...PACKAGE,
      'src/index.ts': `import * as all from './all';\nexport const offered = Object.keys(all);\n`,
      'src/all.ts': `export const one = 1;\n`,
      'src/page.ts': `export const metadata = {};\n`,
      'src/page.test.ts': `import './page';\n`,
    });
    expect(linesOf(folder, { report: 'unused_exports' })).toEqual([]);
  });
});

describe('layers', () => {
  const files = {
    'src/core/clock.ts': `import { serve } from '../server/http';\nimport type { Port } from '../server/port';\nexport const now = (p: Port) => serve(p);\n`,
    'src/server/http.ts': `import type { Port } from './port';\nexport const serve = (p: Port) => p;\n`,
    'src/server/port.ts': `export interface Port { number: number }\n`,
    'src/server/index.ts': `export { now } from '../core/clock';\n`,
  };

  test('each forbidden import is a finding with its rule; types are told', async () => {
    const folder = await indexed(files);
    const rules = ['src/core/** !> src/server/**'];
    expect(linesOf(folder, { report: 'layers', rules })).toMatchInlineSnapshot(`
      [
        "file src/core/clock.ts - imports src/server/http.ts at line 1; src/core/** may not import src/server/**",
        "file src/core/clock.ts - imports src/server/port.ts at line 2 (types only); src/core/** may not import src/server/**",
      ]
    `);
    expect(linesOf(folder, { report: 'layers', rules: ['src/ !> src/server'] })).toHaveLength(2);
    expect(answerOf(folder, { report: 'layers', rules: ['src/ui/** !> src/core'] })).toMatchObject({
      total: 0,
      note: 'src/ui/** or src/core matches no file',
    });
  });

  test('rules are needed, and have two sides', async () => {
    const folder = await indexed(files);
    expect(() => answerOf(folder, { report: 'layers' })).toThrow(AppError);
    expect(() => answerOf(folder, { report: 'layers', rules: ['src/core'] })).toThrow(
      '`src/core` is not a layering rule',
    );
  });
});

test('hubs are counted by their users, each once, and come in pages', async () => {
  const folder = await indexed({
    'src/log.ts': `export class Log { constructor(readonly name: string) {} write() { this.write(); } }\n`,
    'src/a.ts': `import { Log } from './log';\nexport function a() { const log = new Log('a'); log.write(); new Log('b'); }\n`,
    'src/b.ts': `import { Log } from './log';\nimport { a } from './a';\nexport function b(log: Log) { a(); return log.name; }\n`,
  });
  expect(linesOf(folder, { report: 'hubs' })).toMatchInlineSnapshot(`
    [
      "class Log src/log.ts:1 - used by 2 symbols in 2 files",
      "function a src/a.ts:2 - used by 1 symbols in 1 files",
      "property Log.name src/log.ts:1 - used by 1 symbols in 1 files",
      "method Log.write src/log.ts:1 - used by 1 symbols in 1 files",
    ]
  `);
  const first = answerOf(folder, { report: 'hubs', limit: 1 });
  const second = answerOf(folder, { report: 'hubs', limit: 1, cursor: first.nextCursor });
  expect([first.total, first.findings[0]?.name, second.findings[0]?.name]).toEqual([4, 'Log', 'a']);
  expect(answerOf(folder, { report: 'hubs', path: 'src/b*' }).note).toContain('elsewhere');
});

test('what many files use and no comment describes is undocumented; what few use, tests and private names are not', async () => {
  const names = ['bare', 'told', 'rare', 'Shape'];
  const lib = `export function bare() {}
/** Says it. */
export function told() {}
export function rare() {}
export interface Shape { size: number }
`;
  const users = Array.from({ length: 10 }, (_, at) => {
    const used = at === 0 ? names : names.filter((name) => name !== 'rare');
    const text = `import { ${used.join(', ')} } from './lib';\nexport const u${at} = (s: Shape) => [s, bare(), told()${at === 0 ? ', rare()' : ''}];\n`;
    return [`src/u${at}.ts`, text] as const;
  });
  const folder = await indexed({ 'src/lib.ts': lib, ...Object.fromEntries(users) });
  const answer = linesOf(folder, { report: 'undocumented' });
  expect(answer).toEqual([
    expect.stringMatching(/^function bare src\/lib\.ts:1 - used by \d+ symbols in 10 files$/),
    expect.stringMatching(/^interface Shape src\/lib\.ts:5 - used by \d+ symbols in 10 files$/),
  ]);
});

test('entries of packages are found by every way that manifests name them, and mapped to their sources', async () => {
  const root = workspace({
    'package.json': { bin: { tool: 'dist/src/cli.js' }, scripts: { seed: 'tsx tasks/seed.ts' } },
    'packages/a/package.json': {
      exports: { '.': { types: './dist/a.d.ts', import: './dist/a.js' }, './x/*': './dist/x/*.js' },
    },
    'packages/b/package.json': { module: './es/main.js', main: './lib/other.js' },
    'packages/broken/package.json': 'no JSON',
  });
  const paths = [
    'src/cli.ts',
    'packages/a/src/a.ts',
    'packages/a/src/x/one.ts',
    'packages/a/src/y.ts',
    'packages/b/src/main.ts',
  ];
  const entries = await readPackageEntries(root, [
    ...paths,
    'packages/b/src/other.tsx',
    'packages/broken/src/index.ts',
  ]);
  expect([...entries.files].toSorted()).toEqual([
    'packages/a/src/a.ts',
    'packages/a/src/x/one.ts',
    'packages/b/src/main.ts',
    'packages/b/src/other.tsx',
    'src/cli.ts',
  ]);
  expect(entries).toMatchObject({ areKnown: true, scripts: 'tsx tasks/seed.ts' });
  expect((await readPackageEntries(workspace({}), ['src/a.ts'])).areKnown).toBe(false);
});
