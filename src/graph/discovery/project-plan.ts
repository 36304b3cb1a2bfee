import type { ProjectModel } from '../type-source.ts';
import type { CompilerConfig, CompilerConfigs } from './compiler-configs.ts';
import { SYNTHETIC_OPTIONS } from './compiler-options.ts';
import type { PlainOptions } from './compiler-options.ts';

export const SYNTHETIC_NAME = '(no tsconfig)';

const DECLARATIONS = /\.d\.[cm]?ts$/;

/** More names than these are counted. */
const MAX_NAMES = 3;

export type PathTable = Readonly<Record<string, readonly string[]>>;

export interface PlanInput {
  readonly root: string;
  /** Absolute paths of the files to type, in order. */
  readonly files: readonly string[];
  readonly configs: CompilerConfigs;
  /** Paths of the workspace's own packages; a project's own `paths` win over them. */
  readonly packagePaths: PathTable;
}

interface Draft {
  readonly names: string[];
  readonly files: string[];
  readonly options: PlainOptions;
  paths: PathTable;
  readonly basePath: string;
  readonly isApart: boolean;
}

/**
 * Gives every file to exactly one project and merges projects that mean the same: each program type-checks the
 * libraries again, so fewer programs are less work and less memory.
 */
export function planProjects({ root, files, configs, packagePaths }: PlanInput): ProjectModel[] {
  const drafts: Draft[] = [];
  for (const { config, owned, isApart } of findOwners(files, configs)) {
    const { paths: own, ...options } = config?.options ?? SYNTHETIC_OPTIONS;
    const draft: Draft = {
      names: [config === undefined ? SYNTHETIC_NAME : config.path.slice(root.length + 1)],
      files: owned,
      options,
      paths: withOwnPaths(packagePaths, readPaths(own)),
      basePath: config?.folder ?? root,
      isApart,
    };
    const same = drafts.find((other) => canMerge(other, draft));
    if (same === undefined) drafts.push(draft);
    else merge(same, draft);
  }
  return drafts.map(toProject);
}

interface Owner {
  /** Undefined for files that have none. */
  readonly config: CompilerConfig | undefined;
  readonly owned: string[];
  /**
   * Declaration files that no configuration lists: what they declare globally, a module above all, must not take the
   * place of the real one in the program of those that never include them.
   */
  readonly isApart: boolean;
}

/** Every file is in one of them. */
function findOwners(files: readonly string[], { usable, broken }: CompilerConfigs): Owner[] {
  const listedBy = new Map<string, CompilerConfig>();
  for (const config of usable.values()) {
    for (const file of config.files) {
      const other = listedBy.get(file);
      if (other === undefined || isNearer(file, config, other)) listedBy.set(file, config);
    }
  }
  const configs = [...usable.values(), undefined];
  const together = new Map(
    configs.map((config): [typeof config, Owner] => [config, { config, owned: [], isApart: false }]),
  );
  const apart = new Map(
    configs.map((config): [typeof config, Owner] => [config, { config, owned: [], isApart: true }]),
  );
  for (const file of files) {
    const listing = listedBy.get(file);
    const owner = listing ?? configAround(file, { usable, broken });
    const isApart = listing === undefined && owner !== undefined && DECLARATIONS.test(file);
    (isApart ? apart : together).get(owner)?.owned.push(file);
  }
  return [...together.values(), ...apart.values()].filter(({ owned }) => owned.length > 0);
}

/** Nearer to the file; of two in one folder the one found first stays, which is the one with the usual name. */
function isNearer(file: string, config: CompilerConfig, other: CompilerConfig): boolean {
  const depth = (folder: string): number => (file.startsWith(`${folder}/`) ? folder.length : -1);
  return depth(config.folder) > depth(other.folder);
}

/**
 * For a file that no configuration lists, such as a test that a build leaves out: the nearest one around it. A
 * solution file that lists nothing itself stands for the first that it refers to.
 */
function configAround(
  file: string,
  { usable, broken }: Pick<CompilerConfigs, 'usable' | 'broken'>,
): CompilerConfig | undefined {
  for (let cut = file.lastIndexOf('/'); cut >= 0; cut = cut === 0 ? -1 : file.lastIndexOf('/', cut - 1)) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const path = `${file.slice(0, cut)}/${name}`;
      if (broken.has(path)) return undefined;
      const config = usable.get(path);
      if (config !== undefined) return config.files.length > 0 ? config : (firstReference(config, usable) ?? config);
    }
  }
  return undefined;
}

function firstReference(
  config: CompilerConfig,
  usable: ReadonlyMap<string, CompilerConfig>,
): CompilerConfig | undefined {
  const referred = config.references.map((path) => usable.get(path));
  return referred.find((candidate) => candidate !== undefined && candidate.files.length > 0);
}

/** Equal options, and no pattern that leads to different places. */
function canMerge(one: Draft, two: Draft): boolean {
  if (one.isApart !== two.isApart) return false;
  if (canonical(one.options) !== canonical(two.options)) return false;
  return Object.entries(one.paths).every(([pattern, targets]) => {
    const others = two.paths[pattern];
    return others === undefined || canonical(others) === canonical(targets);
  });
}

function merge(into: Draft, from: Draft): void {
  into.names.push(...from.names);
  into.files.push(...from.files);
  into.paths = { ...into.paths, ...from.paths };
}

function toProject(draft: Draft): ProjectModel {
  const { names, files, options, paths, basePath, isApart } = draft;
  const more = names.length - MAX_NAMES;
  const listed = names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const name = isApart ? `${listed}, declarations not listed` : listed;
  const hasScripts = files.some((file) => /\.[cm]?jsx?$/.test(file));
  const compilerOptions = {
    ...options,
    ...(hasScripts ? { allowJs: true, checkJs: false } : {}),
    ...(Object.keys(paths).length > 0 ? { paths } : {}),
  };
  return { name, files: files.toSorted(), compilerOptions, basePath };
}

/** A package that one of the project's own patterns covers is left to it, however general the pattern is. */
function withOwnPaths(packagePaths: PathTable, own: PathTable): PathTable {
  const patterns = Object.keys(own).filter((pattern) => pattern !== '*');
  const uncovered = Object.entries(packagePaths).filter(([name]) => !patterns.some((pattern) => covers(pattern, name)));
  return { ...Object.fromEntries(uncovered), ...own };
}

function covers(pattern: string, name: string): boolean {
  const [before = '', after] = pattern.split('*');
  return after === undefined ? name === pattern : name.startsWith(before) && name.endsWith(after);
}

function readPaths(paths: unknown): PathTable {
  if (typeof paths !== 'object' || paths === null) return {};
  const entries = Object.entries(paths).flatMap(([pattern, targets]: [string, unknown]) =>
    Array.isArray(targets) ? [[pattern, targets.map(String)] as const] : [],
  );
  return Object.fromEntries(entries);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [two]) => (one < two ? -1 : 1)))
      : inner,
  );
}
