import { afterEach, describe, expect, test } from 'vitest';
import { createDependencyFixer } from '../../src/fixers/codemods/dependency-fixer.ts';
import { createDocsFixer } from '../../src/fixers/codemods/docs-fixer.ts';
import type { Fix } from '../../src/fixers/fixer.ts';
import { createFixWorkspace, targetOf } from './fix-workspace.ts';
import type { FixWorkspace } from './fix-workspace.ts';

const MANIFEST = `{
   "name": "w",
   "scripts": { "build": "tsc" },
   "dependencies": {
      "left-pad": "^1.0.0",
      "zod":   "4.0.0"
   },
   "devDependencies": { "typescript": "7" }
}
`;
const BASE = {
  'package.json': MANIFEST,
  'src/main.ts': "import { z } from 'zod';\n",
  'README.md': 'It once used left-pad.\n',
  'package-lock.json': '{ "packages": { "node_modules/left-pad": {} } }',
  'node_modules/left-pad/package.json': '{ "name": "left-pad", "bin": { "pad": "cli.js" } }',
};

describe('the fixer of unused dependencies', () => {
  let workspace: FixWorkspace | undefined;
  afterEach(() => workspace?.remove());

  const ask = async (
    files: Readonly<Record<string, string>> = {},
    symbol = 'left-pad',
    isCertain = true,
  ): Promise<readonly Fix[]> => {
    workspace?.remove();
    workspace = createFixWorkspace({ ...BASE, ...files });
    const target = targetOf('graph', 'unused-dependency', {
      path: 'package.json',
      symbol,
      message: '',
      evidence: { isCertain },
    });
    const fixer = createDependencyFixer();
    const fixes = await fixer.fix(target, workspace.place);
    for (const fix of fixes) {
      workspace.apply(fix);
      expect(await fixer.fix(target, workspace.place)).toEqual([]);
    }
    return fixes;
  };

  test('takes it out of the manifest and leaves all else as it stands', async () => {
    const [fix] = await ask();
    expect(fix).toMatchObject({ grade: 'tests', edits: [{ path: 'package.json' }] });
    expect(fix?.edits[0]?.text).toBe(MANIFEST.replace('"left-pad": "^1.0.0",\n      ', ''));
    expect(fix?.evidence[0]).toBe('4 files were read: none names left-pad or pad');
  });

  test('takes out the last one, and the only one', async () => {
    const last = MANIFEST.replace(
      '"left-pad": "^1.0.0",\n      "zod":   "4.0.0"',
      '"zod": "4.0.0",\n      "left-pad": "^1.0.0"',
    );
    expect((await ask({ 'package.json': last }))[0]?.edits[0]?.text).toBe(
      last.replace(',\n      "left-pad": "^1.0.0"', ''),
    );
    const only = '{ "dependencies": { "left-pad": "1" }, "type": "module" }';
    expect((await ask({ 'package.json': only }))[0]?.edits[0]?.text).toBe('{ "dependencies": {}, "type": "module" }');
  });

  test.each([
    ['a source imports it', { 'src/a.js': "require('left-pad/sub');\n" }],
    ['a configuration names it', { 'some.config.json': '{ "plugins": ["left-pad"] }' }],
    ['a script runs its command', { 'package.json': MANIFEST.replace('"tsc"', '"tsc && pad x"') }],
    ['the pipeline runs its command', { '.github/workflows/ci.yml': 'run: npx pad\n' }],
    ['the manifest is no JSON', { 'package.json': '{ "dependencies": { "left-pad": "1" }' }],
  ])('leaves it where %s', async (_, files) => {
    expect(await ask(files)).toEqual([]);
  });

  test('only suggests where it is not certain, not installed, or a lock file would refuse', async () => {
    expect((await ask({}, 'left-pad', false))[0]?.grade).toBe('suggestion');
    const [unknown] = await ask({ 'package.json': MANIFEST.replace('left-pad', 'right-pad') }, 'right-pad');
    expect(unknown).toMatchObject({ grade: 'suggestion' });
    expect(unknown?.evidence[1]).toContain('not installed');
    const [strict] = await ask({ 'pnpm-lock.yaml': 'left-pad: 1\n' });
    expect(strict).toMatchObject({ grade: 'suggestion' });
    expect(strict?.evidence[1]).toContain('lock file');
  });

  test('leaves packages that are not declared, and types, which nobody names', async () => {
    expect(await ask({}, 'right-pad')).toEqual([]);
    expect(await ask({ 'package.json': MANIFEST.replace('left-pad', '@types/pad') }, '@types/pad')).toEqual([]);
  });
});

describe('the fixer of missing comments', () => {
  const TEXT = `export class Box {
  async openWide(key: string, { slow }: Options): Promise<Lid> {
    throw new Error(key);
  }
}
/** Known. */
export function known(): void {}
`;
  const ask = async (symbol: string, line: number): Promise<readonly Fix[]> => {
    const workspace = createFixWorkspace({ 'a.ts': TEXT });
    const target = targetOf('graph', 'missing-docs', { path: 'a.ts', symbol, line, message: '' });
    const fixes = await createDocsFixer().fix(target, workspace.place);
    workspace.remove();
    return fixes;
  };

  test('suggests a skeleton from the signature', async () => {
    const [fix] = await ask('Box.openWide', 2);
    expect(fix?.grade).toBe('suggestion');
    expect(fix?.edits[0]?.text?.split('\n').slice(1, 10)).toEqual([
      '  /**',
      '   * TODO: what open wide is for.',
      '   *',
      '   * @param key TODO',
      '   * @param { slow } TODO',
      '   * @returns TODO',
      '   * @throws TODO',
      '   */',
      '  async openWide(key: string, { slow }: Options): Promise<Lid> {',
    ]);
  });

  test('leaves what has a comment, or is not there', async () => {
    expect(await ask('known', 7)).toEqual([]);
    expect(await ask('unknown', 7)).toEqual([]);
  });
});
