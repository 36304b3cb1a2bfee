import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { isLockFile } from '../../discovery/deciding-files.ts';
import { discoverWorkspace } from '../../discovery/discover-workspace.ts';
import { inspectFile } from '../../discovery/inspect-file.ts';
import type { GraphFile } from '../../graph-schema.ts';
import type { FileChanges, WorkspaceModel } from '../../type-source.ts';
import type { LiveChange, LiveGraph, LiveStep } from './live-graph.ts';

/** That all has to be read again, with the reason. */
export interface StaleGraph {
  readonly stale: string;
}

export interface LiveWorkspaceDeps {
  readonly workspace: WorkspaceModel;
  readonly graph: LiveGraph;
  readonly maxFileBytes: number;
}

const NOTHING: FileChanges = { changed: [], created: [], deleted: [] };

/** Finds out what has become of paths at which something has happened, and brings the graph to it. */
export class LiveWorkspace {
  readonly #graph: LiveGraph;
  readonly #maxFileBytes: number;
  #workspace: WorkspaceModel;
  #files: Map<string, GraphFile>;

  constructor({ workspace, graph, maxFileBytes }: LiveWorkspaceDeps) {
    this.#graph = graph;
    this.#maxFileBytes = maxFileBytes;
    this.#workspace = workspace;
    this.#files = filesByPath(workspace);
  }

  /** `paths` are relative; what lies there may be new, other, gone or the same. */
  async change(paths: readonly string[]): Promise<LiveStep | StaleGraph> {
    if (paths.some((path) => isLockFile(basename(path)))) return { stale: 'the installed packages have changed' };
    const edited: GraphFile[] = [];
    for (const path of new Set(paths)) {
      const known = this.#files.get(path);
      const now = known?.state === 'skipped' ? undefined : this.#inspect(path);
      // A file has come or gone, or is none of ours: who owns which file is found out anew.
      if (known === undefined || now === undefined || now.state === 'skipped') return this.#rediscover();
      if (now.hash !== known.hash) edited.push(now);
    }
    for (const file of edited) this.#files.set(file.path, file);
    const changes = { ...NOTHING, changed: edited.map(({ path }) => path) };
    if (edited.length === 0) return this.#graph.work(() => true);
    return this.#graph.change({ changes, workspace: this.#workspace, files: edited });
  }

  /** As `LiveGraph.verify`. */
  verify(): boolean {
    return this.#graph.verify();
  }

  work(isOver: () => boolean): LiveStep {
    return this.#graph.work(isOver);
  }

  /** Undefined for what is not there, or no plain file: a link may lead anywhere. */
  #inspect(path: string): GraphFile | undefined {
    const stats = lstatSync(`${this.#workspace.root}/${path}`, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return undefined;
    return inspectFile(this.#workspace.root, { path, refusal: undefined }, { maxFileBytes: this.#maxFileBytes });
  }

  async #rediscover(): Promise<LiveStep | StaleGraph> {
    const { signal } = new AbortController();
    const { root } = this.#workspace;
    const known = this.#files;
    const workspace = await discoverWorkspace({ root, maxFileBytes: this.#maxFileBytes, signal, known });
    if (planOf(workspace) !== planOf(this.#workspace))
      return { stale: 'the compiler options of a project have changed' };
    const change = changeBetween(known, workspace);
    this.#workspace = workspace;
    this.#files = filesByPath(workspace);
    return change.files.length + change.changes.deleted.length === 0
      ? this.#graph.work(() => true)
      : this.#graph.change(change);
  }
}

function changeBetween(before: ReadonlyMap<string, GraphFile>, workspace: WorkspaceModel): LiveChange {
  const changed: GraphFile[] = [];
  const created: GraphFile[] = [];
  const left = new Set([...before.values()].filter(isRead).map(({ path }) => path));
  for (const file of workspace.files.filter(isRead)) {
    const known = before.get(file.path);
    left.delete(file.path);
    if (known === undefined || !isRead(known)) created.push(file);
    else if (known.hash !== file.hash) changed.push(file);
  }
  const paths = (files: readonly GraphFile[]): string[] => files.map(({ path }) => path);
  const changes = { changed: paths(changed), created: paths(created), deleted: [...left] };
  return { changes, workspace, files: [...changed, ...created] };
}

function isRead({ state }: GraphFile): boolean {
  return state !== 'skipped';
}

function filesByPath({ files }: WorkspaceModel): Map<string, GraphFile> {
  return new Map(files.map((file) => [file.path, file]));
}

/** What must stay for the engine's projects to be the same, but for their files. */
function planOf({ projects }: WorkspaceModel): string {
  return JSON.stringify(projects.map(({ name, basePath, compilerOptions }) => [name, basePath, compilerOptions]));
}
