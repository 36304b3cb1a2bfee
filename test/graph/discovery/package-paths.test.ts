import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { discover, onlyProject, pathsOf, workspace } from './workspace-fixture.ts';

describe('the packages of a workspace', () => {
  test('lead from their exports to their sources, without a build', async () => {
    const root = workspace({
      'package.json': { name: 'top', private: true, workspaces: ['packages/*'] },
      'packages/core/package.json': {
        name: '@scope/core',
        exports: {
          '.': { types: './dist/index.d.ts', import: './dist/index.mjs', require: './dist/cjs/index.cjs' },
          './deep': { import: { types: './dist/deep/index.d.mts', default: './dist/deep/index.mjs' } },
          './features/*': './dist/features/*.js',
          './styles.css': './styles.css',
          './package.json': './package.json',
          './internal/*': null,
          './escape': '../../outside.js',
        },
      },
      'packages/core/src/index.ts': '',
      'packages/core/src/deep/index.ts': '',
      'packages/core/src/features/one.ts': '',
      'packages/plain/package.json': { name: 'plain', main: './lib/main.js' },
      'packages/plain/src/main.tsx': '',
      'packages/bare/package.json': { name: 'bare' },
      'packages/bare/index.js': '',
      'packages/string/package.json': { name: 'string', exports: './src/entry.ts' },
      'packages/string/src/entry.ts': '',
      'packages/none/package.json': { name: 'none', exports: './dist/unknown.js' },
      'packages/none/src/other.ts': '',
    });
    expect(pathsOf(await discover(root))).toEqual({
      '@scope/core': ['packages/core/src/index.ts'],
      '@scope/core/deep': ['packages/core/src/deep/index.ts'],
      '@scope/core/features/*': ['packages/core/src/features/*'],
      plain: ['packages/plain/src/main.tsx'],
      'plain/*': ['packages/plain/*', 'packages/plain/src/*'],
      bare: ['packages/bare/index.js'],
      'bare/*': ['packages/bare/*'],
      string: ['packages/string/src/entry.ts'],
      'top/*': ['*'],
    });
  });

  test('are found by the compiler under their names, and what is not theirs in node_modules', async () => {
    const root = workspace({
      'package.json': { workspaces: ['packages/*'] },
      'tsconfig.json': { compilerOptions: { baseUrl: './app', paths: { '@/*': ['./*'] } } },
      'app/main.ts': '',
      'app/lib/tool.ts': '',
      'packages/core/package.json': {
        name: '@scope/core',
        exports: { '.': './dist/index.js', './f/*': './dist/features/*.js' },
      },
      'packages/core/src/index.ts': 'export {};',
      'packages/core/src/features/one.ts': 'export {};',
      'node_modules/other/package.json': { name: 'other', types: './index.d.ts' },
      'node_modules/other/index.d.ts': 'export {};',
    });
    const { compilerOptions, basePath } = onlyProject(await discover(root));
    const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, basePath);
    expect(errors).toEqual([]);
    const resolve = (name: string): string | undefined =>
      ts
        .resolveModuleName(name, `${root}/app/main.ts`, options, ts.sys)
        .resolvedModule?.resolvedFileName.slice(root.length + 1);
    expect(['@scope/core', '@scope/core/f/one', '@/main', 'lib/tool', 'other', 'nothing'].map(resolve)).toEqual([
      'packages/core/src/index.ts',
      'packages/core/src/features/one.ts',
      'app/main.ts',
      'app/lib/tool.ts',
      'node_modules/other/index.d.ts',
      undefined,
    ]);
  });

  test('are mapped by outDir and rootDir where those are unusual', async () => {
    const root = workspace({
      'pkg/package.json': { name: 'pkg', exports: './made/js/index.js' },
      'pkg/tsconfig.json': { compilerOptions: { outDir: 'made/js', rootDir: 'code' }, include: ['code'] },
      'pkg/code/index.ts': '',
    });
    expect(pathsOf(await discover(root))).toEqual({ pkg: ['pkg/code/index.ts'] });
  });

  test('give way to paths that a project writes itself, also to general ones', async () => {
    const root = workspace({
      'tsconfig.json': {
        compilerOptions: { paths: { lib: ['./mine.ts'], '@v/*': ['./p/*/src'], '*': ['./types/*'] } },
      },
      'mine.ts': '',
      'lib/package.json': { name: 'lib', exports: './index.ts' },
      'lib/index.ts': '',
      'p/shared/package.json': { name: '@v/shared', exports: './index.ts' },
      'p/shared/index.ts': '',
      'p/free/package.json': { name: 'free', exports: './index.ts' },
      'p/free/index.ts': '',
    });
    expect(pathsOf(await discover(root))).toEqual({
      lib: ['mine.ts'],
      '@v/*': ['p/*/src'],
      free: ['p/free/index.ts'],
      '*': ['types/*'],
    });
  });

  test('lead to TypeScript where the entry is a wrapper around the build', async () => {
    const root = workspace({
      'package.json': { name: 'wrapped', exports: { '.': { types: './dist/wrapped.d.ts', default: './index.js' } } },
      'index.js': "module.exports = require('./dist/wrapped.cjs');",
      'src/index.ts': '',
    });
    expect(pathsOf(await discover(root))).toEqual({ wrapped: ['src/index.ts'] });
  });

  test.each([
    ['pnpm-workspace.yaml', '# members\npackages:\n  - \'packages/*\' # all\n  - "!packages/skip"\ncatalog:\n  - x\n'],
    ['lerna.json', '{"packages": ["packages/*", "!packages/skip"]}'],
    ['package.json', '{"workspaces": {"packages": ["./packages/*", "!packages/skip"]}}'],
  ])('are only the members that %s declares', async (name, text) => {
    const member = { exports: './index.ts' };
    const root = workspace({
      [name]: text,
      'packages/a/package.json': { name: 'a', ...member },
      'packages/a/index.ts': '',
      'packages/skip/package.json': { name: 'skip', ...member },
      'packages/skip/index.ts': '',
      'packages/a/fixtures/react/package.json': { name: 'react', ...member },
      'packages/a/fixtures/react/index.ts': '',
    });
    expect(pathsOf(await discover(root))).toEqual({ a: ['packages/a/index.ts'] });
  });

  test('are not those that are installed for real', async () => {
    const root = workspace({
      'node_modules/react/package.json': { name: 'react' },
      'fixtures/react/package.json': { name: 'react', exports: './index.ts' },
      'fixtures/react/index.ts': '',
      'lib/package.json': { name: 'lib', exports: './index.ts' },
      'lib/index.ts': '',
    });
    symlinkSync('../lib', join(root, 'node_modules/lib'));
    mkdirSync(join(root, 'node_modules/.pnpm'));
    expect(pathsOf(await discover(root))).toEqual({ lib: ['lib/index.ts'] });
  });

  test('with a broken manifest are a warning', async () => {
    const root = workspace({
      'a/package.json': '{ nonsense',
      'b/package.json': '[]',
      'c/package.json': { name: 7, exports: 5, main: {} },
      'd/package.json': { name: '*', exports: './x.ts' },
      'd/x.ts': '',
    });
    const model = await discover(root);
    expect(model.warnings).toEqual([
      'a/package.json is not a valid package.json.',
      'b/package.json is not a valid package.json.',
    ]);
    expect(pathsOf(model)).toEqual({});
  });
});
