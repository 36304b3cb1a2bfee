import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';
import { afterAll, describe, expect, it } from 'vitest';
import { ModuleLookup } from '../../../src/graph/engine/module-lookup.ts';

const FILES = {
  'package.json': '{ "name": "w" }',
  'src/a.ts': '',
  'esm/package.json': '{ "type": "module" }',
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

  const modeOf = (from: string, options: Readonly<Record<string, unknown>>): ts.ResolutionMode => {
    const isOfNode = options['moduleResolution'] === 'nodenext';
    const isModule = /\.m[jt]s$/.test(from) || (from.endsWith('.ts') && from.includes('/esm/'));
    return isOfNode ? (isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS) : undefined;
  };

  const resolved = (
    specifier: string,
    from: string,
    by: { readonly options: Readonly<Record<string, unknown>>; readonly mode: ts.ResolutionMode },
  ): string | undefined => {
    const { options } = ts.convertCompilerOptionsFromJson({ ...by.options, allowJs: true }, root);
    const found = ts.resolveModuleName(specifier, from, options, ts.sys, undefined, undefined, by.mode);
    return found.resolvedModule?.resolvedFileName;
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

  /** By the first path alone, where there is a file. */
  const first = (
    specifier: string,
    from: string,
    compilerOptions: Readonly<Record<string, unknown>>,
  ): string | undefined => {
    const project = { name: 'w', files: [from], compilerOptions, basePath: root };
    const path = new ModuleLookup([project]).first(specifier, { absolutePath: from, project: 0 });
    return path !== undefined && existsSync(path) ? path : undefined;
  };

  it.each(specifiers)(
    '%s leads to the first path that has a file, if the compiler finds it from there',
    (specifier) => {
      for (const from of [
        importer,
        join(root, 'esm/a.ts'),
        join(root, 'esm/a.cts'),
        join(root, 'src/a.mts'),
        join(root, 'src/a.mjs'),
      ]) {
        for (const options of Object.values(kinds)) {
          const place = specifier.replace(/^\.\//, '../src/');
          const byAllRules = resolved(place, from, { options, mode: modeOf(from, options) });
          const path = first(place, from, options) ?? byAllRules;
          expect([from, place, path]).toEqual([from, place, byAllRules]);
        }
      }
    },
  );

  it('leads by the first path wherever nothing but the ending is missing, except in modules of Node', () => {
    const view = ['./script', './script.js', './script.ts', './view.jsx', './node.mjs', './dotted.part', './odd.css'];
    expect(view.map((each) => first(each, importer, bundler) !== undefined)).not.toContain(false);
    expect(view.map((each) => first(each, importer, nodenext) !== undefined)).not.toContain(false);
    const inModule = view.map(
      (each) => first(each.replace('./', '../src/'), join(root, 'esm/a.ts'), nodenext) !== undefined,
    );
    expect(inModule).toEqual([false, true, true, true, true, false, false]);
    expect(first('./script', importer, { ...bundler, rootDirs: ['src', 'other'] })).toBeUndefined();
    expect(
      ['./view', './plain', './folder', '.', './missing', './data.json'].map((each) => first(each, importer, bundler)),
    ).toEqual(Array.from({ length: 6 }, () => undefined));
  });

  it('knows packages that are none of the workspace', () => {
    const lookup = new ModuleLookup([{ name: 'w', files: [], compilerOptions: kinds.bundler, basePath: root }]);
    const isOutside = (specifier: string): boolean =>
      lookup.isOutside(specifier, { absolutePath: importer, project: 0 });
    expect(['untyped', '@scope/untyped', 'not-installed', '*.svg'].map(isOutside)).not.toContain(false);
    expect(['linked', 'w', '#own'].map(isOutside)).not.toContain(true);
  });

  it.each(specifiers)('%s is what the compiler says', (specifier) => {
    for (const options of Object.values(kinds)) {
      expect([specifier, found(specifier, options)]).toEqual([specifier, byCompiler(specifier, options)]);
    }
  });

  it('takes an installed package without a file to load for one from outside', () => {
    expect(found('only-import', bundler)).toBe('outside');
  });
});
