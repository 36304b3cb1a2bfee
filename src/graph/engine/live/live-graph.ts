import type { GraphPatch, PatchedFile } from '../../graph-patch.ts';
import type { GraphFile } from '../../graph-schema.ts';
import type { FileChanges, LiveSource, TypeSource, WorkspaceModel } from '../../type-source.ts';
import { ChangedRows } from './changed-rows.ts';
import type { LiveFiles } from './live-files.ts';
import { LiveSurfaces } from './live-surfaces.ts';
import type { ReadAs } from './live-surfaces.ts';

export interface LiveGraphDeps {
  readonly source: TypeSource;
  readonly live: LiveSource;
  readonly files: LiveFiles;
}

/** What has become known. */
export interface LiveStep {
  readonly patch: GraphPatch;
  /** Files that may look different now and have not been read again yet. */
  readonly pending: readonly string[];
}

export interface LiveChange {
  readonly changes: FileChanges;
  /** What is there now. */
  readonly workspace: WorkspaceModel;
  /** Of the changed and created files. */
  readonly files: readonly GraphFile[];
}

/**
 * Keeps the graph of a workspace true while its files change. What has changed is read at once; then, in steps, the files
 * that use what may look different from outside, the nearest first, and so on from those of them that look different too.
 */
export class LiveGraph {
  readonly #source: TypeSource;
  readonly #live: LiveSource;
  readonly #files: LiveFiles;
  readonly #surfaces: LiveSurfaces;
  /** Of the present change and of those before it whose users have not all been read. */
  readonly #changed: ChangedRows;
  /** To be read again, the nearest first. */
  readonly #queue = new Set<string>();
  /** Read since the last change. */
  readonly #read = new Set<string>();
  /** Were waiting when another change came: what they looked like before it is not known. */
  readonly #carried = new Set<string>();

  constructor({ source, live, files }: LiveGraphDeps) {
    this.#source = source;
    this.#live = live;
    this.#files = files;
    this.#changed = new ChangedRows(files.table);
    this.#surfaces = new LiveSurfaces(live, files, this.#changed);
  }

  /** Reads the files named. Their users wait for {@link work}, which finds out who they are: they are not pending yet. */
  change({ changes, workspace, files }: LiveChange): LiveStep {
    this.#settle();
    for (const path of this.#queue) this.#carried.add(path);
    this.#changed.next(this.#queue.size > 0);
    this.#surfaces.clear();
    this.#read.clear();
    for (const path of changes.deleted) this.#forget(path);
    this.#live.update(changes, workspace);
    for (const file of files) this.#files.note(file);
    this.#addFiles(changes.created);
    for (const path of changes.changed) this.#prepare(path, 'edited');
    for (const path of changes.created) this.#prepare(path, 'created');
    const patched = this.#files.read([...changes.changed, ...changes.created]);
    for (const path of this.#namingNew(changes.created)) this.#enqueue(path);
    return this.#step(patched, changes.deleted);
  }

  /** Reads users of what has changed until the time is over. */
  work(isOver: () => boolean): LiveStep {
    const patched: PatchedFile[] = [];
    for (;;) {
      this.#settle();
      const next = this.#next();
      if (next === undefined) this.#live.release();
      if (next === undefined || isOver()) return this.#step(patched, []);
      this.#prepare(next, this.#carried.has(next) ? 'late' : 'user');
      patched.push(...this.#files.read([next]));
    }
  }

  /**
   * Goes on with what may be different for reasons that no name tells: a type that depends on what members another has.
   * Hardly ever is, but it can't be known without reading all that uses them. Returns whether there is any.
   */
  verify(): boolean {
    return this.#changed.admitHolders();
  }

  /** Finds out whom the latest reading concerns. */
  #settle(): void {
    do {
      this.#surfaces.settle();
    } while (this.#spread());
  }

  /** What can be read at once goes before what is nearer. */
  #next(): string | undefined {
    const [first] = this.#queue;
    for (const path of this.#queue) if (this.#live.isAtHand(path)) return path;
    return first;
  }

  #step(files: readonly PatchedFile[], removed: readonly string[]): LiveStep {
    const unresolvedPackages = this.#source.unresolvedPackages();
    return { patch: { files, removed, unresolvedPackages }, pending: [...this.#queue] };
  }

  /** The file is going to be read. */
  #prepare(path: string, how: ReadAs): void {
    this.#queue.delete(path);
    this.#carried.delete(path);
    this.#read.add(path);
    this.#surfaces.note(path, how);
  }

  #addFiles(created: readonly string[]): void {
    const numbers = new Map(this.#source.files().map((path, index) => [path, index]));
    for (const path of created) this.#files.table.addFile(path, numbers.get(path) ?? -1);
  }

  #forget(path: string): void {
    this.#queue.delete(path);
    this.#carried.delete(path);
    this.#files.forget(path, this.#changed);
  }

  /**
   * Users of what has changed, and of names that there were not before, have to be read again. Returns whether files that
   * have been read already may look different for it.
   */
  #spread(): boolean {
    let isAgain = false;
    const rows = this.#changed.take();
    for (const path of rows.size === 0 ? [] : this.#files.usersOf(rows)) {
      isAgain ||= this.#read.has(path);
      if (this.#read.has(path)) this.#surfaces.lookAgain(path);
      else this.#enqueue(path);
    }
    for (const { path, names, scope } of this.#changed.takeNewNames()) {
      const naming = this.#live.filesNaming((text) => names.has(text)).filter((user) => !this.#read.has(user));
      if (naming.length === 0) continue;
      const within = scope === 'all' ? undefined : this.#files.reachOf(path, scope);
      for (const user of naming) if (within?.has(user) !== false) this.#enqueue(user);
    }
    return isAgain;
  }

  #enqueue(path: string): void {
    this.#queue.add(path);
  }

  /** Files whose module specifiers may mean a file that was not there before. */
  #namingNew(created: readonly string[]): readonly string[] {
    if (created.length === 0) return [];
    const tails = new Set(created.flatMap(tailsOf));
    return this.#live.filesNaming((text) => tails.has(tailOf(text))).filter((path) => !this.#read.has(path));
  }
}

/** Last parts of the specifiers that a file can be meant by: its name, and its folder's if it is the folder's index. */
function tailsOf(path: string): string[] {
  const name = tailOf(path);
  const folder = path.split('/').at(-2);
  return name === 'index' ? [name, folder ?? '', '', '.', '..'] : [name];
}

function tailOf(specifier: string): string {
  const last = specifier.slice(specifier.lastIndexOf('/') + 1);
  return last.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
}
