import { realpathSync } from 'node:fs';
import { ts } from 'ts-morph';
import { OverlayProject } from './overlay-project.ts';
import { PlaceTexts } from './place-texts.ts';
import { listProjects } from './project-list.ts';
import type { ProjectConfig } from './project-list.ts';

/** Further projects that are asked whether they feel a change. */
const MAX_OTHERS = 8;

/** A workspace with its projects, each opened when it is first needed. Absolute paths with forward slashes. */
export class CompiledPlace {
  readonly root: string;
  readonly texts = new PlaceTexts();
  readonly #registry = ts.createDocumentRegistry();
  readonly #open = new Map<string, OverlayProject>();
  #configs: readonly ProjectConfig[] = [];

  constructor(root: string) {
    this.root = realpathSync(root).replaceAll('\\', '/');
  }

  /** Sees what was written since: projects whose files or options are others are opened anew. */
  refresh(path: string): void {
    const hasChanged = this.texts.refresh();
    this.#configs = listProjects(this.root, path);
    const current = new Map(this.#configs.map((config) => [config.path, config]));
    for (const [name, project] of this.#open) {
      const config = current.get(name);
      if (config === undefined || !isSame(config, project.config)) {
        project.service.dispose();
        this.#open.delete(name);
      } else if (hasChanged) {
        project.forget();
      }
    }
  }

  /** Files that a project lists. */
  allFiles(): readonly string[] {
    return [...new Set(this.#configs.flatMap(({ files }) => files))].toSorted();
  }

  /** Projects that list one of the files, nearest first. */
  owners(paths: readonly string[]): OverlayProject[] {
    const owning = this.#configs.filter(({ files }) => paths.some((path) => files.includes(path)));
    return owning.map((config) => this.#opened(config));
  }

  /** Projects that see one of the files without listing it. */
  guests(paths: readonly string[]): OverlayProject[] {
    const others = this.#configs.filter(({ files }) => files.length > 0 && !paths.some((path) => files.includes(path)));
    return others
      .slice(0, MAX_OTHERS)
      .map((config) => this.#opened(config))
      .filter((project) => paths.some((path) => project.has(path)));
  }

  isWritable(path: string): boolean {
    return path.startsWith(`${this.root}/`) && !/\/(?:node_modules|\.git)\//.test(path) && this.texts.exists(path);
  }

  #opened(config: ProjectConfig): OverlayProject {
    const known = this.#open.get(config.path);
    if (known !== undefined) return known;
    const project = new OverlayProject(config, { texts: this.texts, registry: this.#registry });
    this.#open.set(config.path, project);
    return project;
  }

  close(): void {
    for (const project of this.#open.values()) project.service.dispose();
    this.#open.clear();
  }
}

function isSame(one: ProjectConfig, two: ProjectConfig): boolean {
  const said = ({ files, options }: ProjectConfig): string => JSON.stringify([files, options]);
  return said(one) === said(two);
}
