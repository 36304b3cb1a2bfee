import { resolve } from 'node:path';
import type { ts } from 'ts-morph';
import { typescript } from './typescript-six.ts';

/** Compiler options as a tsconfig file spells them. */
export type PlainOptions = Readonly<Record<string, unknown>>;

/**
 * Options that decide what a name means. All others (output, diagnostics, build modes) are dropped: they cost time,
 * differ between projects that could share one program, and newer compilers refuse some of them.
 */
const KEPT = [
  'allowArbitraryExtensions',
  'allowUmdGlobalAccess',
  'customConditions',
  'exactOptionalPropertyTypes',
  'experimentalDecorators',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'moduleSuffixes',
  'noImplicitAny',
  'noImplicitThis',
  'noLib',
  'noPropertyAccessFromIndexSignature',
  'noUncheckedIndexedAccess',
  'preserveSymlinks',
  'resolvePackageJsonExports',
  'resolvePackageJsonImports',
  'rootDirs',
  'strict',
  'strictBindCallApply',
  'strictBuiltinIteratorReturn',
  'strictFunctionTypes',
  'strictNullChecks',
  'strictPropertyInitialization',
  'useDefineForClassFields',
  'useUnknownInCatchVariables',
] as const;

const JSX = ['preserve', 'preserve', 'react', 'react-native', 'react-jsx', 'react-jsxdev'] as const;
const MODULE_DETECTION = ['auto', 'legacy', 'auto', 'force'] as const;

/** For every program: nothing is written, libraries are trusted, no global types unless they are listed. */
const ALWAYS = { noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [] } as const;

/** The options of files that belong to no tsconfig. */
export const SYNTHETIC_OPTIONS: PlainOptions = {
  ...ALWAYS,
  target: 'esnext',
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'preserve',
  strict: true,
};

/** The parsed options of a tsconfig as plain ones, with `paths` made absolute. */
export function normaliseOptions(options: ts.CompilerOptions, configFolder: string): PlainOptions {
  const result: Record<string, unknown> = { ...ALWAYS, ...moduleOptions(options), jsx: JSX[options.jsx ?? 0] };
  result['target'] = targetName(options.target);
  for (const name of KEPT) if (options[name] !== undefined) result[name] = options[name];
  if (options.moduleDetection !== undefined) result['moduleDetection'] = MODULE_DETECTION[options.moduleDetection];
  if (options.lib !== undefined) result['lib'] = options.lib.map((file) => file.replace(/^lib\.|\.d\.ts$/g, ''));
  if (options.types !== undefined && options.types.length > 0) {
    result['types'] = options.types;
    if (options.typeRoots !== undefined) result['typeRoots'] = options.typeRoots;
  }
  const paths = absolutePaths(options, configFolder);
  if (Object.keys(paths).length > 0) result['paths'] = paths;
  return result;
}

/**
 * Node's own rules where they are asked for, otherwise those of bundlers, which understand every layout that the
 * older ones do. Newer compilers have no others.
 */
function moduleOptions(options: ts.CompilerOptions): PlainOptions {
  const { module, moduleResolution } = options;
  const asked =
    module !== undefined && module >= typescript.ModuleKind.Node16 && module <= typescript.ModuleKind.NodeNext;
  if (asked) {
    const isLatest = module === typescript.ModuleKind.NodeNext;
    return { module: typescript.ModuleKind[module].toLowerCase(), moduleResolution: isLatest ? 'nodenext' : 'node16' };
  }
  if (moduleResolution === typescript.ModuleResolutionKind.Node16)
    return { module: 'node16', moduleResolution: 'node16' };
  if (moduleResolution === typescript.ModuleResolutionKind.NodeNext)
    return { module: 'nodenext', moduleResolution: 'nodenext' };
  return { module: 'esnext', moduleResolution: 'bundler' };
}

/** `es5` and older are gone from newer compilers; their library is a part of the next one's. */
function targetName(target: ts.ScriptTarget | undefined): string {
  if (target === undefined || target >= typescript.ScriptTarget.ESNext) return 'esnext';
  // The last year's number has a second name in the enumeration.
  if (target === typescript.ScriptTarget.ES2025) return 'es2025';
  return target < typescript.ScriptTarget.ES2015 ? 'es2015' : typescript.ScriptTarget[target].toLowerCase();
}

/**
 * Targets of `paths` count from `baseUrl`, or else from the file that declares them, which may be an extended one.
 * `baseUrl` alone also lets bare names start there; newer compilers only know that as a path.
 */
function absolutePaths(options: ts.CompilerOptions, configFolder: string): Record<string, readonly string[]> {
  const { baseUrl, pathsBasePath } = options;
  const base = baseUrl ?? (typeof pathsBasePath === 'string' ? pathsBasePath : configFolder);
  const paths: Record<string, readonly string[]> = {};
  for (const [pattern, targets] of Object.entries(options.paths ?? {})) {
    paths[pattern] = targets.map((target) => resolve(base, target).replaceAll('\\', '/'));
  }
  if (baseUrl !== undefined) paths['*'] ??= [`${baseUrl}/*`];
  return paths;
}
