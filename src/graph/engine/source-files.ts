import { AppError } from '../../core/errors.ts';
import type { FileChanges, WorkspaceModel } from '../type-source.ts';

export interface SourceEntry {
  readonly path: string;
  readonly absolutePath: string;
  readonly project: number;
}

/** The files that an engine knows, by numbers that they keep while the workspace changes. */
export class SourceFiles {
  #root = '';
  readonly #entries: SourceEntry[] = [];
  readonly #indexes = new Map<string, number>();
  /** Absolute paths of files that the compiler must not see. */
  readonly #hidden = new Set<string>();

  open(workspace: WorkspaceModel): void {
    this.#root = workspace.root;
    this.#take(workspace);
  }

  /** Files that are gone have no index any more, though their number is not given to another. */
  update({ deleted }: FileChanges, workspace: WorkspaceModel): void {
    for (const path of deleted) this.#indexes.delete(`${this.#root}/${path}`);
    this.#hidden.clear();
    this.#take(workspace);
  }

  get owned(): readonly string[] {
    return [...this.#indexes.keys()];
  }

  /** Relative paths, by number. */
  get paths(): readonly string[] {
    return this.#entries.map((entry) => entry.path);
  }

  isOwned(absolutePath: string): boolean {
    return this.#indexes.has(absolutePath);
  }

  isHidden(absolutePath: string): boolean {
    return this.#hidden.has(absolutePath);
  }

  absoluteOf(path: string): string {
    return `${this.#root}/${path}`;
  }

  absoluteChanges({ changed, created, deleted }: FileChanges): FileChanges {
    const absolute = (paths: readonly string[]): string[] => paths.map((path) => this.absoluteOf(path));
    return { changed: absolute(changed), created: absolute(created), deleted: absolute(deleted) };
  }

  find(absolutePath: string): number | undefined {
    return this.#indexes.get(absolutePath);
  }

  /** Throws `not_found` for a relative path that is no file of the workspace. */
  indexOf(path: string): number {
    const index = this.#indexes.get(this.absoluteOf(path));
    if (index === undefined) throw new AppError('not_found', `${path} is not a file of this workspace.`);
    return index;
  }

  at(index: number): SourceEntry {
    const entry = this.#entries[index];
    if (entry === undefined) throw new AppError('internal', `There is no file ${index}.`);
    return entry;
  }

  pathAt(index: number): string {
    return this.#entries[index]?.path ?? '';
  }

  #take(workspace: WorkspaceModel): void {
    for (const { state, path } of workspace.files) if (state === 'skipped') this.#hidden.add(this.absoluteOf(path));
    for (const [project, model] of workspace.projects.entries()) {
      for (const absolutePath of model.files) {
        const known = this.#indexes.get(absolutePath);
        const index = known ?? this.#entries.length;
        this.#indexes.set(absolutePath, index);
        this.#entries[index] = { path: absolutePath.slice(this.#root.length + 1), absolutePath, project };
      }
    }
  }
}
