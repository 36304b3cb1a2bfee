import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ts } from 'ts-morph';
import type { ProjectModel } from '../type-source.ts';
import { InstalledNames } from './installed-names.ts';
import { typescriptSix } from '../discovery/typescript-six.ts';

/** How the specifiers of one project are looked up. */
interface Resolution {
  readonly options: ts.CompilerOptions;
  readonly resolutions: ts.ModuleResolutionCache;
}

/** Looks up what module specifiers lead to, for those that the checker knows no module for. */
export class ModuleLookup {
  readonly #projects: readonly ProjectModel[];
  readonly #installed = new InstalledNames();
  readonly #resolutions = new Map<number, Resolution>();

  constructor(projects: readonly ProjectModel[]) {
    this.#projects = projects;
  }

  /** Absolute path of the file that a specifier in a file of a project leads to, whether or not it is a module. */
  find(specifier: string, { absolutePath, project }: { absolutePath: string; project: number }): string | undefined {
    const model = this.#projects[project];
    if (model === undefined || !this.#installed.mayLead(specifier, absolutePath, model)) return undefined;
    const first = firstPlace(specifier, absolutePath, model);
    if (first !== undefined && statSync(first, { throwIfNoEntry: false })?.isFile() === true) return first;
    const typescript = typescriptSix();
    const { options, resolutions } = this.#resolutionOf(project, model);
    const found = typescript.resolveModuleName(specifier, absolutePath, options, typescript.sys, resolutions);
    return found.resolvedModule?.resolvedFileName;
  }

  #resolutionOf(project: number, { compilerOptions, basePath }: ProjectModel): Resolution {
    const known = this.#resolutions.get(project);
    if (known !== undefined) return known;
    const typescript = typescriptSix();
    const all = { ...compilerOptions, allowJs: true };
    const { options } = typescript.convertCompilerOptionsFromJson(all, basePath);
    const resolutions = typescript.createModuleResolutionCache(basePath, (path) => path, options);
    const resolution = { options, resolutions };
    this.#resolutions.set(project, resolution);
    return resolution;
  }
}

/** Where the rules of bundlers look first, whatever else there is; undefined where they are not all there is to it. */
function firstPlace(specifier: string, from: string, { compilerOptions }: ProjectModel): string | undefined {
  const { moduleResolution, moduleSuffixes, rootDirs } = compilerOptions;
  if (moduleResolution !== 'bundler' || moduleSuffixes !== undefined || rootDirs !== undefined) return undefined;
  return /^\.\.?\/(?:.*[^./])$/.test(specifier)
    ? `${resolve(from, '..', specifier).replaceAll('\\', '/')}.ts`
    : undefined;
}
