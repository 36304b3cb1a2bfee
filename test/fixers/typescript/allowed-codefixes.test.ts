import { afterEach, describe, expect, it } from 'vitest';
import { createMendedWorkspace } from './mended-workspace.ts';
import type { MendedWorkspace, MendRequest } from './mended-workspace.ts';

describe('fixes of the Language Service that may go by themselves', () => {
  const open: MendedWorkspace[] = [];
  const workspace = (request: MendRequest): MendedWorkspace => {
    const created = createMendedWorkspace(request);
    open.push(created);
    return created;
  };

  afterEach(() => {
    for (const each of open.splice(0)) each.remove();
  });

  /** Applies the first fix, and says what it is and what is left. */
  const mended = async (request: MendRequest, code: number) => {
    const place = workspace(request);
    const [fix] = await place.offers(code);
    place.apply(fix);
    return { fixer: fix?.fixer, grade: fix?.grade, text: place.read('a.ts'), errors: place.errors(), place };
  };

  it('corrects a misspelt name', async () => {
    const text = 'export function total(prices: number[]): number {\n  return prces.length;\n}\n';
    const { text: now, ...rest } = await mended({ files: { 'a.ts': text } }, 2552);
    expect(rest).toMatchObject({ fixer: 'typescript:spelling', grade: 'auto', errors: [] });
    expect(now).toBe(text.replace('prces', 'prices'));
  });

  it('does not correct a name that is as near to another', async () => {
    const text =
      'export function pick(level1: number, level2: number): number {\n  return level1 + level2 + level3;\n}\n';
    const place = workspace({ files: { 'a.ts': text } });
    const offers = await place.offers(2552);
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
    expect(offers[0]?.evidence[0]).toContain('is not the only name near `level3`');
  });

  it('does not correct to a name that is far', async () => {
    const text = 'export function total(priceListing: number[]): number {\n  return priceLstng3.length;\n}\n';
    const place = workspace({ files: { 'a.ts': text } });
    const offers = await place.offers(2552);
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('does not take a name for misspelt that was declared until lately', async () => {
    const before = 'const rate1 = 2;\nconst rate2 = 3;\nexport const both = rate1 * rate2;\n';
    const files = { 'a.ts': 'const rate1 = 2;\nexport const both = rate1 * rate2;\n' };
    const place = workspace({ files, before: { 'a.ts': before } });
    const offers = await place.offers(2552);
    const spelling = offers.find(({ fixer }) => fixer === 'typescript:spelling');
    expect(spelling).toMatchObject({ grade: 'suggestion' });
    expect(offers[0]).toMatchObject({ fixer: 'lightdom:restore', grade: 'auto' });
    expect(offers[0]?.edits).toEqual([{ path: 'a.ts', text: before }]);
  });

  it('leaves the semicolon that keeps the next statement apart', async () => {
    const body = (rest: string): string =>
      `export function run(sizes: number[]): void {\n  sizes.reverse()\n${rest}  ;[1, 2].forEach((size) => sizes.push(size))\n}\n`;
    const files = { 'a.ts': body('  const leftover = 1\n') };
    const result = await mended({ files, before: {} }, 6133);
    expect(result).toMatchObject({ fixer: 'typescript:unusedIdentifier', errors: [] });
    expect(result.text).toBe(body(''));
  });

  it('takes away an override of a class that extends none', async () => {
    const result = await mended({ files: { 'a.ts': 'export class A {\n  override run(): void {}\n}\n' } }, 4112);
    expect(result).toMatchObject({ fixer: 'typescript:fixOverrideModifier', grade: 'auto', errors: [] });
    expect(result.text).toBe('export class A {\n  run(): void {}\n}\n');
  });

  it('keeps an override whose base class lost the member, or was not found', async () => {
    const heir = "import { Base } from './base';\nexport class A extends Base {\n  override run(): void {}\n}\n";
    const lost = workspace({
      files: { 'a.ts': heir, 'base.ts': 'export class Base {}\n' },
      before: { 'base.ts': 'export class Base {\n  run(): void {}\n}\n' },
    });
    const offers = await lost.offers(4113);
    expect(offers.find(({ fixer }) => fixer === 'typescript:fixOverrideModifier')).toMatchObject({
      grade: 'suggestion',
    });
    expect(offers[0]).toMatchObject({ fixer: 'lightdom:restore', grade: 'auto' });
    const unfound = workspace({
      files: { 'a.ts': heir.replace('./base', './bass'), 'base.ts': 'export class Base {}\n' },
    });
    expect((await unfound.offers(4112)).map(({ grade }) => grade)).not.toContain('auto');
  });

  it('gives a function the async that its await needs', async () => {
    const text = 'export function run(work: Promise<void>): Promise<void> {\n  await work;\n}\n';
    const result = await mended({ files: { 'a.ts': text } }, 1308);
    expect(result).toMatchObject({ fixer: 'typescript:fixAwaitInSyncFunction', grade: 'auto', errors: [] });
    expect(result.text).toContain('export async function run');
  });

  it('exports what another file imports', async () => {
    const files = {
      'a.ts': 'const one = 1;\nexport const two = one * 2;\n',
      'b.ts': "import { one } from './a';\nexport const three = one + 2;\n",
    };
    const result = await mended({ files }, 2459);
    expect(result).toMatchObject({ fixer: 'typescript:fixImportNonExportedMember', grade: 'auto', errors: [] });
    expect(result.text).toContain('export const one = 1;');
  });

  it('names the member of this that was meant', async () => {
    const text = 'export class A {\n  size = 1;\n  twice(): number {\n    return size * 2;\n  }\n}\n';
    const result = await mended({ files: { 'a.ts': text } }, 2663);
    expect(result).toMatchObject({ fixer: 'typescript:forgottenThisPropertyAccess', grade: 'auto', errors: [] });
  });

  it('never answers a forgotten this by an import', async () => {
    const files = {
      'a.ts': 'export class A {\n  size = 1;\n  twice(): number {\n    return size * 2;\n  }\n}\n',
      'b.ts': 'export const size = 3;\n',
    };
    const offers = await workspace({ files }).offers(2663);
    expect(offers.map(({ fixer }) => fixer)).not.toContain('typescript:import');
  });

  it('calls a class with new only behind tests', async () => {
    const text = 'class A {\n  size = 1;\n}\nexport const a = A();\n';
    const result = await mended({ files: { 'a.ts': text } }, 2348);
    expect(result).toMatchObject({ fixer: 'typescript:addMissingNewOperator', grade: 'tests', errors: [] });
  });

  it('imports the one thing of that name, in the words of the file', async () => {
    const files = {
      'a.ts': 'import { other } from "./other"\n\nexport const sum = other + missing\n',
      'other.ts': 'export const other = 1\n',
      'lib/deep.ts': 'export const missing = 2\n',
    };
    const result = await mended({ files, path: 'a.ts' }, 2304);
    expect(result).toMatchObject({ fixer: 'typescript:import', grade: 'auto', errors: [] });
    expect(result.text).toBe(
      'import { missing } from "./lib/deep"\nimport { other } from "./other"\n\nexport const sum = other + missing\n',
    );
  });

  it('imports what two modules export only behind tests, and what one exports again without', async () => {
    const user = 'export const sum = wanted + 1;\n';
    const two = workspace({
      files: { 'a.ts': user, 'b.ts': 'export const wanted = 1;\n', 'c.ts': 'export const wanted = 2;\n' },
    });
    const offers = await two.offers(2304);
    expect(offers[0]).toMatchObject({ fixer: 'typescript:import', grade: 'tests' });
    expect(offers.slice(1).map(({ grade }) => grade)).toEqual(['suggestion']);
    const again = workspace({
      files: { 'a.ts': user, 'b.ts': 'export const wanted = 1;\n', 'index.ts': "export * from './b';\n" },
    });
    expect((await again.offers(2304)).map(({ grade }) => grade)).toEqual(['auto', 'suggestion']);
  });

  it('marks an import of a type where the project does', async () => {
    const files = {
      'a.ts': 'export function first(shape: Shape): number {\n  return shape.size;\n}\n',
      'shape.ts': 'export interface Shape {\n  readonly size: number;\n}\n',
      'b.ts': "import type { Shape } from './shape';\nexport const one: Shape = { size: 1 };\n",
    };
    const result = await mended({ files, path: 'a.ts' }, 2304);
    expect(result.text).toContain("import type { Shape } from './shape';");
  });

  it('adds a value to an import that is marked as one of types', async () => {
    const files = {
      'a.ts': "import type { Size } from './size';\nexport const twice: Size = double(1);\n",
      'size.ts': 'export type Size = number;\nexport function double(size: Size): Size {\n  return size * 2;\n}\n',
    };
    const result = await mended({ files, path: 'a.ts' }, 2304);
    expect(result).toMatchObject({ fixer: 'typescript:import', grade: 'auto', errors: [] });
  });

  it('offers nothing for what another compiler saw', async () => {
    const place = workspace({ files: { 'a.ts': 'export const one: number = 1;\n' } });
    await expect(place.offers(2322)).rejects.toThrow('There is no TS2322');
    expect(place.errors()).toEqual([]);
  });
});
