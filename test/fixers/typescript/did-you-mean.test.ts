import { afterEach, describe, expect, it } from 'vitest';
import { createMendedWorkspace } from './mended-workspace.ts';
import type { MendedWorkspace, MendRequest } from './mended-workspace.ts';

describe('did you mean', () => {
  const open: MendedWorkspace[] = [];
  const workspace = (request: MendRequest): MendedWorkspace => {
    const created = createMendedWorkspace(request);
    open.push(created);
    return created;
  };

  afterEach(() => {
    for (const each of open.splice(0)) each.remove();
  });

  const types =
    "type Kind = 'circle' | 'square';\ninterface Shape {\n  readonly kind: Kind;\n  readonly size: number;\n}\n";
  const mended = async (use: string, code: number): Promise<string> => {
    const place = workspace({ files: { 'a.ts': `${types}${use}` } });
    const [fix] = await place.offers(code);
    expect(fix).toMatchObject({ fixer: 'lightdom:did-you-mean', grade: 'auto' });
    place.apply(fix);
    expect(place.errors()).toEqual([]);
    return place.read('a.ts').slice(types.length);
  };

  it('corrects the key of an object', async () => {
    const use = "export const one: Shape = { kind: 'circle', sizee: 1 };\n";
    expect(await mended(use, 2561)).toBe(use.replace('sizee', 'size'));
  });

  it('keeps the quotes that it finds', async () => {
    const use = `export const one: Shape = { kind: "sqare", size: 1 };\n`;
    expect(await mended(use, 2820)).toBe(use.replace('sqare', 'square'));
  });

  it('corrects the literal where the compiler points at the property around it', async () => {
    const use = "export const one: Shape = { kind: 'cicle', size: 1 };\n";
    expect(await mended(use, 2820)).toBe(use.replace('cicle', 'circle'));
  });

  it('leaves a literal alone that stands twice', async () => {
    const use =
      "export const both: readonly Shape[] = [true ? { kind: 'cicle' as 'cicle', size: 1 } : { kind: 'circle', size: 1 }];\n";
    const place = workspace({ files: { 'a.ts': `${types}${use}` } });
    const [error] = place.errors();
    const offers = await place.offers(Number(/TS(\d+)/.exec(error ?? '')?.[1]));
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('only suggests where the other name is as near', async () => {
    const text =
      'interface Levels {\n  level1: number;\n  level2: number;\n}\nexport const all: Partial<Levels> = { level3: 1 };\n';
    const place = workspace({ files: { 'a.ts': text } });
    const [error] = place.errors();
    const offers = await place.offers(Number(/TS(\d+)/.exec(error ?? '')?.[1]));
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });

  it('does not take a key for misspelt that the type had until lately', async () => {
    const now = 'interface Shape {\n  readonly size: number;\n  readonly name?: string;\n}\n';
    const files = {
      'shape.ts': `export ${now}`,
      'a.ts': "import type { Shape } from './shape';\nexport const one: Shape = { size: 1, nam: 'x' };\n",
    };
    const before = { 'shape.ts': `export ${now}`.replace('}', '  readonly nam?: string;\n}') };
    const offers = await workspace({ files, before }).offers(2561);
    expect(offers.find(({ fixer }) => fixer === 'lightdom:did-you-mean')).toMatchObject({ grade: 'suggestion' });
  });
});
