import { describe, expect, test } from 'vitest';
import type { GuardedFile, GuardRules } from '../../../src/agent/verify/guard/guard-rules.ts';
import { guardPatch } from '../../../src/agent/verify/guard/patch-guard.ts';

function rulesOf(file: Partial<GuardedFile>, rules: GuardRules = {}): string[] {
  const { reasons } = guardPatch([{ path: 'src/a.ts', base: undefined, text: undefined, ...file }], rules);
  return reasons.map(({ rule, line }) => (line === undefined ? rule : `${rule}:${line}`));
}

/** What is said of a text that takes the place of `export const a = 1;`. */
const added = (text: string, path = 'src/a.ts'): string[] => rulesOf({ path, base: 'export const a = 1;\n', text });

describe('the guard refuses by path', () => {
  test.each([
    ['test', 'src/a.test.ts'],
    ['test', 'src/a.spec.mjs'],
    ['test', 'test/support/b.ts'],
    ['test', 'src/__tests__/c.js'],
    ['test', 'src/__mocks__/fs.ts'],
    ['test', 'cypress/e2e/d.cy.ts'],
    ['test', 'types/a.test-d.ts'],
    ['test', 'src/setupTests.ts'],
    ['test', 'SRC/A.TEST.TS'],
    ['snapshot', 'src/__snapshots__/a.js.snap'],
    ['ci', '.github/workflows/ci.yml'],
    ['ci', '.gitlab-ci.yml'],
    ['ci', '.circleci/config.yml'],
    ['ci', 'azure-pipelines.yml'],
    ['ci', 'Jenkinsfile'],
    ['lockfile', 'package-lock.json'],
    ['lockfile', 'packages/a/pnpm-lock.yaml'],
    ['lockfile', 'bun.lockb'],
    ['config', 'tsconfig.json'],
    ['config', 'packages/a/tsconfig.build.json'],
    ['config', '.eslintrc.cjs'],
    ['config', 'eslint.config.ts'],
    ['config', 'biome.jsonc'],
    ['config', '.oxlintrc.json'],
    ['config', '.prettierrc'],
    ['config', 'vitest.config.mts'],
    ['config', 'vitest.workspace.ts'],
    ['config', 'src/vite.config.ts'],
    ['config', 'anything.config.js'],
    ['config', 'Dockerfile'],
    ['config', 'docker-compose.yml'],
    ['config', '.eslintignore'],
    ['config', 'AGENTS.md'],
    ['config', '.vscode/tasks.json'],
    ['git', '.git/config'],
    ['git', 'src/.gitattributes'],
    ['git', '.gitmodules'],
    ['git', '.husky/pre-commit'],
    ['secret_file', '.npmrc'],
    ['secret_file', '.env.local'],
    ['secret_file', 'keys/server.pem'],
    ['installed', 'node_modules/a/index.js'],
    ['outside', '../b.ts'],
    ['outside', '/etc/passwd'],
    ['outside', 'src//a.ts'],
    ['outside', 'src\\a.ts'],
    ['outside', 'C:/a.ts'],
    ['outside', '.git /config'],
  ])('%s: %s', (rule, path) => {
    expect(rulesOf({ path, base: 'x', text: 'y' })).toEqual([rule]);
  });

  test('but not sources whose names only resemble those', () => {
    const paths = [
      'src/latest.ts',
      'src/contest/a.ts',
      'src/config.ts',
      'src/app.config.ts',
      'src/release.ts',
      'src/data/available.json',
      'src/git/reader.ts',
      'src/environment.ts',
      'lib/tap.js',
      'packages/a/src/next.ts',
      'docs/guide.md',
      'styles/main.css',
    ];
    const refused = paths.filter((path) => rulesOf({ path, base: 'let a = 1;\n', text: 'let a = 2;\n' }).length > 0);
    expect(refused).toEqual([]);
  });

  test('a test that is deleted, and one that is renamed away', () => {
    expect(rulesOf({ path: 'src/a.test.ts', base: 'x', text: undefined })).toEqual(['test']);
    const moved = guardPatch([
      { path: 'test/a.test.ts', base: 'x', text: undefined },
      { path: 'src/a-old.ts', base: undefined, text: 'export {};\n' },
    ]);
    expect(moved.reasons.map(({ path }) => path)).toEqual(['test/a.test.ts']);
  });

  test('what is outside of the task, and what is a link', () => {
    const file = { path: 'src/b/c.ts', base: 'let a = 1;', text: 'let a = 2;' };
    expect(rulesOf(file, { allowedPaths: ['src/a.ts', 'src/b/'] })).toEqual([]);
    expect(rulesOf(file, { allowedPaths: ['src/a.ts', 'src/b'] })).toEqual(['scope']);
    expect(rulesOf({ ...file, isLink: true })).toEqual(['link']);
  });

  test('package.json, but for dependencies that the task is to remove', () => {
    const base = '{"scripts":{"test":"vitest"},"dependencies":{"a":"1","b":"2"}}';
    const fewer = { path: 'package.json', base, text: base.replace('"a":"1",', '') };
    expect(rulesOf(fewer)).toEqual(['manifest']);
    expect(rulesOf(fewer, { allowsDependencyRemoval: true })).toEqual([]);
    const others = [
      base.replace('vitest', 'true'),
      base.replace('"1"', '"2"'),
      base.replace('"b":"2"', '"b":"2","c":"1"'),
      '{',
      undefined,
    ];
    for (const text of others) {
      const file = { path: 'package.json', base, text };
      expect([text, ...rulesOf(file, { allowsDependencyRemoval: true })]).toEqual([text, 'manifest']);
    }
  });
});

describe('the guard refuses by what is added', () => {
  test.each([
    ['suppression:1', '// @ts-ignore\nexport const a: string = 1;\n'],
    ['suppression:1', '/* é — ünï @ts-expect-error */ export const a: string = 1;\n'],
    ['suppression:1', '//\u00a0@ts-ignore\nexport const a = 2;\n'],
    ['suppression:1', '// @ts-nocheck\nexport const a = 2;\n'],
    ['suppression:2', 'export const a = 2;\n/* eslint-disable no-eval */\n'],
    ['suppression:1', '/* eslint no-debugger: "off" */\nexport const a = 2;\n'],
    ['suppression:1', 'export const a = 2; // oxlint-disable-line\n'],
    ['suppression:1', '// biome-ignore lint: so\nexport const a = 2;\n'],
    ['any:1', 'export const a = (1 as any).x;\n'],
    ['any:1', 'export const a = (<any>1).x;\n'],
    ['any:1', 'export let a: any;\n'],
    ['any:1', 'export let a: Record<string, any[]>;\n'],
    ['any:1', 'export let a = 1 satisfies any;\n'],
    ['any:1', "declare module 'x';\n"],
    ['type_escape:1', 'export const a = 1 as unknown as string;\n'],
    ['type_escape:1', 'export const a = ((1 as unknown)) as string;\n'],
    ['type_escape:1', 'export const a: string = 1 as never;\n'],
    ['non_null:1', 'export const a = [1][0]!;\n'],
    ['non_null:1', 'export let a!: number;\n'],
    ['test_control:1', "it.skip('x', () => {});\n"],
    ['test_control:1', "it['skip']('x', () => {});\n"],
    ['test_control:1', "describe[`only`]('x', () => {});\n"],
    ['test_control:1', "test.concurrent.only('x', () => {});\n"],
    ['test_control:1', "xit('x', () => {});\n"],
    ['test_control:1', "test('x', { skip: true }, () => {});\n"],
    ['process_exit:1', 'process.exit(0);\n'],
    ['process_exit:1', "process['exit'](0);\n"],
    ['process_exit:1', 'globalThis.process.exitCode = 0;\n'],
    ['process_exit:1', "import { exit as leave } from 'node:process'; leave(0);\n"],
    ['empty_catch:1', 'try { a(); } catch { /* nothing */ }\n'],
    ['empty_catch:1', 'a().catch(() => {});\n'],
    ['reach:1', "import { exec } from 'node:child_process';\n"],
    ['reach:1', "import { exec } from 'child_process';\n"],
    ['reach:1', "export * from 'http';\n"],
    ['reach:1', "const cp = require('child_process');\n"],
    ['reach:1', "import cp = require('child_process');\n"],
    ['reach:1', 'await import(`node:net`);\n'],
    ['reach:1', "await import('node:' + 'net');\n"],
    ['reach:1', "process.getBuiltinModule('vm');\n"],
    ['reach:1', "await import('data:text/javascript,1');\n"],
    ['reach:1', "const load = fetch; load('x');\n"],
    ['reach:1', "globalThis['fetch']('x');\n"],
    ['reach:1', 'globalThis[a]();\n'],
    ['reach:1', "(0, eval)('1');\n"],
    ['reach:1', "new Function('return 1')();\n"],
    ['reach:1', "(() => {}).constructor('return 1')();\n"],
    ['reach:1', "setTimeout('a()', 1);\n"],
    ['secret:1', 'export const a = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";\n'],
    ['hidden_text:1', 'export const a = "x\u202ey";\n'],
    ['syntax:1', 'export const = ;\n'],
    ['syntax:1', `export const a = ${'['.repeat(3_000)}${']'.repeat(3_000)};\n`],
    ['binary', 'export const a = "\0";\n'],
  ])('%s: %s', (rule, text) => {
    expect(added(text)).toEqual([rule]);
  });

  test('types `any` in the comments of a script', () => {
    expect(added('/** @type {any} */\nexport const a = 1;\n', 'src/a.js')).toEqual(['any:1']);
    expect(added('/** @type {any} */\nexport const a = 1;\n')).toEqual([]);
  });

  test.each([
    ['words in strings', "export const a = 'it.skip(1) // @ts-ignore as any eval(1) process.exit()';\n"],
    ['words in templates', 'export const a = `// eslint-disable ${1} fetch(`;\n'],
    ['words in expressions that match', 'export const a = /@ts-ignore|as any/;\n'],
    ['prose about directives', '// the compiler never ignores this\nexport const a = 2;\n'],
    ['`as const`', 'export const a = [1] as const;\n'],
    ['`as unknown`', 'export const a = 1 as unknown;\n'],
    ['methods of those names', 'export const a = [].skip(1).only(2);\n'],
    ['types of modules', "import type { Server } from 'node:http';\nexport type A = Server;\n"],
    ['members and types of those names', 'export const a = { fetch: 1 }.fetch;\nexport type F = typeof fetch;\n'],
    ['an export without a module', 'const a = 2;\nexport { a };\n'],
    ['a catch that handles', 'try { b(); } catch (error) { report(error); }\n'],
    ['constructors of the same class', 'export class A { b() { return new this.constructor(); } }\n'],
    ['text of other scripts', "export const a = 'ünïcödé 漢字 🎉';\r\n"],
  ])('and allows %s', (_what, text) => {
    expect(added(text)).toEqual([]);
  });

  test('in components, line by line', () => {
    expect(added('<script>\n// @ts-ignore\nlet a;\n</script>\n', 'src/A.vue')).toEqual(['suppression:2']);
    expect(added('<script>\nlet a = 2;\n</script>\n', 'src/A.vue')).toEqual([]);
  });
});

describe('the guard compares with what was there', () => {
  test('so that what stays, and what moves, is no reason', () => {
    const base = `import { exec } from 'node:child_process';
// @ts-ignore
const x: any = run(y as any);
try { a(); } catch {}
export const last = list[0]!;
`;
    const text = `// A comment above.\n${base.replace('last = list', 'final = other').replace('a();', 'b();')}`;
    expect(rulesOf({ base, text })).toEqual([]);
  });

  test('so that a directive that moves to other code is one', () => {
    const base = '// @ts-ignore\nconst a: string = 1;\nconst b = 2;\n';
    const text = 'const a: string = "1";\n// @ts-ignore\nconst b: string = 2;\n';
    expect(rulesOf({ base, text })).toEqual(['suppression:2']);
  });

  test('so that a second of the same is one', () => {
    const base = 'const a = x as any;\n';
    expect(rulesOf({ base, text: `${base}const b = x as any;\n` })).toEqual(['any:2']);
  });

  test('so that assertions that are gone are one, with their old line', () => {
    const base = 'export function f(x: number) {\n  assert(x > 0);\n  assert.ok(x < 9);\n  return x;\n}\n';
    const text = base.replace('  assert(x > 0);\n', '');
    const { reasons } = guardPatch([{ path: 'src/a.ts', base, text }]);
    expect(reasons.map(({ message }) => message)).toEqual([
      'src/a.ts (line 2 before): the assertion `assert(x > 0)` was removed. Put it back, and mend what it checks.',
    ]);
  });

  test('so that a catch that is emptied is one', () => {
    const base = 'try { a(); } catch (error) { report(error); }\n';
    expect(rulesOf({ base, text: base.replace('report(error);', '') })).toEqual(['empty_catch:1']);
  });

  test('so that a way out that the file has may be used again', () => {
    const base = "await fetch('a');\n";
    expect(rulesOf({ base, text: `${base}await fetch('b');\n` })).toEqual([]);
    expect(rulesOf({ base, text: `${base}new WebSocket('b');\n` })).toEqual(['reach:2']);
  });

  test('also where the base could not be parsed', () => {
    const base = '// @ts-ignore\nconst a = x as any;\nconst b = ;\n';
    expect(rulesOf({ base, text: base.replace('b = ;', 'b = 1;') })).toEqual([]);
    expect(rulesOf({ base, text: base.replace('b = ;', 'b = 1 as any;') })).toEqual(['any:3']);
  });
});

describe('the guard keeps patches small', () => {
  const file = (path: string, lines: number): GuardedFile => ({ path, base: '', text: 'a;\n'.repeat(lines) });

  test('by files, lines and bytes', () => {
    const files = ['a', 'b', 'c'].map((name) => file(`src/${name}.ts`, 2));
    expect(guardPatch(files, { maxFiles: 3, maxDiffLines: 6 }).verdict).toBe('allowed');
    expect(guardPatch(files, { maxFiles: 2, maxDiffLines: 5 }).reasons.map(({ message }) => message)).toEqual([
      'The patch changes 3 files, at most 2 are allowed. Make it smaller.',
      'The patch changes 6 lines, at most 5 are allowed. Make it smaller.',
    ]);
    expect(rulesOf(file('src/a.ts', 10), { maxFileBytes: 29 })).toEqual(['size']);
  });

  test('and does not count files that stay as they are', () => {
    expect(guardPatch([{ path: 'package.json', base: '{}', text: '{}' }])).toEqual({ verdict: 'allowed', reasons: [] });
  });

  test('and says where and what to do', () => {
    const text = 'export const a = 1;\n// @ts-ignore\nexport const b: string = a;\n';
    const { reasons } = guardPatch([{ path: 'src/a.ts', base: 'export const a = 1;\n', text }]);
    expect(reasons[0]?.message).toBe(
      'src/a.ts:2: the comment `@ts-ignore` silences a check. Take it out and mend the cause.',
    );
  });
});
