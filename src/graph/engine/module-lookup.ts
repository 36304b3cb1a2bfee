import type { ts } from 'ts-morph';
import type { ProjectModel } from '../type-source.ts';
import { InstalledNames, isMapped } from './installed-names.ts';
import { firstPath, installedLead, isInstalled, isOfNode, relativeLead } from './plain-lookup.ts';
import type { Lead } from './plain-lookup.ts';
import { typescriptSix } from '../discovery/typescript-six.ts';

/** How the specifiers of one project are looked up. */
interface Resolution {
  readonly options: ts.CompilerOptions;
  readonly resolutions: ts.ModuleResolutionCache;
}

/** A file that names modules, and the number of its project. */
interface SourcePlace {
  readonly absolutePath: string;
  readonly project: number;
}

/** Looks up what module specifiers lead to, without the checker. */
export class ModuleLookup {
  readonly #projects: readonly ProjectModel[];
  readonly #installed = new InstalledNames();
  readonly #resolutions = new Map<number, Resolution>();

  constructor(projects: readonly ProjectModel[]) {
    this.#projects = projects;
  }

  /** Absolute path of the file that a specifier in a file of a project leads to, whether or not it is a module. */
  find(specifier: string, { absolutePath, project }: SourcePlace): string | undefined {
    const model = this.#projects[project];
    if (model === undefined || !this.#installed.mayLead(specifier, absolutePath, model)) return undefined;
    const lead = this.#plainLead(specifier, absolutePath, model);
    if (lead !== undefined) return lead.path;
    const typescript = typescriptSix();
    const { options, resolutions } = this.#resolutionOf(project, model);
    const found = typescript.resolveModuleName(specifier, absolutePath, options, typescript.sys, resolutions);
    return found.resolvedModule?.resolvedFileName;
  }

  /** Absolute path that a relative specifier leads to if there is a file; undefined where that is not all there is to say. */
  first(specifier: string, { absolutePath, project }: SourcePlace): string | undefined {
    const model = this.#projects[project];
    if (model === undefined || hasOwnPlaces(model)) return undefined;
    const needsEnding = isOfNode(model.compilerOptions) && !this.#installed.isCommonJs(absolutePath);
    return firstPath(specifier, absolutePath, needsEnding);
  }

  /** Whether a specifier that is not relative leads out of the workspace, or nowhere, for sure. */
  isOutside(specifier: string, { absolutePath, project }: SourcePlace): boolean {
    const model = this.#projects[project];
    if (model === undefined || isMapped(specifier, model.compilerOptions)) return false;
    const folder = this.#installed.folderOf(specifier, absolutePath);
    if (folder !== undefined) return isInstalled(folder);
    return !this.#installed.mayLead(specifier, absolutePath, model);
  }

  /** By rules that take no compiler to know; undefined where all of them are needed. */
  #plainLead(specifier: string, from: string, model: ProjectModel): Lead | undefined {
    const { compilerOptions } = model;
    if (hasOwnPlaces(model)) return undefined;
    if (specifier.startsWith('.')) return relativeLead(specifier, from, compilerOptions);
    if (isMapped(specifier, compilerOptions)) return undefined;
    const folder = this.#installed.folderOf(specifier, from);
    return folder === undefined ? undefined : installedLead(specifier, from, folder);
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

/** Whether a relative specifier may lead elsewhere than beside the file. */
function hasOwnPlaces({ compilerOptions }: ProjectModel): boolean {
  return compilerOptions['moduleSuffixes'] !== undefined || compilerOptions['rootDirs'] !== undefined;
}
