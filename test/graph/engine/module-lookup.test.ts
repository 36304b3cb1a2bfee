import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';
import { afterAll, describe, expect, it } from 'vitest';
import { ModuleLookup } from '../../../src/graph/engine/module-lookup.ts';

const FILES = {
  'package.json': '{ "name": "w" }',
  'src/a.ts': '',
  'src/script.ts': 'var x = 1;\n',
  'src/view.tsx': '',
  'src/node.mts': '',
  'src/both.ts': '',
  'src/both.js': '',
  'src/plain.js': '',
  'src/folder/index.ts': '',
  'src/app.css': '',
  'src/odd.css': '',
  'src/odd.css.ts': '',
  'src/data.json': '{}',
  'src/typed.json': '{}',
  'src/typed.d.json.ts': 'declare const data: number; export default data;',
  'src/.hidden.js': '',
  'src/dotted.part.ts': '',
  'packages/linked/package.json': '{ "name": "linked", "main": "index.js" }',
  'packages/linked/index.js': '',
  'node_modules/untyped/package.json': '{ "name": "untyped", "main": "lib/main.js" }',
  'node_modules/untyped/lib/main.js': '',
  'node_modules/untyped/lib/other.js': '',
  'node_modules/@scope/untyped/package.json': '{ "name": "@scope/untyped" }',
  'node_modules/@scope/untyped/index.js': '',
  'node_modules/only-import/package.json':
    '{ "name": "only-import", "exports": { "./sub": { "import": "./sub.js" } } }',
  'node_modules/only-import/sub.js': '',
};

describe('where modules that the checker does not know lead', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-lookup-')));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(root, 'packages/linked'), join(root, 'node_modules/linked'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const importer = join(root, 'src/a.ts');
  const bundler = { target: 'esnext', module: 'esnext', moduleResolution: 'bundler' };
  const nodenext = { target: 'esnext', module: 'nodenext', moduleResolution: 'nodenext' };
  const kinds = {
    bundler,
    nodenext,
    mapped: { ...bundler, paths: { '*': [`${root}/src/*`] } },
    data: { ...nodenext, resolveJsonModule: true },
    noData: { ...bundler, resolveJsonModule: false },
  };

  /** A path within the workspace, `outside` or `nowhere`: what the graph makes of it. */
  const kindOf = (path: string | undefined): string => {
    if (path === undefined) return 'nowhere';
    const real = realpathSync(path);
    return real.includes('/node_modules/') ? 'outside' : real.slice(root.length + 1);
  };

  const found = (specifier: string, compilerOptions: Readonly<Record<string, unknown>>): string => {
    const project = { name: 'w', files: [importer], compilerOptions, basePath: root };
    return kindOf(new ModuleLookup([project]).find(specifier, { absolutePath: importer, project: 0 }));
  };

  const byCompiler = (specifier: string, compilerOptions: Readonly<Record<string, unknown>>): string => {
    const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, allowJs: true }, root);
    return kindOf(ts.resolveModuleName(specifier, importer, options, ts.sys).resolvedModule?.resolvedFileName);
  };

  const specifiers = ['./script', './script.js', './script.ts', './view', './view.jsx', './node.mjs', './both']
    .concat(['./both.js', './plain', './plain.js', './folder', './folder/', '.', '..', './missing', './missing.js'])
    .concat(['./app.css', './odd.css', './data.json', './dotted.part', './dotted.part.js', '../src/script'])
    .concat(['./missing.css', './missing.json', '../package.json', './typed.json', './.hidden.js', './.none.js'])
    .concat([
      './none/missing',
      './dotted',
      './dotted.css',
      './folder.js',
      './.hidden',
      '../packages/linked/package.json',
    ])
    .concat(['untyped', 'untyped/lib/other', 'untyped/lib/none', '@scope/untyped', 'linked', 'not-installed'])
    .concat(['only-import/sub', 'only-import/none', '#own', 'w']);

  it.each(specifiers)('%s is what the compiler says', (specifier) => {
    for (const options of Object.values(kinds)) {
      expect([specifier, found(specifier, options)]).toEqual([specifier, byCompiler(specifier, options)]);
    }
  });

  it('takes an installed package without a file to load for one from outside', () => {
    expect(found('only-import', bundler)).toBe('outside');
  });
});
