import { afterEach, describe, expect, it } from 'vitest';
import { createMendedWorkspace } from './mended-workspace.ts';
import type { MendedWorkspace, MendRequest } from './mended-workspace.ts';

const open: MendedWorkspace[] = [];

function workspace(request: MendRequest): MendedWorkspace {
  const created = createMendedWorkspace(request);
  open.push(created);
  return created;
}

afterEach(() => {
  for (const each of open.splice(0)) each.remove();
});

describe('an import of a file that is not there', () => {
  const lib = { 'lib/colour.ts': 'export const red = 1;\n', 'lib/other.ts': 'export const red = 2;\n' };
  const user = "import { red } from './lib/colour';\nexport const two = red * 2;\n";

  it('is led to the only file of a name near to it', async () => {
    for (const [right, wrong] of [
      ['colour', 'coluor'],
      ['colour.js', 'colur.js'],
    ] as const) {
      const text = user.replace('colour', right);
      const place = workspace({ files: { ...lib, 'a.ts': text.replace(right, wrong) } });
      const [fix] = await place.offers(2307);
      expect(fix).toMatchObject({ fixer: 'lightdom:near-module', grade: 'auto', edits: [{ path: 'a.ts', text }] });
    }
  });

  it('is left alone where two are as near, where none is, and where the file does not export the name', async () => {
    const two = { 'lib/part1.ts': 'export const red = 3;\n', 'lib/part2.ts': 'export const red = 4;\n' };
    for (const files of [
      { ...two, 'a.ts': user.replace('colour', 'part3') },
      { ...lib, 'a.ts': user.replace('colour', 'paint') },
      { 'lib/colour.ts': 'export const green = 1;\n', 'a.ts': user.replace('colour', 'coluor') },
    ]) {
      const offers = await workspace({ files }).offers(2307);
      expect(offers.map(({ grade }) => grade)).not.toContain('auto');
    }
  });

  it('is only pointed at where that file was there until lately', async () => {
    const files = { ...lib, 'a.ts': user.replace('colour', 'color') };
    const [offer] = await workspace({ files, before: { 'lib/color.ts': 'export const red = 0;\n' } }).offers(2307);
    expect(offer).toMatchObject({ fixer: 'lightdom:near-module', grade: 'suggestion' });
    expect(offer?.evidence[0]).toContain('it was moved or deleted');
  });
});

describe('an import of what is not exported', () => {
  it('makes its module export what it declares, though another name is near', async () => {
    const files = {
      'a.ts': "import { forms } from './b';\nexport const first = forms[0];\n",
      'b.ts': "const forms = ['a'];\nexport const form = forms.length;\nexport type Forms = number;\n",
    };
    const place = workspace({ files });
    const [error] = place.errors();
    const code = Number(/TS(\d+)/.exec(error ?? '')?.[1]);
    const [fix] = await place.offers(code);
    place.apply(fix);
    expect(fix?.grade).toBe('auto');
    expect(place.errors()).toEqual([]);
    expect(place.read('b.ts')).toBe(files['b.ts'].replace('const forms', 'export const forms'));
  });

  it('makes it export a type whose module exports something else by default', async () => {
    const files = {
      'a.ts': "import type { Size } from './b';\nexport const one: Size = { value: 1 };\n",
      'b.ts': 'interface Size {\n  value: number;\n}\nconst size: Size = { value: 1 };\nexport default size;\n',
    };
    const place = workspace({ files });
    const [error] = place.errors();
    const [fix] = await place.offers(Number(/TS(\d+)/.exec(error ?? '')?.[1]));
    expect(fix?.grade).toBe('auto');
    expect(fix?.edits).toEqual([{ path: 'b.ts', text: `export ${files['b.ts']}` }]);
  });
});
