import { afterEach, describe, expect, test } from 'vitest';
import { createImportCycleFixer } from '../../src/fixers/codemods/import-cycle-fixer.ts';
import type { Fix } from '../../src/fixers/fixer.ts';
import { createFixWorkspace, targetOf } from './fix-workspace.ts';
import type { FixWorkspace } from './fix-workspace.ts';

const LOOP = ['src/a.ts:1', 'src/b.ts:1', 'src/a.ts'];
const A = "import { b } from './b.ts';\nexport class A { use = b; }\n";
const TYPES_ALONE = `import { A } from './a.ts';
export interface Holder extends Partial<A> { a: A; of: typeof A; all: Map<string, A[]> }
export const b = 1;
`;

describe('the fixer of import cycles', () => {
  let workspace: FixWorkspace | undefined;
  afterEach(() => workspace?.remove());

  const ask = async (b: string, options: Readonly<Record<string, unknown>> = {}, a = A): Promise<readonly Fix[]> => {
    workspace?.remove();
    workspace = createFixWorkspace({
      'tsconfig.json': JSON.stringify({ compilerOptions: options }),
      'src/a.ts': a,
      'src/b.ts': b,
    });
    const evidence = { loop: LOOP, reason: 'at run time' };
    const target = targetOf('graph', 'import-cycle', { path: 'src/a.ts', message: 'Import cycle', evidence });
    const fixer = createImportCycleFixer();
    const fixes = await fixer.fix(target, workspace.place);
    for (const fix of fixes) {
      workspace.apply(fix);
      expect(await fixer.fix(target, workspace.place)).toEqual([]);
    }
    return fixes;
  };

  test('imports as types what is used as types alone', async () => {
    const fixes = await ask(TYPES_ALONE);
    expect(fixes).toMatchObject([{ fixer: 'lightdom:type-import', grade: 'auto', edits: [{ path: 'src/b.ts' }] }]);
    expect(fixes[0]?.edits[0]?.text).toBe(TYPES_ALONE.replace('import {', 'import type {'));
    expect(fixes[0]?.evidence).toEqual([
      'src/b.ts uses A as types alone, 4 times',
      'the compiler makes the same JavaScript of both: at run time the import was gone before',
    ]);
  });

  test('needs tests where the import was there at run time', async () => {
    const [fix] = await ask(TYPES_ALONE, { verbatimModuleSyntax: true });
    expect(fix).toMatchObject({ grade: 'tests' });
    expect(fix?.evidence[1]).toContain('is not loaded');
  });

  test('needs tests where the configuration can not be read', async () => {
    expect(await ask(TYPES_ALONE, { extends: 5, module: 'nonsense' })).toMatchObject([{ grade: 'tests' }]);
  });

  test('says type once', async () => {
    const [fix] = await ask("import { type A } from './a.ts';\nexport let b: A;\n", { verbatimModuleSyntax: true });
    expect(fix?.edits[0]?.text).toBe("import type { A } from './a.ts';\nexport let b: A;\n");
  });

  test('knows a namespace that is only asked for types', async () => {
    const [fix] = await ask(
      "import * as all from './a.ts';\nexport class B implements all.A { use = 1; }\nexport const b = 1;\n",
    );
    expect(fix?.edits[0]?.text).toContain('import type * as all from');
  });

  test.each([
    ['made', "import { A } from './a.ts';\nexport const b = new A();\n"],
    ['a base class', "import { A } from './a.ts';\nexport class B extends A {}\nexport const b = 1;\n"],
    ['passed on', "import { A } from './a.ts';\nexport { A };\nexport const b: A | 1 = 1;\n"],
    ['asked at run time', "import { A } from './a.ts';\nexport const b = (x: A) => x instanceof A;\n"],
    ['used as a value beside a type', "import { A } from './a.ts';\nexport const b: A = A.from();\n"],
    [
      'in a file with decorators',
      "import { A } from './a.ts';\n@all export class B { x(a: A) {} }\nexport const b = 1;\n",
    ],
    ['imported beside a default', "import d, { A } from './a.ts';\nexport const b: A | typeof d = 1;\n"],
    ['not used at all', "import { A } from './a.ts';\nexport const b = 1;\n"],
    ['imported for effects', "import './a.ts';\nexport const b = 1;\n"],
    ['imported as types already', "import type { A } from './a.ts';\nexport let b: A;\n"],
    ['from another file', "import { A } from './c.ts';\nexport let b: A;\n"],
  ])('leaves what is %s', async (_, b) => {
    expect(await ask(b)).toEqual([]);
  });

  test('does not answer for a finding without its way round', () => {
    const target = targetOf('graph', 'import-cycle', { path: 'src/a.ts', message: 'Import cycle' });
    expect(createImportCycleFixer().canFix(target)).toBe(false);
  });
});
