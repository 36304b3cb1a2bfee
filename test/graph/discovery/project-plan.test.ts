import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { discover, onlyProject, pathsOf, projectFiles, typedPaths, workspace } from './workspace-fixture.ts';

describe('each file', () => {
  test('belongs to the nearest configuration that lists it', async () => {
    const root = workspace({
      'tsconfig.json': { compilerOptions: { strict: false } },
      'a.ts': '',
      'pkg/tsconfig.json': { compilerOptions: { target: 'es2020' }, include: ['src'] },
      'pkg/src/b.ts': '',
      'pkg/test/c.ts': '',
    });
    expect(projectFiles(await discover(root))).toEqual({
      'tsconfig.json': ['a.ts', 'pkg/test/c.ts'],
      'pkg/tsconfig.json': ['pkg/src/b.ts'],
    });
  });

  test('that no configuration lists takes the options of the one around it', async () => {
    const root = workspace({
      'tsconfig.json': { compilerOptions: { jsx: 'react-jsx' }, include: ['src'], exclude: ['**/*.test.ts'] },
      'src/a.ts': '',
      'src/a.test.ts': '',
      'scripts/build.mjs': '',
    });
    const project = onlyProject(await discover(root));
    expect(project.files).toEqual([`${root}/scripts/build.mjs`, `${root}/src/a.test.ts`, `${root}/src/a.ts`]);
    expect(project.compilerOptions).toMatchObject({ jsx: 'react-jsx', allowJs: true, checkJs: false });
  });

  test('of a solution goes to the configuration that it refers to', async () => {
    const root = workspace({
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }, { path: './tsconfig.node.json' }] },
      'tsconfig.app.json': { compilerOptions: { strict: false }, include: ['src'] },
      'tsconfig.node.json': { compilerOptions: { module: 'nodenext' }, include: ['vite.config.ts'] },
      'tsconfig.unused.json': { include: ['src'] },
      'src/a.ts': '',
      'vite.config.ts': '',
      'stray.ts': '',
    });
    const model = await discover(root);
    expect(projectFiles(model)).toEqual({
      'tsconfig.app.json': ['src/a.ts', 'stray.ts'],
      'tsconfig.node.json': ['vite.config.ts'],
    });
    expect(model.warnings).toEqual([]);
  });

  test('of declarations that no configuration lists is apart from those that would not include it', async () => {
    const root = workspace({
      'tsconfig.json': { include: ['src', 'known.d.ts'] },
      'src/a.ts': '',
      'known.d.ts': '',
      'types/shim.d.ts': `declare module 'core' { interface Extra {} }`,
    });
    expect(projectFiles(await discover(root))).toEqual({
      'tsconfig.json': ['known.d.ts', 'src/a.ts'],
      'tsconfig.json, declarations not listed': ['types/shim.d.ts'],
    });
  });

  test('without any configuration is in the synthetic project', async () => {
    const root = workspace({ 'a.js': '', 'b.ts': '' });
    const project = onlyProject(await discover(root));
    expect(project).toEqual({
      name: '(no tsconfig)',
      files: [`${root}/a.js`, `${root}/b.ts`],
      basePath: root,
      compilerOptions: {
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        types: [],
        target: 'esnext',
        module: 'esnext',
        moduleResolution: 'bundler',
        jsx: 'preserve',
        strict: true,
        allowJs: true,
        checkJs: false,
      },
    });
  });

  test('under a jsconfig.json takes its paths', async () => {
    const root = workspace({ 'jsconfig.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } }, 'src/a.js': '' });
    const model = await discover(root);
    expect(projectFiles(model)).toEqual({ 'jsconfig.json': ['src/a.js'] });
    expect(pathsOf(model)).toEqual({ '@/*': ['src/*'] });
  });
});

describe('options', () => {
  test('keep what decides meaning, in the words of a tsconfig, and drop the rest', async () => {
    const root = workspace({
      'tsconfig.base.json': { compilerOptions: { strict: true, paths: { '#lib/*': ['./lib/*'] }, declaration: true } },
      'pkg/tsconfig.json': {
        extends: '../tsconfig.base.json',
        compilerOptions: {
          target: 'ES5',
          module: 'commonjs',
          moduleResolution: 'node',
          lib: ['ES2022', 'DOM.Iterable'],
          jsx: 'react-jsx',
          types: ['node'],
          moduleDetection: 'force',
          experimentalDecorators: true,
          noUnusedLocals: true,
          composite: true,
          incremental: true,
          outDir: 'dist',
          sourceMap: true,
        },
      },
      'pkg/a.ts': '',
      'lib/x.d.ts': '',
    });
    const { projects } = await discover(join(root, 'pkg'));
    expect(projects).toHaveLength(1);
    expect(projects[0]?.basePath).toBe(`${root}/pkg`);
    expect(projects[0]?.compilerOptions).toEqual({
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      target: 'es2015',
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['es2022', 'dom.iterable'],
      jsx: 'react-jsx',
      types: ['node'],
      moduleDetection: 'force',
      experimentalDecorators: true,
      strict: true,
      paths: { '#lib/*': [`${root}/lib/*`] },
    });
  });

  test.each([
    [{ module: 'nodenext' }, 'nodenext', 'nodenext', 'esnext'],
    [{ module: 'node16', target: 'es2022' }, 'node16', 'node16', 'es2022'],
    [{ module: 'node20', target: 'es2025' }, 'node20', 'node16', 'es2025'],
    [{ module: 'preserve', target: 'esnext' }, 'esnext', 'bundler', 'esnext'],
    [{ target: 'es2015' }, 'esnext', 'bundler', 'es2015'],
  ])('of %j resolve modules as asked for', async (compilerOptions, ...names) => {
    const root = workspace({ 'tsconfig.json': { compilerOptions }, 'a.ts': '' });
    const [module, moduleResolution, target] = names;
    const options = onlyProject(await discover(root)).compilerOptions;
    expect(options).toMatchObject({ module, moduleResolution, target });
  });

  test('turn baseUrl into paths, behind those that are written out', async () => {
    const root = workspace({
      'tsconfig.json': { compilerOptions: { baseUrl: 'src', paths: { '@/*': ['app/*', '/abs/*'] } } },
      'src/a.ts': '',
    });
    const model = await discover(root);
    expect(onlyProject(model).compilerOptions).not.toHaveProperty('baseUrl');
    expect(pathsOf(model)).toEqual({ '@/*': ['src/app/*', '/abs/*'], '*': ['src/*'] });
  });
});

describe('projects', () => {
  test('that mean the same become one', async () => {
    const tsconfig = { extends: '../../base.json', compilerOptions: { outDir: 'dist', composite: true } };
    const root = workspace({
      'base.json': { compilerOptions: { strict: true } },
      ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`p/${name}/tsconfig.json`, tsconfig])),
      ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`p/${name}/x.ts`, ''])),
      'p/a/y.js': '',
    });
    const project = onlyProject(await discover(root));
    expect(project.name).toBe('p/a/tsconfig.json, p/b/tsconfig.json, p/c/tsconfig.json and 2 more');
    expect(project.files).toHaveLength(6);
    expect(project.compilerOptions['allowJs']).toBe(true);
  });

  test('whose paths lead to different places stay apart', async () => {
    const tsconfig = { compilerOptions: { paths: { '@/*': ['./src/*'] } } };
    const root = workspace({
      'a/tsconfig.json': tsconfig,
      'b/tsconfig.json': tsconfig,
      'c/tsconfig.json': {},
      'a/src/x.ts': '',
      'b/src/x.ts': '',
      'c/src/x.ts': '',
    });
    expect(Object.keys(projectFiles(await discover(root)))).toEqual([
      'a/tsconfig.json, c/tsconfig.json',
      'b/tsconfig.json',
    ]);
  });
});

describe('a broken configuration', () => {
  test('is a warning with file and line, and its files are typed all the same', async () => {
    const root = workspace({
      'bad/tsconfig.json': '{\n  "compilerOptions": {\n    "strict": true\n',
      'bad/a.ts': '',
      'bom/tsconfig.json': '\uFEFF{ "compilerOptions": { /* note */ "strict": false, }, }',
      'bom/a.ts': '',
      'circle/tsconfig.json': { extends: './other.json' },
      'circle/other.json': { extends: './tsconfig.json' },
      'circle/a.ts': '',
      'gone/tsconfig.json': '{\n  "extends": "./nothing.json",\n  "compilerOptions": { "strict": false }\n}',
      'gone/a.ts': '',
      'odd/tsconfig.json': '{\n  "compilerOptions": {\n    "strict": false,\n    "frobnicate": 1\n  }\n}',
      'odd/a.ts': '',
      'refers/tsconfig.json': { references: [{ path: '../nowhere' }], files: [] },
      'refers/a.ts': '',
      'empty/tsconfig.json': '',
      'empty/a.ts': '',
    });
    const model = await discover(root);
    expect(typedPaths(model)).toHaveLength(7);
    expect(projectFiles(model)).toMatchInlineSnapshot(`
      {
        "(no tsconfig)": [
          "bad/a.ts",
          "circle/a.ts",
        ],
        "bom/tsconfig.json, gone/tsconfig.json, odd/tsconfig.json": [
          "bom/a.ts",
          "gone/a.ts",
          "odd/a.ts",
        ],
        "empty/tsconfig.json, refers/tsconfig.json": [
          "empty/a.ts",
          "refers/a.ts",
        ],
      }
    `);
    expect(model.warnings.map((warning) => warning.replaceAll(root, '<root>'))).toMatchInlineSnapshot(`
      [
        "bad/tsconfig.json:4: '}' expected.",
        "circle/tsconfig.json:1: Circularity detected while resolving configuration: <root>/circle/tsconfig.json -> <root>/circle/other.json -> <root>/circle/tsconfig.json",
        "gone/tsconfig.json:2: Cannot read file '<root>/gone/nothing.json'.",
        "odd/tsconfig.json:4: Unknown compiler option 'frobnicate'.",
        "refers/tsconfig.json refers to nowhere/tsconfig.json, which does not exist.",
      ]
    `);
  });

  test('that is a folder or far too large does no harm', async () => {
    const root = workspace({ 'tsconfig.json/a.ts': '', 'pkg/a.ts': '' });
    writeFileSync(join(root, 'pkg/tsconfig.json'), `{}${' '.repeat(1_000_001)}`);
    const model = await discover(root);
    expect(typedPaths(model)).toEqual(['pkg/a.ts', 'tsconfig.json/a.ts']);
    expect(model.warnings).toEqual(["pkg/tsconfig.json can't be read, or is larger than 1 MB."]);
  });

  test('can not reach files outside the workspace by a link', async () => {
    const outside = workspace({ 'secret.json': { compilerOptions: { secretOption: true } } });
    const root = workspace({ 'tsconfig.json': { extends: './link.json' }, 'b.ts': '' });
    symlinkSync(join(outside, 'secret.json'), join(root, 'link.json'));
    const model = await discover(root);
    expect(typedPaths(model)).toEqual(['b.ts']);
    expect(model.warnings.join()).not.toContain('secretOption');
  });

  test('can not reach files outside the workspace', async () => {
    const outside = workspace({ 'secret.json': { compilerOptions: { secretOption: true } }, 'a.ts': '' });
    const root = workspace({
      'tsconfig.json': { extends: `${outside}/secret.json`, include: [`${outside}/**/*`, '.'] },
      'b.ts': '',
    });
    const model = await discover(root);
    expect(typedPaths(model)).toEqual(['b.ts']);
    expect(model.warnings.join()).not.toContain('secretOption');
  });
});
