import { afterEach, describe, expect, test } from 'vitest';
import { createRecipeFixer } from '../../../src/fixers/recipes/recipe-fixer.ts';
import { createRecipeScan } from '../../../src/fixers/recipes/recipe-scan.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createFixWorkspace, targetOf } from '../fix-workspace.ts';
import type { FixWorkspace } from '../fix-workspace.ts';

const LOG = `id: no-console
language: ts
message: Say it to the log
note: The log has levels.
severity: error
rule:
  any:
    - pattern: console.log($$$ARGS)
    - pattern: console.info($$$ARGS)
ignores: ['src/cli/**']
fix: log.info($$$ARGS)
grade: auto
`;
const CODE = `/* é 💡 */
export function go(a: string): void {
  console.log(a, /* all */ 'é');
  console.info('inner', (() => console.log(1))());
}
`;
/** Each level of it multiplies what is looked at. */
const ENDLESS = `id: endless
language: TypeScript
message: never ends
rule:
${Array.from({ length: 9 }, (_, at) => `${'  '.repeat(at + 1)}has:\n${'  '.repeat(at + 2)}stopBy: end`).join('\n')}
${'  '.repeat(10)}kind: identifier
${'  '.repeat(10)}regex: nope
`;

describe('recipes', () => {
  let workspace: FixWorkspace;
  afterEach(() => workspace.remove());

  const create = (recipes: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}): void => {
    workspace = createFixWorkspace(files);
    for (const [name, text] of Object.entries(recipes)) workspace.write({ [`.lightdom/recipes/${name}.yml`]: text });
  };
  const scan = (limits?: Parameters<typeof createRecipeScan>[0]) =>
    createRecipeScan(limits).scan(workspace.root, workspace.place.signal);
  const fix = (id: string, path = 'src/a.ts') =>
    createRecipeFixer().fix(targetOf('recipe', id, { path, line: 3, message: '' }), workspace.place);

  test('find places in files of their language, but for those they leave out', async () => {
    create({ log: LOG }, { 'src/a.ts': CODE, 'src/cli/b.ts': CODE, 'src/c.js': CODE, 'node_modules/d/d.ts': CODE });
    const { hits, recipes, problems } = await scan();
    expect({ recipes, problems }).toEqual({ recipes: 1, problems: [] });
    expect(hits.map(({ path, line }) => `${path}:${line}`)).toEqual(['src/a.ts:3', 'src/a.ts:4', 'src/a.ts:4']);
    expect(hits[0]).toMatchObject({
      recipeId: 'no-console',
      severity: 'error',
      message: 'Say it to the log',
      hasFix: true,
    });
  });

  test('mend a file until they find nothing in it, and then nothing more', async () => {
    create({ log: LOG }, { 'src/a.ts': CODE, 'src/b.ts': CODE });
    const [made, ...more] = await fix('no-console');
    expect(more).toEqual([]);
    expect(made).toMatchObject({ fixer: 'recipe:no-console', grade: 'auto', edits: [{ path: 'src/a.ts' }] });
    expect(made?.edits[0]?.text).toBe(CODE.replaceAll(/console\.\w+/g, 'log.info'));
    workspace.apply(made);
    expect(await fix('no-console')).toEqual([]);
    expect(workspace.read('src/b.ts')).toBe(CODE);
  });

  test('put in what they have caught, and indent further lines as the match is', async () => {
    const guard = `id: guard
language: TypeScript
message: m
rule: { pattern: 'assert($COND, $MESSAGE)' }
constraints: { MESSAGE: { kind: string } }
fix: |-
  if (!($COND)) {
    throw new Error($MESSAGE);
  }
`;
    const text = "function f(x: number) {\n  assert(x > 0, 'é');\n  assert(x, x);\n}\n";
    create({ guard }, { 'src/a.ts': text });
    const [made] = await fix('guard');
    expect(made?.grade).toBe('tests');
    expect(made?.edits[0]?.text).toBe(
      "function f(x: number) {\n  if (!(x > 0)) {\n    throw new Error('é');\n  };\n  assert(x, x);\n}\n",
    );
  });

  test.each([
    ['what they make they would find again', 'console.log(once($$$ARGS))'],
    ['what they make can not be parsed', 'const = ($$$ARGS'],
    ['they change nothing', 'console.log($$$ARGS)'],
  ])('make nothing where %s', async (_, becomes) => {
    create({ log: LOG.replace('log.info($$$ARGS)', `'${becomes}'`) }, { 'src/a.ts': 'console.log(1);\n' });
    expect(await fix('no-console')).toEqual([]);
  });

  test('make nothing without a fix, in files they are not for, and by names that are none', async () => {
    create(
      { log: LOG, plain: LOG.replace('no-console', 'plain').replace(/fix: .*\n/, '') },
      { 'src/a.ts': CODE, 'src/cli/a.ts': CODE },
    );
    expect(await fix('plain')).toEqual([]);
    expect(await fix('unknown')).toEqual([]);
    expect(await fix('no-console', 'src/cli/a.ts')).toEqual([]);
    expect(await fix('no-console', '../a.ts')).toEqual([]);
  });

  test('that are wrong are told by file, key and reason, and take nothing from the others', async () => {
    const wrong = {
      'a-typo': LOG.replace('pattern: console.log', 'patern: console.log'),
      'b-kind': 'id: kind\nlanguage: ts\nmessage: m\nrule: { kind: nonsense }\n',
      'c-language': 'id: language\nlanguage: cobol\nmessage: m\nrule: { kind: x }\n',
      'd-missing': 'id: missing\nlanguage: ts\nrule: { pattern: a }\nfixes: b\n',
      'e-regex': "id: regex\nlanguage: ts\nmessage: m\nrule: { pattern: $A }\nconstraints: { A: { regex: '(' } }\n",
      'f-yaml': 'id: [1\n',
      'g-twice': LOG,
      'h-twice': LOG,
      'i-inner': 'id: inner\nlanguage: ts\nmessage: m\nrule: { has: { stopBy: end, patern: x } }\n',
    };
    create(wrong, { 'src/a.ts': CODE });
    const { hits, problems } = await scan();
    expect(hits).toHaveLength(3);
    const at = (name: string): string | undefined => problems.find((problem) => problem.includes(name));
    expect(at('a-typo.yml')).toMatch(/^\.lightdom\/recipes\/a-typo\.yml: rule\.any\.0: .*patern/);
    expect(at('kind:')).toMatch(/kind: .*`nonsense`/i);
    expect(at('c-language.yml')).toContain('language: is one of TypeScript, Tsx, JavaScript, Html, Css, not cobol');
    expect(problems.filter((problem) => problem.includes('d-missing.yml'))).toHaveLength(2);
    expect(at('d-missing.yml')).toContain('message: ');
    expect(at('regex:')).toMatch(/constraints/);
    expect(at('f-yaml.yml')).toMatch(/at line \d/);
    expect(at('h-twice.yml')).toContain('id: no-console is there already');
    expect(at('i-inner.yml')).toMatch(/rule\.has: .*patern/);
  });

  test('that never end are stopped and named, and all others are still looked for', async () => {
    const deep = `export const a = ${'('.repeat(200)}1${')'.repeat(200)};\nconsole.log(a);\n`;
    create({ a: ENDLESS, log: LOG }, { 'src/a.ts': deep, 'src/b.ts': CODE });
    const begun = Date.now();
    const { hits, problems } = await scan({ fileMs: 1_000, totalMs: 30_000 });
    expect(Date.now() - begun).toBeLessThan(25_000);
    expect(problems).toEqual(['endless: took more than 1000 ms in src/a.ts, and is left out']);
    expect(hits.map(({ recipeId, path }) => `${recipeId} ${path}`)).toEqual([
      'no-console src/a.ts',
      ...Array.from({ length: 3 }, () => 'no-console src/b.ts'),
    ]);
  });

  test('stop at the time for all of them, and say what was not looked at', async () => {
    const deep = `export const a = ${'('.repeat(200)}1${')'.repeat(200)};\n`;
    create({ a: ENDLESS, log: LOG }, { 'src/a.ts': deep, 'src/b.ts': CODE });
    const { problems } = await scan({ fileMs: 20_000, totalMs: 3_000 });
    expect(problems).toEqual(['stopped after 3000 ms: 2 files were not looked at']);
  });

  test('stop when they are cancelled', async () => {
    create({ a: ENDLESS }, { 'src/a.ts': `export const a = ${'('.repeat(200)}1${')'.repeat(200)};\n` });
    const signal = AbortSignal.timeout(1_500);
    const failure = await failureOf(createRecipeScan().scan(workspace.root, signal));
    expect(failure).toMatchObject({ code: 'cancelled' });
  });

  test('are none without their folder', async () => {
    create({}, { 'src/a.ts': CODE });
    expect(await scan()).toEqual({ hits: [], recipes: 0, problems: [] });
  });
});
