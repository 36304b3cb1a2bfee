import { afterEach, describe, expect, test } from 'vitest';
import { createUnusedExportFixer } from '../../src/fixers/codemods/unused-export-fixer.ts';
import type { Fix } from '../../src/fixers/fixer.ts';
import { createFixWorkspace, targetOf } from './fix-workspace.ts';
import type { FixWorkspace } from './fix-workspace.ts';

const PACKAGE =
  '{ "name": "w", "type": "module", "exports": { ".": "./dist/main.js" }, "scripts": { "go": "node tool.js" } }';
const PATH = 'src/shapes.ts';
const SHAPES = `/** Of all files. */
import { cos, sin } from './maths.ts';
import type { Point } from './point.ts';

/** How round. */
export const PRECISION = 3;

// What only area needs.
const HALF = 0.5;

/** Twice as much. */
export function area(point: Point): number {
  return sin(point.x) * HALF;
}

export function side(point: Point): number {
  return cos(point.x) * PRECISION;
}
`;
const BASE = {
  'package.json': PACKAGE,
  'src/main.ts': "import { side } from './shapes.ts';\nexport const start = side;\n",
  'src/maths.ts': 'export const sin = Math.sin;\nexport const cos = Math.cos;\n',
  'src/point.ts': 'export interface Point { readonly x: number }\n',
  [PATH]: SHAPES,
};

describe('the fixer of unused exports', () => {
  let workspace: FixWorkspace | undefined;
  afterEach(() => workspace?.remove());

  const ask = async (
    files: Readonly<Record<string, string>>,
    symbol: string,
    more: { path?: string; isCertain?: boolean } = {},
  ): Promise<readonly Fix[]> => {
    workspace?.remove();
    workspace = createFixWorkspace({ ...BASE, ...files });
    const { path = PATH, isCertain = true } = more;
    const target = targetOf('graph', 'unused-export', { path, symbol, message: 'x', evidence: { isCertain } });
    const fixer = createUnusedExportFixer();
    expect(fixer.canFix(target)).toBe(true);
    const fixes = await fixer.fix(target, workspace.place);
    for (const fix of fixes) {
      workspace.apply(fix);
      expect(await fixer.fix(target, workspace.place)).toEqual([]);
    }
    return fixes;
  };

  test('takes back the word where the file itself uses the name', async () => {
    const [fix] = await ask({}, 'PRECISION');
    expect(fix).toMatchObject({ fixer: 'lightdom:unused-export', grade: 'tests' });
    expect(fix?.edits).toEqual([{ path: PATH, text: SHAPES.replace('export const PRECISION', 'const PRECISION') }]);
    expect(fix?.evidence[0]).toBe(`5 files were read: of 1 that import ${PATH} none takes PRECISION`);
  });

  test('deletes what is used nowhere, with its comment and what only it needed', async () => {
    const [fix] = await ask({}, 'area');
    expect(fix?.edits[0]?.text).toBe(`/** Of all files. */
import { cos } from './maths.ts';
import type { Point } from './point.ts';

/** How round. */
export const PRECISION = 3;

export function side(point: Point): number {
  return cos(point.x) * PRECISION;
}
`);
    expect(fix?.evidence.at(-1)).toContain('sin, HALF');
  });

  test('takes a name out of a list of exports', async () => {
    const text = 'const one = 1;\nconst two = one;\nexport { one, two };\n';
    const [fix] = await ask(
      { 'src/list.ts': text, 'src/main.ts': "import { two } from './list.ts';\nexport const t = two;\n" },
      'one',
      {
        path: 'src/list.ts',
      },
    );
    expect(fix?.edits[0]?.text).toBe('const one = 1;\nconst two = one;\nexport { two };\n');
  });

  test('only suggests what the graph is not certain of', async () => {
    const [fix] = await ask({}, 'area', { isCertain: false });
    expect(fix?.grade).toBe('suggestion');
  });

  test.each([
    ['another file takes it', { 'src/other.ts': "import { area } from './shapes.js';\narea;\n" }],
    ['a test takes it by another name', { 'test/a.test.ts': "import { area as a } from '../src/shapes';\na;\n" }],
    ['a file holds the whole module', { 'src/other.ts': "import * as all from './shapes.ts';\nall;\n" }],
    ['a file loads it when it runs', { 'src/other.ts': "export const load = () => import('./shapes.ts');\n" }],
    [
      'a file loads something that may be it',
      { 'src/other.ts': 'export const load = (n: string) => import(`./${n}.ts`);\n' },
    ],
    ['a file joins its name', { 'src/other.ts': "export const load = (n: string) => import('./' + n);\n" }],
    ['a bundler loads the folder', { 'src/other.ts': "export const all = import.meta.glob('./*.ts');\n" }],
    ['a file of CommonJS requires it', { 'src/other.cjs': "const { area } = require('./shapes');\n" }],
    ['a test stands in for it', { 'test/a.test.ts': "vi.mock('../src/shapes.ts');\n" }],
    ['a barrel names it', { 'src/barrel.ts': "export { area } from './shapes.ts';\n" }],
    ['a barrel that a package offers passes it on', { 'src/index.ts': "export * from './shapes.ts';\n" }],
    [
      'who takes it from a barrel',
      { 'src/all.ts': "export * from './shapes.ts';\n", 'src/o.ts': "import { area } from './all.ts';\n" },
    ],
    [
      'a barrel passes on an alias',
      { 'src/all.ts': "export * from '@/shapes';\n", 'src/o.ts': "import { area } from './all.ts';\n" },
    ],
    ['a comment takes it as a type', { 'src/o.js': "/** @type {import('./shapes.ts').area} */\nlet x;\n" }],
    ['an old import takes it', { 'src/o.cts': "import shapes = require('./shapes');\nshapes.area;\n" }],
    ['it comes by an alias', { 'src/other.ts': "import { area } from '@/shapes';\narea;\n" }],
    ['it comes by the name of a package of the workspace', { 'packages/b/x.ts': "import { area } from 'w';\narea;\n" }],
    ['a page that is no code names both', { 'src/App.vue': "<script>import { area } from './shapes'</script>" }],
    ['nobody imports the file', { 'src/main.ts': 'export const start = 1;\n' }],
    ['a package offers the file', { 'package.json': PACKAGE.replace('main.js', 'shapes.js') }],
    [
      'a package offers all files',
      { 'package.json': PACKAGE.replace('"./dist/main.js"', '"./dist/main.js", "./*": "./dist/*.js"') },
    ],
    ['a script runs the file', { 'package.json': PACKAGE.replace('tool.js', 'src/shapes.ts') }],
    ['no package says what it offers', { 'package.json': '{ "name": "w" }' }],
    [
      'making it may do something',
      {
        [PATH]: SHAPES.replace(
          'export function area(point: Point): number {\n  return sin(point.x) * HALF;\n}',
          'export const area = register();',
        ),
      },
    ],
    ['it is declared with others', { [PATH]: 'export const area = 1, side = 2;\n' }],
    ['it is taken apart', { [PATH]: 'export const { area, side } = { area: 1, side: 2 };\n' }],
  ])('does nothing where %s', async (_, files) => {
    expect(await ask(files, 'area')).toEqual([]);
  });

  test('does not let a file become a script, whose names are those of all', async () => {
    const files = {
      'src/main.ts': "import './lone.ts';\n",
      'src/lone.ts': 'export const lone = 1;\nsetTimeout(() => lone);\n',
    };
    expect(await ask(files, 'lone', { path: 'src/lone.ts' })).toEqual([]);
  });

  test('passes over a barrel that nobody offers and through which nobody takes it', async () => {
    const files = {
      'src/all.ts': "export * from './shapes.ts';\n",
      'src/o.ts': "import { side } from './all.ts';\nside;\n",
    };
    expect((await ask(files, 'area'))[0]?.grade).toBe('tests');
  });

  test('knows nothing of files that are not there, or only declare', async () => {
    expect(await ask({}, 'area', { path: 'src/none.ts' })).toEqual([]);
    expect(await ask({ 'src/d.d.ts': 'export const area: number;\n' }, 'area', { path: 'src/d.d.ts' })).toEqual([]);
  });
});
