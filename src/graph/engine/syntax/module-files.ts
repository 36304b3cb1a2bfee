import { ModuleLookup } from '../module-lookup.ts';
import type { ProjectModel } from '../../type-source.ts';

/** What a specifier may leave out, in the compiler's order. */
const ENDINGS = ['.ts', '.tsx', '.d.ts', '.js', '.jsx'] as const;
const INDEXES = ENDINGS.map((ending) => `/index${ending}`);
/** A script that is named stands for the source that it is made from. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts', '.js', '.jsx'],
  '.jsx': ['.tsx', '.ts', '.d.ts', '.jsx', '.js'],
  '.mjs': ['.mts', '.d.mts', '.mjs'],
  '.cjs': ['.cts', '.d.cts', '.cjs'],
};

interface Importer {
  readonly absolutePath: string;
  readonly project: number;
}

/**
 * Finds the files that specifiers lead to. Most are relative and found among the files of the workspace; the compiler's
 * own rules are asked for names that a project maps, and packages are not looked for: they are no part of the graph.
 */
export class ModuleFiles {
  readonly #lookup: ModuleLookup;
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #patterns: readonly (readonly (readonly [string, string])[])[];
  readonly #isPlain: readonly boolean[];
  readonly #found = new Map<string, number | undefined>();

  /** `indexes` are the files by absolute path. */
  constructor(projects: readonly ProjectModel[], indexes: ReadonlyMap<string, number>) {
    this.#lookup = new ModuleLookup(projects);
    this.#indexes = indexes;
    this.#patterns = projects.map(({ compilerOptions: { paths } }) => patternsOf(paths));
    this.#isPlain = projects.map(({ compilerOptions }) => {
      return compilerOptions['rootDirs'] === undefined && compilerOptions['moduleSuffixes'] === undefined;
    });
  }

  find(specifier: string, importer: Importer): number | undefined {
    const folder = importer.absolutePath.slice(0, importer.absolutePath.lastIndexOf('/'));
    const key = `${folder}\n${specifier}`;
    if (this.#found.has(key)) return this.#found.get(key);
    const found = this.#resolve(specifier, folder, importer);
    this.#found.set(key, found);
    return found;
  }

  #resolve(specifier: string, folder: string, importer: Importer): number | undefined {
    const isRelative = /^\.\.?(?:\/|$)/.test(specifier);
    const near = isRelative ? this.#relative(joined(folder, specifier)) : undefined;
    if (near !== undefined) return near;
    const isAsked = isRelative ? this.#isPlain[importer.project] !== true : this.#isMapped(specifier, importer.project);
    if (!isAsked) return undefined;
    const path = this.#lookup.find(specifier, importer);
    return path === undefined ? undefined : this.#indexes.get(path);
  }

  #relative(path: string): number | undefined {
    const extension = /\.[cm]?jsx?$/.exec(path)?.[0] ?? '';
    const bare = path.slice(0, path.length - extension.length);
    const named = (SOURCES[extension] ?? []).map((ending) => bare + ending);
    const candidates = [...ENDINGS.map((ending) => path + ending), ...named, path, ...INDEXES.map((end) => path + end)];
    for (const candidate of candidates) {
      const index = this.#indexes.get(candidate);
      if (index !== undefined) return index;
    }
    return undefined;
  }

  /** Whether a project's `paths`, or a package's own imports, say where a name leads. */
  #isMapped(specifier: string, project: number): boolean {
    if (specifier.startsWith('#') || specifier.startsWith('/')) return true;
    const patterns = this.#patterns[project] ?? [];
    return patterns.some(([before, after]) => specifier.startsWith(before) && specifier.endsWith(after));
  }
}

function patternsOf(paths: unknown): readonly (readonly [string, string])[] {
  if (typeof paths !== 'object' || paths === null) return [];
  return Object.keys(paths).map((pattern): readonly [string, string] => {
    const [before = '', after = ''] = pattern.split('*');
    return [before, after];
  });
}

function joined(folder: string, specifier: string): string {
  const parts = folder.split('/');
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
