import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../src/core/log.ts';
import type { FixPlace, FixTarget } from '../../../src/fixers/fixer.ts';
import { TypescriptFixer } from '../../../src/fixers/typescript/typescript-fixer.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createFixWorkspace } from '../fix-workspace.ts';
import type { FixWorkspace } from '../fix-workspace.ts';

const OPTIONS = { target: 'es2022', lib: ['es2022'], types: [], module: 'esnext', strict: true, noEmit: true };
const log = createLog({ level: 'silent' });
const fixer = new TypescriptFixer({ log });

const workspaces: FixWorkspace[] = [];

function workspace(files: Readonly<Record<string, string>>): FixWorkspace {
  const created = createFixWorkspace({ 'tsconfig.json': JSON.stringify({ compilerOptions: OPTIONS }), ...files });
  workspaces.push(created);
  return created;
}

function error(code: number, line: number, path = 'a.ts'): FixTarget {
  return { source: 'typescript', rule: `ts/${code}`, path, line, message: 'as it was found' };
}

const TYPO = 'export function total(prices: number[]): number {\n  return prces.length;\n}\n';

describe('the TypeScript fixer, in its thread', () => {
  afterEach(() => {
    for (const each of workspaces.splice(0)) each.remove();
  });

  afterAll(() => fixer.close());

  it('knows errors of the compiler, and promises that nobody waits for', async () => {
    expect(fixer.canFix(error(2552, 2))).toBe(true);
    expect(fixer.canFix({ ...error(2552, 2), source: 'eslint', rule: 'eslint/no-floating-promises' })).toBe(true);
    for (const [source, rule] of [
      ['eslint', 'ts/2552'],
      ['typescript', 'eslint/no-debugger'],
      ['typescript', 'ts/x'],
    ] as const) {
      const other = { ...error(2552, 2), source, rule };
      expect(fixer.canFix(other)).toBe(false);
      expect(await fixer.fix(other, workspace({ 'a.ts': TYPO }).place)).toEqual([]);
    }
  });

  it('mends, is satisfied, sees what is written next, and goes over to another place', async () => {
    const one = workspace({ 'a.ts': TYPO });
    const [fix] = await fixer.fix(error(2552, 2), one.place);
    expect(fix).toMatchObject({ fixer: 'typescript:spelling', grade: 'auto' });
    one.apply(fix);
    expect(one.read('a.ts')).toBe(TYPO.replace('prces', 'prices'));
    expect(await fixer.fix(error(2552, 2), one.place)).toEqual([]);
    one.write({ 'a.ts': TYPO.replace('prces', 'pricse'), 'b.ts': TYPO });
    expect(await fixer.fix(error(2552, 2), one.place)).toHaveLength(1);
    expect(await fixer.fix(error(2552, 2, 'b.ts'), one.place)).toHaveLength(1);
    const two = workspace({ 'a.ts': TYPO.replaceAll('prices', 'parts').replace('prces', 'prats') });
    const [other] = await fixer.fix(error(2552, 2), two.place);
    expect(other?.edits[0]?.text).toContain('parts.length');
    expect(one.read('b.ts')).toBe(TYPO);
  });

  it('never suggests to silence the compiler', async () => {
    const compilerOptions = { ...OPTIONS, allowJs: true, checkJs: true };
    const wrong = '/** @param {number} size */\nexport const half = (size) => size / 2;\nhalf("wide");\n';
    const place = workspace({ 'tsconfig.json': JSON.stringify({ compilerOptions }), 'a.js': wrong }).place;
    expect(await fixer.fix(error(2345, 3, 'a.js'), place)).toEqual([]);
  });

  it('asks for earlier versions, and does without where they can not be read', async () => {
    const before = 'function add(a: number, b: number): number {\n  return a + b;\n}\nexport const two = add(1, 1);\n';
    const broken = workspace({ 'a.ts': before.replace(', 1);', ');') });
    const asked: string[] = [];
    const priorTexts: FixPlace['priorTexts'] = (path) => {
      asked.push(path);
      return Promise.resolve([before.replace(', 1);', ');'), before]);
    };
    const [fix] = await fixer.fix(error(2554, 4), { ...broken.place, priorTexts });
    expect(fix).toMatchObject({ fixer: 'lightdom:restore', grade: 'auto', edits: [{ path: 'a.ts', text: before }] });
    expect(asked).toEqual(['a.ts']);
    const unread = { ...broken.place, priorTexts: () => Promise.reject(new Error('It is no repository.')) };
    const offers = await fixer.fix(error(2554, 4), unread);
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('ends with the signal of its place', async () => {
    const place = workspace({ 'a.ts': TYPO });
    const ending = new AbortController();
    const fixing = failureOf(fixer.fix(error(2552, 2), { ...place.place, signal: ending.signal }));
    ending.abort();
    expect(await fixing).toMatchObject({ code: 'cancelled' });
    expect(await failureOf(fixer.fix(error(2552, 2), { ...place.place, signal: ending.signal }))).toMatchObject({
      code: 'cancelled',
    });
    expect(await fixer.fix(error(2552, 2), place.place)).toHaveLength(1);
  });

  it('knows nothing when it runs out of time or memory', async () => {
    const place = workspace({ 'a.ts': TYPO });
    const endless = workspace({ 'a.ts': `export const a = ${'['.repeat(3_000)}${']'.repeat(3_000)};` });
    const hasty = new TypescriptFixer({ log, timeoutMs: 3_000 });
    const small = new TypescriptFixer({ log, memoryMb: 16 });
    try {
      expect(await hasty.fix(error(2552, 1), endless.place)).toEqual([]);
      expect(await small.fix(error(2552, 2), place.place)).toEqual([]);
      expect(await small.fix(error(2552, 2), place.place)).toEqual([]);
    } finally {
      await Promise.all([hasty.close(), small.close()]);
    }
  });

  it('never throws for odd code', async () => {
    const odd = {
      'empty.ts': '',
      'cut.ts': 'export class A { run( { if (',
      'deep.ts': `export const a = ${'['.repeat(100)}${']'.repeat(100)};`,
      'bytes.ts': '\u0000\uFFFD\uD800 const = =>> `${',
      'marks.ts': '<<<<<<< HEAD\nconst a = 1;\n=======\nconst a = 2;\n>>>>>>> other\n',
      'markup.tsx': 'export const a = <div>{</div>;',
      'circle.ts': "import { a as b } from './circle';\nexport const a: typeof b = b;\ntype T = T;\n",
      'broken/tsconfig.json': '{ "extends": "./none.json", "compilerOptions": { "lib": 3 ',
      'broken/a.ts': TYPO,
    };
    const place = workspace(odd);
    for (const path of [...Object.keys(odd), 'none.ts', '../outside.ts', 'node_modules/a.ts']) {
      for (const code of [1005, 2304, 2339, 6133, 999_999]) {
        const fixes = await fixer.fix(error(code, 1, path), place.place);
        expect(fixes.filter(({ grade }) => grade === 'auto')).toEqual([]);
      }
    }
  });
});
