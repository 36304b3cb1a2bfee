import { describe, expect, test } from 'vitest';
import { normaliseOptions } from '../../../src/graph/discovery/compiler-options.ts';
import { readConfigText } from '../../../src/graph/discovery/config-host.ts';
import { readPlainConfig } from '../../../src/graph/discovery/plain-config.ts';
import type { ReadConfig } from '../../../src/graph/discovery/plain-config.ts';
import { SixConfigs } from '../../../src/graph/discovery/six-configs.ts';
import { walkSources } from '../../../src/graph/discovery/source-walk.ts';
import { workspace } from './workspace-fixture.ts';
import type { Files } from './workspace-fixture.ts';

/** Names that patterns treat in different ways. */
const SOURCES: Files = {
  'a.ts': '',
  'a.js': '',
  'a.d.ts': '',
  'b.tsx': '',
  'b.jsx': '',
  'c.d.ts': '',
  'c.js': '',
  'm.mts': '',
  'm.d.mts': '',
  'm.mjs': '',
  'k.cts': '',
  'k.d.cts': '',
  'only.d.mts': '',
  'only.mjs': '',
  'x.min.js': '',
  'x.min.ts': '',
  'src/one.ts': '',
  'src/one.test.ts': '',
  'src/deep/er/two.tsx': '',
  'src/deep/er/two.d.ts': '',
  'src/deep/dist/three.ts': '',
  'src/lib.d/four.ts': '',
  'src/a+b (c)/five.ts': '',
  'lib/six.js': '',
  'lib/out/seven.ts': '',
  'types/eight.d.ts': '',
  'base/tsconfig.json': {
    compilerOptions: { strict: true, rootDir: '.', paths: { '@/*': ['./*'] } },
    include: ['../src'],
  },
  'base/more.json': {
    compilerOptions: { target: 'es5', strict: false, outDir: '../lib/out' },
    exclude: ['../src/deep'],
  },
  'node_modules/@tsconfig/plain/package.json': { name: '@tsconfig/plain' },
  'node_modules/@tsconfig/plain/tsconfig.json': {
    compilerOptions: { strict: true, target: 'es2022', lib: ['es2023'], module: 'node16', skipLibCheck: true },
  },
  'node_modules/shared/package.json': { name: 'shared', main: 'index.js' },
  'node_modules/shared/configs/strict.json': {
    extends: '@tsconfig/plain',
    compilerOptions: { outDir: 'out', strict: false },
  },
  'node_modules/shared/node_modules/@tsconfig/plain/package.json': { name: '@tsconfig/plain' },
  'node_modules/shared/node_modules/@tsconfig/plain/tsconfig.json': { compilerOptions: { target: 'es2018' } },
  'node_modules/telling/package.json': { name: 'telling', exports: { './base': './real.json' } },
  'node_modules/telling/real.json': { compilerOptions: { strict: true } },
  'node_modules/telling/base.json': { compilerOptions: { strict: false } },
  'node_modules/pointing/package.json': { name: 'pointing', tsconfig: './real.json' },
  'node_modules/pointing/real.json': { compilerOptions: { strict: true } },
  'node_modules/pointing/tsconfig.json': { compilerOptions: { strict: false } },
  'base/nested.json': { extends: './more', files: ['../a.ts'], compilerOptions: { lib: ['ES6', 'DOM'] } },
};

/** All in `tsconfig.json` at the root, but for the last two. */
const PLAIN: Readonly<Record<string, object | string>> = {
  nothing: {},
  comments:
    '{\n  // a "comment"\n  "include": ["src", /* "lib", */ "a.ts",],\n  "compilerOptions": { "jsxFactory": "h//x", },\n}\n',
  'a folder': { include: ['src'] },
  'a folder, with slashes and dots': { include: ['./src/', 'lib/../types'] },
  'a folder with a dot': { include: ['src/lib.d', 'src/lib.d/**/*'] },
  'a folder with signs': { include: ['src/a+b (c)'] },
  'what does not exist': { include: ['nowhere', 'nowhere/*.ts'], files: ['gone.ts'] },
  'stars at each place': { include: ['*', 'src/*', 'src/**/*.tsx', '**/t*.ts', 'l*/**/*'] },
  'question marks': { include: ['?.ts', 'src/on?.ts', 'src/????/**/*'] },
  'names that begin with stars': { include: ['**/*.test.ts', '**/*e.ts'] },
  scripts: { compilerOptions: { allowJs: true } },
  'scripts that are checked': { compilerOptions: { checkJs: true }, include: ['lib', '*.js'] },
  'scripts that are not wanted': { compilerOptions: { checkJs: true, allowJs: false } },
  'scripts without declarations beside them': {
    compilerOptions: { allowJs: true },
    include: ['*.js', '*.mjs', '*.ts'],
  },
  'declarations before sources': { include: ['**/*.d.ts', '**/*.d.mts', '**/*'] },
  'sources before declarations': { include: ['**/*.ts', '**/*.mts', '**/*'] },
  'files beside patterns': { files: ['a.d.ts', 'a.js'], include: ['*'], compilerOptions: { allowJs: true } },
  'files alone': { files: ['a.ts', './src/one.ts'] },
  'no files': { files: [], references: [{ path: './base' }, { path: 'base/more.json' }] },
  'what is excluded': { exclude: ['**/*.test.ts', 'src/deep', 'lib/o*', '**/dist'] },
  'what is excluded with all below': { exclude: ['src/**', 'types/**/*'] },
  'an output folder': { compilerOptions: { outDir: './lib/out/', declarationDir: 'src/deep/dist', allowJs: true } },
  'an output folder and exclusions': { compilerOptions: { outDir: 'lib' }, exclude: ['types'] },
  options: {
    compilerOptions: {
      target: 'ES6',
      module: 'Node20',
      moduleDetection: 'Force',
      jsx: 'react-jsx',
      lib: ['ES2022', 'es7', 'DOM.Iterable', 'esnext'],
      types: ['node'],
      typeRoots: ['./types', 'node_modules/@types'],
      rootDirs: ['src', './lib/'],
      moduleSuffixes: ['.ios', ''],
      customConditions: ['source'],
      jsxImportSource: 'preact',
      noUncheckedIndexedAccess: true,
      incremental: true,
      plugins: [{ name: 'next' }],
      newLine: 'LF',
    },
  },
  'older options': {
    compilerOptions: { target: 'es5', module: 'commonjs', moduleResolution: 'node', baseUrl: './src' },
  },
  'module resolution alone': { compilerOptions: { moduleResolution: 'NodeNext' } },
  'paths from a base': { compilerOptions: { baseUrl: '.', paths: { '~/*': ['src/*', 'lib/*'] } } },
  'what a base includes': { extends: './base/tsconfig.json' },
  'a base without its extension': { extends: './base/tsconfig' },
  'several bases': { extends: ['./base/tsconfig.json', './base/nested.json'], compilerOptions: { jsx: 'react' } },
  'a base of a package': { extends: '@tsconfig/plain/tsconfig.json', include: ['src'] },
  'a package as a base': { extends: '@tsconfig/plain', compilerOptions: { target: 'es2020' } },
  'a base of a package with one of its own': { extends: ['./base/more', 'shared/configs/strict.json'] },
  'a base with its own base': { extends: './base/nested', include: ['types'] },
};

describe('a plain configuration is read as TypeScript reads it', () => {
  test.each(Object.entries(PLAIN))('%s', async (_title, config) => {
    const { plain, six } = await bothOf({ ...SOURCES, 'tsconfig.json': config }, 'tsconfig.json');
    expect(plain).toEqual(six);
  });

  test('for scripts', async () => {
    const { plain, six } = await bothOf({ ...SOURCES, 'jsconfig.json': { include: ['**/*'] } }, 'jsconfig.json');
    expect(plain?.files).toContain('/lib/six.js');
    expect(plain).toEqual(six);
  });

  test('with more around it than itself', async () => {
    const files = { ...SOURCES, 'src/tsconfig.json': { extends: '../base/tsconfig', include: ['../types', '.'] } };
    const { plain, six } = await bothOf(files, 'src/tsconfig.json');
    expect(plain?.files).toContain('/types/eight.d.ts');
    expect(plain).toEqual(six);
  });
});

const NOT_PLAIN: Readonly<Record<string, object | string>> = {
  'an unknown option': { compilerOptions: { strikt: true } },
  'an unknown key': { includes: ['src'] },
  'a wrong value': { compilerOptions: { target: 'es2077' } },
  'a value of a wrong type': { compilerOptions: { strict: 'true' } },
  'broken text': '{ "include": [ }',
  'commas alone': '{ "include": [,] }',
  'a list in place of an object': '[]',
  'a base of a package that is not installed': { extends: '@tsconfig/strictest/tsconfig.json' },
  'a base that a package exports': { extends: 'telling/base' },
  'a file of a package that has exports': { extends: 'telling/base.json' },
  'a base that a package points at': { extends: 'pointing' },
  'a way out of a package': { extends: 'shared/../telling/real.json' },
  'a base that is missing': { extends: './gone.json' },
  'a circle': { extends: './tsconfig.json' },
  'the folder of the extending file': { compilerOptions: { outDir: '${configDir}/dist' } },
  'a pattern that is refused': { include: ['src/**'] },
  'a way up behind a pattern': { exclude: ['**/../src'] },
  'a place on the disk': { include: ['/**/*.ts'] },
  'data files': { include: ['src/*.json'] },
};

test.each(Object.entries(NOT_PLAIN))('%s is left to TypeScript', async (_title, config) => {
  const { plain } = await bothOf({ ...SOURCES, 'tsconfig.json': config }, 'tsconfig.json');
  expect(plain).toBeUndefined();
});

interface Shown {
  readonly files: readonly string[];
  readonly rest: unknown;
}

interface Both {
  readonly plain: Shown | undefined;
  readonly six: Shown | undefined;
}

async function bothOf(files: Files, path: string): Promise<Both> {
  const root = workspace(files);
  const listing = await walkSources({ root, maxFiles: 100, pace: () => Promise.resolve() });
  const text = readConfigText(root, `${root}/${path}`) ?? '';
  const folder = `${root}/${path}`.slice(0, `/${path}`.lastIndexOf('/') + root.length);
  const shown = (config: ReadConfig | undefined): Shown | undefined =>
    config === undefined ? undefined : relative(config, { root, folder });
  const six = new SixConfigs(listing).read(`${root}/${path}`, text);
  return { plain: shown(readPlainConfig(`${root}/${path}`, text, listing)), six: shown(six.config) };
}

function relative(
  { options, files, references }: ReadConfig,
  { root, folder }: { readonly root: string; readonly folder: string },
): Shown {
  const { outDir, declarationDir, rootDir } = options;
  const rest = { options: normaliseOptions(options, folder), outDir, declarationDir, rootDir, references };
  return { files: files.map((file) => file.replace(root, '')).toSorted(), rest };
}
