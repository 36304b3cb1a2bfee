import { resolve } from 'node:path';
import { isObject } from './loose-json.ts';
import { KEPT_OPTIONS } from './spelled-options.ts';
import type { SpelledOptions } from './spelled-options.ts';

/** What is left of a value; undefined for one that is not as it should be. */
type Reader = (value: unknown, folder: string) => unknown;

const flag: Reader = (value) => (typeof value === 'boolean' ? value : undefined);
const text: Reader = (value) => (typeof value === 'string' && value !== '' ? value : undefined);
const path: Reader = (value, folder) =>
  typeof value === 'string' && value !== '' ? absolutePath(folder, value) : undefined;

function listOf(reader: Reader): Reader {
  return (value, folder) => {
    if (!Array.isArray(value)) return undefined;
    const items = value.map((item) => reader(item, folder));
    return items.includes(undefined) ? undefined : items;
  };
}

function oneOf(names: readonly string[], others: Readonly<Record<string, string>> = {}): Reader {
  return (value) => {
    if (typeof value !== 'string') return undefined;
    const name = value.toLowerCase();
    return names.includes(name) ? name : others[name];
  };
}

const YEARS = ['es2015', 'es2016', 'es2017', 'es2018', 'es2019', 'es2020', 'es2021', 'es2022', 'es2023', 'es2024'];
const TARGETS = ['es5', ...YEARS, 'es2025', 'esnext'];
const HOSTS = ['dom', 'dom.iterable', 'dom.asynciterable', 'webworker', 'webworker.iterable', 'scripthost'];
const NODE_MODULES = ['node16', 'node18', 'node20', 'nodenext'];
const MODULES = ['commonjs', 'es2015', 'es2020', 'es2022', 'esnext', 'preserve', ...NODE_MODULES];

const patterns: Reader = (value) =>
  isObject(value) && Object.values(value).every((targets) => listOf(text)(targets, '') !== undefined)
    ? value
    : undefined;

/** Of those that `SpelledOptions` names. */
const NAMED: ReadonlyMap<string, Reader> = new Map([
  ['target', oneOf(TARGETS, { es6: 'es2015' })],
  ['module', oneOf(MODULES, { es6: 'es2015' })],
  ['moduleResolution', oneOf(['node10', 'node16', 'nodenext', 'bundler'], { node: 'node10' })],
  ['moduleDetection', oneOf(['auto', 'legacy', 'force'])],
  ['jsx', oneOf(['preserve', 'react', 'react-native', 'react-jsx', 'react-jsxdev'])],
  ['lib', listOf(oneOf([...TARGETS, ...HOSTS], { es6: 'es2015', es7: 'es2016' }))],
  ['types', listOf(text)],
  ['typeRoots', listOf(path)],
  ['allowJs', flag],
  ['checkJs', flag],
  ['baseUrl', path],
  ['paths', patterns],
  ['rootDir', path],
  ['outDir', path],
  ['declarationDir', path],
]);

const KEPT: ReadonlyMap<string, Reader> = new Map([
  ...KEPT_OPTIONS.map((name) => [name, flag] as const),
  ...['jsxFactory', 'jsxFragmentFactory', 'jsxImportSource'].map((name) => [name, text] as const),
  ['customConditions', listOf(text)],
  ['moduleSuffixes', listOf((value) => (typeof value === 'string' ? value : undefined))],
  ['rootDirs', listOf(path)],
]);

/** Read, to see that nothing is wrong with them, and dropped. */
const DROPPED: ReadonlyMap<string, Reader> = new Map([
  ...[
    'allowImportingTsExtensions',
    'allowSyntheticDefaultImports',
    'allowUnreachableCode',
    'allowUnusedLabels',
    'alwaysStrict',
    'composite',
    'declaration',
    'declarationMap',
    'disableReferencedProjectLoad',
    'disableSolutionSearching',
    'disableSourceOfProjectReferenceRedirect',
    'downlevelIteration',
    'emitDeclarationOnly',
    'emitDecoratorMetadata',
    'erasableSyntaxOnly',
    'esModuleInterop',
    'forceConsistentCasingInFileNames',
    'importHelpers',
    'incremental',
    'inlineSourceMap',
    'inlineSources',
    'isolatedDeclarations',
    'isolatedModules',
    'libReplacement',
    'noEmit',
    'noEmitHelpers',
    'noEmitOnError',
    'noErrorTruncation',
    'noFallthroughCasesInSwitch',
    'noImplicitOverride',
    'noImplicitReturns',
    'noUncheckedSideEffectImports',
    'noUnusedLocals',
    'noUnusedParameters',
    'preserveConstEnums',
    'preserveWatchOutput',
    'pretty',
    'removeComments',
    'resolveJsonModule',
    'rewriteRelativeImportExtensions',
    'skipDefaultLibCheck',
    'skipLibCheck',
    'sourceMap',
    'stripInternal',
    'verbatimModuleSyntax',
  ].map((name) => [name, flag] as const),
  ...['ignoreDeprecations', 'mapRoot', 'outFile', 'sourceRoot', 'tsBuildInfoFile'].map((name) => [name, text] as const),
  ['newLine', oneOf(['crlf', 'lf'])],
  ['plugins', listOf((value) => (isObject(value) ? value : undefined))],
]);

/** The `compilerOptions` of a file in `folder`, without what it extends; undefined when any of them is not plain. */
export function readPlainOptions(
  given: Readonly<Record<string, unknown>>,
  folder: string,
): Partial<SpelledOptions> | undefined {
  const named: Record<string, unknown> = {};
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const reader = NAMED.get(name) ?? KEPT.get(name) ?? DROPPED.get(name);
    const read = reader?.(value, folder);
    if (read === undefined) return undefined;
    if (NAMED.has(name)) named[name] = read;
    if (KEPT.has(name)) kept[name] = read;
  }
  return { ...named, ...(named['paths'] !== undefined && { pathsBasePath: folder }), kept };
}

/** With forward slashes, and without one at the end. */
export function absolutePath(folder: string, path: string): string {
  return resolve(folder, path).replaceAll('\\', '/');
}
