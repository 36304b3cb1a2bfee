import type { CompilerConfig } from './compiler-configs.ts';
import type { WorkspacePackage } from './package-map.ts';
import type { PathTable } from './project-plan.ts';
import { SOURCE_EXTENSIONS } from './source-walk.ts';

/** Where builds put their output by custom, and the folder it was made from. */
const OUTPUT_NAMES: ReadonlySet<string> = new Set([
  'dist',
  'build',
  'lib',
  'out',
  'esm',
  'cjs',
  'es',
  'types',
  'output',
]);
const SOURCE_ROOTS = ['src/', '', 'lib/', 'source/'] as const;

/** Conditions in the order in which they tend to lead to sources. */
const CONDITIONS = ['source', 'development', 'types', 'import', 'module', 'default', 'node', 'require'] as const;

/** What may be missing at the end of a path, in the order in which the compiler tries it. */
const FILE_ENDINGS = [
  '',
  ...SOURCE_EXTENSIONS,
  ...SOURCE_EXTENSIONS.map((extension) => `/index${extension}`),
  '.d.ts',
] as const;

/** Deeper nesting of conditions does not occur. */
const MAX_CONDITION_DEPTH = 8;

export interface PackagePathsInput {
  readonly packages: readonly WorkspacePackage[];
  /** Absolute paths of the source files that may be targets. */
  readonly files: ReadonlySet<string>;
  /** Absolute folders that hold source files, directly or deeper. */
  readonly folders: ReadonlySet<string>;
  readonly configs: readonly CompilerConfig[];
}

/**
 * `paths` entries from the names of the workspace's packages to their sources, so that references between packages
 * are found without a build. Entries whose source can't be told are left out: an unresolved import is honest.
 */
export function packagePaths(input: PackagePathsInput): PathTable {
  const table: Record<string, readonly string[]> = {};
  for (const member of input.packages) {
    for (const [subpath, targets] of entryPoints(member)) {
      const name = subpath === '.' ? member.name : `${member.name}/${subpath.slice(2)}`;
      const sources = subpath.includes('*')
        ? patternSources(member, targets, input)
        : fileSource(member, targets, input);
      if (sources.length > 0) table[name] = sources;
    }
  }
  return table;
}

/**
 * Sources of everything that a package offers to the outside: all its exports, under all conditions, and its commands.
 * `folder` and `files` may be relative to the workspace, both in the same way; a folder that is it is ''.
 */
export function offeredSources(
  member: Pick<WorkspacePackage, 'folder' | 'manifest'>,
  files: ReadonlySet<string>,
): string[] {
  const { exports, source, types, typings, module, main, browser, bin } = member.manifest;
  const custom = exports === undefined ? ['./index', './src/index'] : [];
  const named = [source, types, typings, module, main].filter((target) => target !== undefined);
  const targets = [...[exports, browser, bin].flatMap((target) => leavesOf(target, 0)), ...named, ...custom];
  const found = targets.flatMap((target) =>
    sourceCandidates(member, target, []).flatMap((candidate) => {
      const path = candidate.replace(/^\//, '');
      return path.includes('*') ? matchingFiles(path, files) : [existingFile(path, files) ?? ''];
    }),
  );
  return [...new Set(found)].filter((path) => path !== '');
}

/** The star of an export stands for anything, slashes included. */
function matchingFiles(pattern: string, files: ReadonlySet<string>): string[] {
  const before = pattern.slice(0, pattern.indexOf('*'));
  const after = withoutExtension(pattern.slice(pattern.indexOf('*') + 1));
  return [...files].filter((path) => path.startsWith(before) && withoutExtension(path).endsWith(after));
}

/** Subpaths (`.`, `./x`, `./x/*`) with their possible targets, best first. */
function entryPoints({ manifest }: WorkspacePackage): Map<string, readonly string[]> {
  const { exports, source, types, typings, module, main } = manifest;
  const entries = new Map<string, readonly string[]>();
  if (exports === undefined || exports === null) {
    const named = [source, types, typings, module, main].filter((target) => target !== undefined);
    entries.set('.', [...named, './src/index.ts', './index.ts']);
    entries.set('./*', ['./*', './src/*']);
    return entries;
  }
  const isMap = typeof exports === 'object' && Object.keys(exports).some((key) => key.startsWith('.'));
  const subpaths: readonly (readonly [string, unknown])[] = isMap ? Object.entries(exports) : [['.', exports]];
  for (const [subpath, target] of subpaths) {
    const fallback = subpath === '.' ? [source, './src/index.ts', './index.ts'] : [];
    const targets = [...leavesOf(target, 0), ...fallback].filter((leaf) => leaf !== undefined);
    if (subpath.startsWith('.')) entries.set(subpath, targets);
  }
  return entries;
}

function leavesOf(target: unknown, depth: number): string[] {
  if (typeof target === 'string') return [target];
  if (typeof target !== 'object' || target === null || depth > MAX_CONDITION_DEPTH) return [];
  const members = new Map<string, unknown>(Object.entries(target));
  const order = [...CONDITIONS.filter((name) => members.has(name)), ...members.keys()];
  return [...new Set(order)].flatMap((name) => leavesOf(members.get(name), depth + 1));
}

/**
 * TypeScript before all else: a JavaScript file that a manifest names beside it is often a wrapper that only loads
 * the build.
 */
function fileSource(member: WorkspacePackage, targets: readonly string[], input: PackagePathsInput): string[] {
  const found = targets
    .flatMap((target) => sourceCandidates(member, target, input.configs))
    .map((candidate) => existingFile(candidate, input.files))
    .filter((file) => file !== undefined);
  const best = found.find((file) => /(?<!\.d)\.[cm]?tsx?$/.test(file)) ?? found[0];
  return best === undefined ? [] : [best];
}

/** For patterns only the folder before the star can be checked; the compiler tries the extensions. */
function patternSources(member: WorkspacePackage, targets: readonly string[], input: PackagePathsInput): string[] {
  const found = new Set<string>();
  for (const target of targets) {
    for (const candidate of sourceCandidates(member, target, input.configs)) {
      const folder = candidate.slice(0, candidate.indexOf('*')).replace(/\/[^/]*$/, '');
      if (candidate.includes('*') && input.folders.has(folder)) found.add(withoutExtension(candidate));
    }
  }
  return [...found];
}

/** Absolute places that a target, which may be build output, can have been made from; the target itself first. */
function sourceCandidates(
  member: Pick<WorkspacePackage, 'folder'>,
  target: string,
  configs: readonly CompilerConfig[],
): readonly string[] {
  const inside = target.replace(/^\.?\//, '');
  if (inside.split('/').includes('..')) return [];
  const absolute = `${member.folder}/${inside}`;
  const candidates = [absolute];
  for (const { folder, outputFolders, sourceFolder } of configs) {
    if (folder !== member.folder) continue;
    for (const output of outputFolders) {
      if (!absolute.startsWith(`${output}/`)) continue;
      const rest = absolute.slice(output.length + 1);
      candidates.push(...[sourceFolder ?? `${folder}/src`, folder].map((source) => `${source}/${rest}`));
    }
  }
  const segments = inside.split('/');
  const first = segments.findIndex((segment) => !OUTPUT_NAMES.has(segment));
  if (first > 0) {
    const rest = segments.slice(first).join('/');
    candidates.push(...SOURCE_ROOTS.map((source) => `${member.folder}/${source}${rest}`));
  }
  return candidates;
}

function existingFile(candidate: string, files: ReadonlySet<string>): string | undefined {
  const bare = withoutExtension(candidate);
  for (const base of new Set([candidate, bare])) {
    const name = FILE_ENDINGS.map((ending) => base + ending).find((path) => files.has(path));
    if (name !== undefined) return name;
  }
  return undefined;
}

function withoutExtension(path: string): string {
  return path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
}
