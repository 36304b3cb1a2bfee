import { statSync } from 'node:fs';
import type { Project } from 'typescript/unstable/sync';
import { AppError, messageOf } from '../../core/errors.ts';
import type { FileChanges, ProjectModel, WorkspaceModel } from '../type-source.ts';
import { isForeignBundle } from './foreign-bundle.ts';
import { syntaxErrorsOf } from './native-facts.ts';
import { NativeInheritance } from './native-inheritance.ts';
import { nativeMemory } from './native-memory.ts';
import type { NativePlaces } from './native-places.ts';
import { NativeResolver } from './native-resolver.ts';
import { NativeSession } from './native-session.ts';
import type { SourceFiles } from './source-files.ts';

export interface NativeSourceOptions {
  /** What the compiler tries to stay within. */
  readonly memoryMb: number;
  /** Whether all is read once and the compiler then ends: what it would free in between is not needed again. */
  readonly isOnePass?: boolean;
  /** Path of the compiler, in place of the one that is installed with `typescript`. */
  readonly program?: string;
  /** Hears the process id of the compiler, to end it with. */
  readonly onChild?: (pid: number) => void;
}

export interface OpenProject {
  readonly compiled: Project;
  readonly resolver: NativeResolver;
  readonly inheritance: NativeInheritance;
  /** First syntax error of a file as text. */
  readonly syntaxErrorOf: (absolutePath: string) => string | undefined;
}

/** Each takes memory for its libraries and types; edits go to and fro between few. */
const MAX_OPEN_AFTER_UPDATE = 4;

/** The projects of a workspace in the native compiler: one at a time while all is read, a few once edits are followed. */
export class NativeProjects {
  readonly #places: NativePlaces;
  #models: readonly ProjectModel[];
  readonly session: NativeSession;
  /** By number, the one that was asked last at the end. */
  #open = new Map<number, OpenProject>();
  /** Before the last update. */
  #former = new Map<number, OpenProject>();
  readonly #unloadable = new Map<number, AppError>();
  #isUpdated = false;
  /** Texts as they were before the update that is under way. */
  #formerTexts: ReadonlyMap<string, string> = new Map();

  /** Throws when the compiler does not run here. */
  constructor(
    workspace: WorkspaceModel,
    { files, places, options }: { files: SourceFiles; places: NativePlaces; options: NativeSourceOptions },
  ) {
    this.#places = places;
    this.#models = workspace.projects;
    const owned = { has: (path: string) => files.isOwned(path) };
    this.session = new NativeSession({
      root: workspace.root,
      environment: nativeMemory(workspace, options),
      program: options.program,
      overlay: (path) => {
        if (files.isHidden(path) || isForeignBundle(path, owned, sizeOf)) return '';
        return this.#formerTexts.get(path);
      },
    });
    if (this.session.pid !== undefined) options.onChild?.(this.session.pid);
  }

  modelAt(project: number): ProjectModel {
    const model = this.#models[project];
    if (model === undefined) throw new AppError('internal', `There is no project ${project}.`);
    return model;
  }

  isOpen(project: number): boolean {
    return this.#open.has(project);
  }

  /** Opens it where it is not open. Throws the same failure each time for one that can't be loaded. */
  at(project: number): OpenProject {
    const open = this.#open.get(project);
    if (open !== undefined) {
      this.#open.delete(project);
      this.#open.set(project, open);
      return open;
    }
    const known = this.#unloadable.get(project);
    if (known !== undefined) throw known;
    const loaded = this.#load(project);
    this.#open.set(project, loaded);
    return loaded;
  }

  /** As it was before the last update; undefined when it was not open. */
  formerAt(project: number): Project | undefined {
    return this.#former.get(project)?.compiled;
  }

  /** Nothing is asked of a project that is open, as another use of the compiler closes it. */
  forget(): void {
    this.#open.clear();
  }

  /**
   * Reads the files named again; paths are absolute. `edited` are the projects of files that have changed, with the texts
   * that these had: one of them that is not open is opened as it was first, to have something to compare with.
   */
  update(
    changes: FileChanges,
    workspace: WorkspaceModel,
    edited: { readonly projects: ReadonlySet<number>; readonly texts: ReadonlyMap<string, string> },
  ): void {
    this.#isUpdated = true;
    this.#formerTexts = edited.texts;
    try {
      for (const project of edited.projects) this.at(project);
    } finally {
      this.#formerTexts = new Map();
    }
    this.#models = workspace.projects;
    this.#unloadable.clear();
    const open = [...this.#open.keys()];
    const projects = this.session.update(
      changes,
      open.map((project) => [this.modelAt(project), `${project}`] as const),
    );
    this.#former = this.#open;
    this.#open = new Map();
    for (const [index, project] of open.entries()) {
      const compiled = projects[index];
      if (compiled !== undefined) this.#open.set(project, this.#openOf(compiled));
    }
  }

  /** What was before the last update is not going to be asked for any more. */
  release(): void {
    this.#former.clear();
    this.session.release();
  }

  #load(project: number): OpenProject {
    const model = this.modelAt(project);
    try {
      return this.#openOf(this.#isUpdated ? this.#openBeside(model, project) : this.#openAlone(model, project));
    } catch (error) {
      const cause = this.session.failureOf(error);
      if (cause instanceof AppError && cause.code === 'upstream_failed') throw cause;
      const failure = new AppError('internal', `${model.name} could not be loaded: ${messageOf(error)}`, { cause });
      this.#unloadable.set(project, failure);
      throw failure;
    }
  }

  #openAlone(model: ProjectModel, project: number): Project {
    this.#open.clear();
    return this.session.open(model, `${project}`);
  }

  #openBeside(model: ProjectModel, project: number): Project {
    const closed = [...this.#open.keys()].slice(0, Math.max(0, this.#open.size + 1 - MAX_OPEN_AFTER_UPDATE));
    for (const other of closed) this.#open.delete(other);
    return this.session.openBeside(
      model,
      `${project}`,
      closed.map((other) => [this.modelAt(other), `${other}`] as const),
    );
  }

  #openOf(compiled: Project): OpenProject {
    const resolver = new NativeResolver(compiled, this.#places, this.session.pipeline);
    const inheritance = new NativeInheritance(compiled, this.#places, resolver);
    return { compiled, resolver, inheritance, syntaxErrorOf: syntaxErrorsOf(compiled) };
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
