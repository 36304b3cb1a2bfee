import { resolve } from 'node:path';
import type { SpelledOptions } from './spelled-options.ts';

/** Compiler options as a tsconfig file spells them. */
export type PlainOptions = Readonly<Record<string, unknown>>;

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

/** The options of a tsconfig as one program of ours takes them, with `paths` made absolute. */
export function normaliseOptions(options: SpelledOptions, configFolder: string): PlainOptions {
  const { types, typeRoots, lib, moduleDetection, kept } = options;
  const paths = absolutePaths(options, configFolder);
  return {
    ...ALWAYS,
    ...moduleOptions(options),
    jsx: options.jsx ?? 'preserve',
    target: targetName(options.target),
    ...kept,
    ...(moduleDetection !== undefined && { moduleDetection }),
    ...(lib !== undefined && { lib }),
    ...(types !== undefined && types.length > 0 && { types, ...(typeRoots !== undefined && { typeRoots }) }),
    ...(Object.keys(paths).length > 0 && { paths }),
  };
}

/**
 * Node's own rules where they are asked for, otherwise those of bundlers, which understand every layout that the
 * older ones do. Newer compilers have no others.
 */
function moduleOptions({ module, moduleResolution }: SpelledOptions): PlainOptions {
  if (module?.startsWith('node') === true) {
    return { module, moduleResolution: module === 'nodenext' ? 'nodenext' : 'node16' };
  }
  if (moduleResolution === 'node16' || moduleResolution === 'nodenext') {
    return { module: moduleResolution, moduleResolution };
  }
  return { module: 'esnext', moduleResolution: 'bundler' };
}

/** `es5` and older are gone from newer compilers; their library is a part of the next one's. */
function targetName(target = 'esnext'): string {
  return target === 'es3' || target === 'es5' ? 'es2015' : target;
}

/**
 * Targets of `paths` count from `baseUrl`, or else from the file that declares them, which may be an extended one.
 * `baseUrl` alone also lets bare names start there; newer compilers only know that as a path.
 */
function absolutePaths(options: SpelledOptions, configFolder: string): Record<string, readonly string[]> {
  const { baseUrl, pathsBasePath } = options;
  const base = baseUrl ?? pathsBasePath ?? configFolder;
  const paths: Record<string, readonly string[]> = {};
  for (const [pattern, targets] of Object.entries(options.paths ?? {})) {
    paths[pattern] = targets.map((target) => resolve(base, target).replaceAll('\\', '/'));
  }
  if (baseUrl !== undefined) paths['*'] ??= [`${baseUrl}/*`];
  return paths;
}
