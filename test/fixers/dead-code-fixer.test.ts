import { afterEach, describe, expect, test } from 'vitest';
import { createDeadCodeFixer } from '../../src/fixers/codemods/dead-code-fixer.ts';
import type { Fix, FixTarget } from '../../src/fixers/fixer.ts';
import { createFixWorkspace, targetOf } from './fix-workspace.ts';
import type { FixWorkspace } from './fix-workspace.ts';

const PATH = 'src/clock.ts';
const CLOCK = `import { now } from './now.ts';

/** Keeps the time. */
export class Clock {
  #ticks = 0;

  tick(): number {
    return this.#ticks;
  }

  /** Was wanted once. */
  #reset(): void {
    this.#ticks = 0;
  }

  private rewind(): void {
    this.#ticks -= 1;
  }

  chime(): string {
    return 'bong';
  }
}

const unused = (at: number): number => now() - at;

export function run(): Clock {
  function inner(): void {}
  const effect = now();
  return new Clock();
}
`;
const BASE = {
  'package.json': '{ "name": "w", "main": "dist/main.js" }',
  'src/main.ts': "import { run } from './clock.ts';\nrun().tick();\n",
  'src/now.ts': 'export const now = Date.now;\n',
  [PATH]: CLOCK,
};

describe('the fixer of dead code', () => {
  let workspace: FixWorkspace | undefined;
  afterEach(() => workspace?.remove());

  const ask = async (
    symbol: string,
    files: Readonly<Record<string, string>> = {},
    more: Partial<FixTarget> = {},
  ): Promise<readonly Fix[]> => {
    workspace?.remove();
    workspace = createFixWorkspace({ ...BASE, ...files });
    const rest = { path: PATH, symbol, message: `function ${symbol}: no uses`, evidence: { isCertain: true }, ...more };
    const target = targetOf('graph', 'dead-code', rest);
    const fixer = createDeadCodeFixer();
    const fixes = await fixer.fix(target, workspace.place);
    for (const fix of fixes) {
      workspace.apply(fix);
      expect(await fixer.fix(target, workspace.place)).toEqual([]);
    }
    return fixes;
  };

  test('deletes a declaration with the import that only it used', async () => {
    const [fix] = await ask('unused', { [PATH]: CLOCK.replace('  const effect = now();\n', '') });
    expect(fix).toMatchObject({ fixer: 'lightdom:dead-code', grade: 'tests' });
    const text = fix?.edits[0]?.text ?? '';
    expect(text.startsWith('/** Keeps the time. */\nexport class Clock {')).toBe(true);
    expect(text).toContain("    return 'bong';\n  }\n}\n\nexport function run(): Clock {");
  });

  test('leaves the semicolon that keeps the next statement apart', async () => {
    const kept = 'export const sizes = [now()]\n';
    const text = `import { now } from './now.ts'\n${kept}const unused = 1\n;[1, 2].forEach((size) => sizes.push(size))\n`;
    const [fix] = await ask('unused', { [PATH]: text });
    expect(fix?.edits[0]?.text).toBe(text.replace('const unused = 1\n', ''));
  });

  test.each([
    ['Clock.#reset', '  /** Was wanted once. */\n  #reset(): void {\n    this.#ticks = 0;\n  }\n\n'],
    ['Clock.rewind', '  private rewind(): void {\n    this.#ticks -= 1;\n  }\n\n'],
    ['Clock.chime', "\n  chime(): string {\n    return 'bong';\n  }\n"],
    ['run.inner', '  function inner(): void {}\n'],
  ])('deletes %s, and nothing else', async (symbol, gone) => {
    const [fix] = await ask(symbol);
    const text = fix?.edits[0]?.text ?? '';
    expect(text.replaceAll(/\s+/g, ' ')).toBe(CLOCK.replace(gone, '\n').replaceAll(/\s+/g, ' '));
  });

  test.each([
    ['Clock.tick', 'another file names it', {}],
    ['Clock.chime', 'a string of another file names it', { 'src/by-name.ts': "export const m = 'chime';\n" }],
    [
      'Clock.chime',
      'its class is one of others',
      { [PATH]: CLOCK.replace('class Clock {', 'class Clock extends Base {') },
    ],
    [
      'Clock.chime',
      'a decorator may call it',
      { [PATH]: CLOCK.replace('export class Clock', '@all export class Clock') },
    ],
    ['run.effect', 'making it does something', {}],
    ['run', 'another file takes it', {}],
    ['nowhere', 'it is not there', {}],
    ['now', 'it is only imported', {}],
  ])('leaves %s where %s', async (symbol, _, files) => {
    expect(await ask(symbol, files)).toEqual([]);
  });

  const file = { path: 'src/old.ts', symbol: 'src/old.ts', message: 'file src/old.ts: imported only by dead files' };

  test('deletes files that only import one another', async () => {
    const island = { 'src/old.ts': "import './older.ts';\n", 'src/older.ts': "import { x } from './old.ts';\nx;\n" };
    const [fix] = await ask('old', island, file);
    expect(fix?.edits).toEqual([
      { path: 'src/old.ts', text: undefined },
      { path: 'src/older.ts', text: undefined },
    ]);
    expect(fix?.grade).toBe('tests');
  });

  test.each([
    ['a live file imports it', { 'src/main.ts': "import './old.ts';\n" }],
    ['a page names it', { 'index.html': '<script src="src/old.ts"></script>' }],
    ['a script runs it', { 'package.json': '{ "name": "w", "main": "x.js", "scripts": { "o": "node src/old.ts" } }' }],
    ['a thread is started with it', { 'src/main.ts': "new Worker(new URL('./old.ts', import.meta.url));\n" }],
    ['a bundler loads the folder', { 'src/main.ts': "import.meta.glob('./**/*.ts');\n" }],
    ['a test uses it', { 'test/old.test.ts': "import '../src/old.ts';\n" }],
    ['no package says what it offers', { 'package.json': '{ "name": "w" }' }],
  ])('leaves a file where %s', async (_, files) => {
    expect(await ask('old', { 'src/old.ts': 'export const x = 1;\n', ...files }, file)).toEqual([]);
  });

  test('only suggests what the graph is not certain of', async () => {
    expect(await ask('unused', {}, { evidence: {} })).toMatchObject([{ grade: 'suggestion' }]);
  });
});
