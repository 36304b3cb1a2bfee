import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fixer } from '../../../src/fixers/fixer.ts';
import { createBiomeFixer } from '../../../src/fixers/lint/biome-fixer.ts';
import { createEslintFixer } from '../../../src/fixers/lint/eslint-fixer.ts';
import { createOxlintFixer } from '../../../src/fixers/lint/oxlint-fixer.ts';
import { createFixWorkspace, targetOf } from '../fix-workspace.ts';
import type { FixWorkspace } from '../fix-workspace.ts';

const PATH = 'src/deep/code.js';
const CODE = `import { b } from '../b.js';
/* é 💡 */ var first = 1;
let never = 2;
if (!!!!first) { debugger; }
console.log(first == null, never, b, 'x\\y');
var second = first == 3;
`;
const ESLINT_CONFIG = `export default [{
  files: ['src/**/*.js'],
  rules: {
    'no-var': 'error', 'prefer-const': 'error', 'no-debugger': 'error', 'no-extra-boolean-cast': 'error',
    'no-useless-escape': 'error', eqeqeq: ['error', 'always', { null: 'ignore' }],
  },
}];`;
const OXLINT_CONFIG = JSON.stringify({
  rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'no-debugger': 'error', 'no-extra-boolean-cast': 'error' },
  overrides: [{ files: ['src/deep/**'], rules: { 'no-var': 'error', 'prefer-const': 'error' } }],
});
const BIOME_CONFIG = JSON.stringify({
  linter: { rules: { style: { useConst: 'error' }, suspicious: { noVar: 'error', noDebugger: 'error' } } },
});

describe('fixers of linters', () => {
  let workspace: FixWorkspace;

  beforeEach(() => {
    workspace = createFixWorkspace({
      'package.json': '{ "name": "w", "type": "module" }',
      'eslint.config.js': ESLINT_CONFIG,
      '.oxlintrc.json': OXLINT_CONFIG,
      'biome.json': BIOME_CONFIG,
      'src/b.js': 'export var b = 1;\n',
      [PATH]: CODE,
    });
    workspace.install('eslint', 'oxlint', '@biomejs');
  });
  afterEach(() => workspace.remove());

  const ask = (fixer: Fixer, rule: string, at: { line?: number; message?: string; path?: string } = {}) => {
    const { line, message = '', path = PATH } = at;
    return fixer.fix(targetOf(fixer.name, rule, { path, line, message }), workspace.place);
  };

  const cases = [
    ['eslint', createEslintFixer, 'no-var', 2, 6],
    ['oxlint', createOxlintFixer, 'eslint(no-var)', 2, 6],
    ['biome', createBiomeFixer, 'style/useConst', 3, undefined],
  ] as const;

  test.each(cases)(
    '%s mends one rule in one file, and then finds nothing to mend',
    async (...[name, create, rule, line]) => {
      const fixer = create();
      const before = workspace.paths();
      const [fix, ...more] = await ask(fixer, rule, { line });
      expect(more).toEqual([]);
      expect(fix).toMatchObject({ fixer: name, grade: 'auto', edits: [{ path: PATH }] });
      expect(fix?.evidence.join('\n')).toMatch(/the rule finds 0 of \d places on a second pass/);
      // Fixers only read.
      expect(workspace.read(PATH)).toBe(CODE);
      expect(workspace.paths()).toEqual(before);
      workspace.apply(fix);
      const text = workspace.read(PATH);
      // Of other rules nothing was touched.
      expect(text).toContain('debugger');
      expect(text).toContain('!!!!first');
      expect(text.includes('let never')).toBe(name !== 'biome');
      expect(workspace.read('src/b.js')).toBe('export var b = 1;\n');
      expect(await ask(fixer, rule, { line })).toEqual([]);
    },
  );

  test('eslint makes edits that overlap one after another', async () => {
    const [fix] = await ask(createEslintFixer(), 'no-extra-boolean-cast', { line: 4 });
    expect(fix?.edits[0]?.text).toContain('if (first) { debugger; }');
  });

  test('a finding whose line has moved is known by its words', async () => {
    const message = 'Unexpected var, use let or const instead.';
    const [fix] = await ask(createEslintFixer(), 'no-var', { line: 77, message });
    expect(fix?.grade).toBe('auto');
    expect(await ask(createEslintFixer(), 'no-var', { line: 77, message: 'Something else.' })).toEqual([]);
  });

  test('what eslint only suggests stays a suggestion, each with its title', async () => {
    const fixes = await ask(createEslintFixer(), 'no-useless-escape', { line: 5 });
    expect(fixes.map(({ grade }) => grade)).toEqual(['suggestion', 'suggestion']);
    expect(fixes[0]?.title).toContain('Remove the `\\`');
    expect(fixes[0]?.edits[0]?.text).toContain("b, 'xy');");
  });

  test('biome and oxlint make a suggestion of what is not safe', async () => {
    const [biome] = await ask(createBiomeFixer(), 'suspicious/noDebugger', { line: 4 });
    expect(biome).toMatchObject({ grade: 'suggestion' });
    expect(biome?.edits[0]?.text).not.toContain('debugger');
    const [oxlint] = await ask(createOxlintFixer(), 'eslint(no-debugger)', { line: 4 });
    expect(oxlint).toMatchObject({ grade: 'suggestion' });
  });

  test.each([
    ['eslint', createEslintFixer, 'eqeqeq'],
    ['oxlint', createOxlintFixer, 'eslint(eqeqeq)'],
  ] as const)('%s makes nothing where the rule offers nothing that is safe', async (_name, create, rule) => {
    const fixes = await ask(create(), rule, { line: 6 });
    expect(fixes.filter(({ grade }) => grade !== 'suggestion')).toEqual([]);
    // By the options of the configuration, line 5 is no fault.
    for (const fix of fixes) expect(fix.edits[0]?.text).toContain('first == null');
  });

  test.each([
    ['eslint', createEslintFixer, 'no-var'],
    ['oxlint', createOxlintFixer, 'eslint(no-var)'],
    ['biome', createBiomeFixer, 'style/useConst'],
  ] as const)(
    '%s knows nothing of a file that is not there, lies outside, or can not be parsed',
    async (_name, create, rule) => {
      const fixer = create();
      for (const path of ['src/none.js', '../outside.js'])
        expect(await ask(fixer, rule, { path, line: 1 })).toEqual([]);
      workspace.write({ [PATH]: `${CODE}\nconst = ;\n` });
      expect(await ask(fixer, rule, { line: 2 })).toEqual([]);
    },
  );

  test.each([createEslintFixer, createOxlintFixer, createBiomeFixer])(
    '%o knows nothing where it is not installed',
    async (create) => {
      const bare = createFixWorkspace({ [PATH]: CODE });
      const fixer = create();
      const target = targetOf(fixer.name, 'no-var', { path: PATH, line: 2, message: '' });
      expect(await fixer.fix(target, bare.place)).toEqual([]);
      bare.remove();
    },
  );

  test('only answer for findings of their own linter, and for no errors of syntax', () => {
    const fixers = [createEslintFixer(), createOxlintFixer(), createBiomeFixer()];
    const can = (rule: string) =>
      fixers
        .filter((fixer) => fixer.canFix({ source: rule.split('/')[0] ?? '', rule, path: 'a.js', message: '' }))
        .map(({ name }) => name);
    expect(can('eslint/no-var')).toEqual(['eslint']);
    expect(can('biome/style/useConst')).toEqual(['biome']);
    expect(can('biome/parse')).toEqual([]);
    expect(can('oxlint/syntax')).toEqual([]);
    expect(can('typescript/ts/2304')).toEqual([]);
  });
});
