import { EventEmitter, once } from 'node:events';
import { version } from 'typescript';
import { API } from 'typescript/unstable/sync';
import type { Project, Snapshot } from 'typescript/unstable/sync';
import { z } from 'zod';
import { setEnvironment } from '../../core/environment.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { signalProcess } from '../../core/process-signal.ts';
import type { FileChanges, ProjectModel } from '../type-source.ts';
import { NativePipeline } from './native-pipeline.ts';
import type { QuestionChannel } from './native-pipeline.ts';
import { nativeProgram } from './native-program.ts';

export interface SessionOptions {
  readonly root: string;
  /** Variables for the compiler. */
  readonly environment: Readonly<Record<string, string>>;
  /** Text in place of the file's own; undefined where the disk has the say. */
  readonly overlay: (path: string) => string | undefined;
  /** Path of the compiler, in place of the one that is installed with `typescript`. */
  readonly program?: string | undefined;
}

/** The API is not stable: another version may answer the same questions differently. */
const KNOWN_VERSION = '7.0.2';

/** Where the API keeps its child: not part of its types, and needed to end a check that takes for ever. */
const apiSchema = z.object({
  client: z.object({ channel: z.custom<QuestionChannel & { readonly child: ApiChild }>(isChannel) }),
});

interface ApiChild extends EventEmitter {
  readonly pid?: number | undefined;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
}

function isChannel(value: unknown): boolean {
  const has = (name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  const isSpoken = typeof has('requestSync') === 'function' && typeof has('writeTuple') === 'function';
  return isSpoken && has('child') instanceof EventEmitter;
}

/**
 * The native compiler as a child process, spoken to over pipes that block this thread. Each open project keeps its own
 * copy of the libraries; its configuration exists for the compiler alone.
 */
export class NativeSession {
  readonly #api: API;
  readonly #child: ApiChild;
  readonly pipeline: NativePipeline;
  readonly #overlay: SessionOptions['overlay'];
  /** Text of the configurations of open projects, by their paths, in the order in which they were opened. */
  readonly #configs = new Map<string, string>();
  /** Since the last update; a project is asked by the snapshot with which it came. */
  #snapshots: Snapshot[] = [];
  /** Before the last update. */
  #former: Snapshot[] = [];
  #latest: Project | undefined;

  /** Throws when the compiler does not run here. */
  constructor({ root, overlay, environment, program }: SessionOptions) {
    if (version !== KNOWN_VERSION) throw new Error(`typescript ${version} is installed, ${KNOWN_VERSION} is needed.`);
    this.#overlay = overlay;
    setEnvironment(environment);
    this.#api = new API({
      cwd: root,
      tsserverPath: program ?? nativeProgram(),
      fs: { readFile: (path) => this.#configs.get(path) ?? this.#overlay(path) },
    });
    const { channel } = apiSchema.parse(this.#api).client;
    this.#child = channel.child;
    this.pipeline = new NativePipeline(channel);
    // A program that can't be started says so here too, where nobody would listen; the first question fails for it.
    this.#child.on('error', () => {});
    // A first question: a program that can't be started is noticed by its answer.
    this.#api.updateSnapshot({}).dispose();
  }

  /** Process id of the compiler; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Opens a project in the place of all that are open. */
  open(model: ProjectModel, id: string): Project {
    const others = [...this.#configs.keys()];
    const before = [...this.#snapshots];
    const project = this.#opened(model, { id, closed: others });
    for (const snapshot of before) snapshot.dispose();
    this.#snapshots = this.#snapshots.slice(before.length);
    return project;
  }

  /** Opens a project beside those that are open, of which some are closed. */
  openBeside(model: ProjectModel, id: string, closed: readonly (readonly [ProjectModel, string])[]): Project {
    return this.#opened(model, { id, closed: closed.map(([each, of]) => configPath(each, of)) });
  }

  /**
   * Reads the files named again. Projects that were open still are; those of before can be asked until the next update
   * or {@link release}. Paths are absolute. Returns the projects in the order of the models.
   */
  update(changes: FileChanges, models: readonly (readonly [ProjectModel, string])[]): (Project | undefined)[] {
    const relisted = models.flatMap(([model, id]) => (this.#configure(model, id) ? [configPath(model, id)] : []));
    const { changed, created, deleted } = changes;
    const snapshot = this.#api.updateSnapshot({
      fileChanges: { changed: [...changed, ...relisted], created: [...created], deleted: [...deleted] },
    });
    this.release();
    this.#former = this.#snapshots;
    this.#snapshots = [snapshot];
    const projects = models.map(([model, id]) => snapshot.getProject(configPath(model, id)));
    this.#latest = projects.find((project) => project !== undefined);
    return projects;
  }

  /** What was before the last update is not going to be asked for any more. */
  release(): void {
    for (const snapshot of this.#former) snapshot.dispose();
    this.#former = [];
  }

  /** Lets go of the syntax trees that were sent so far; those still needed are sent again. */
  forgetTrees(): void {
    this.#api.clearSourceFileCache();
  }

  /** What a question failed with: the question itself, or, as `upstream_failed`, the loss of the whole compiler. */
  failureOf(error: unknown): unknown {
    try {
      // Without a project, as when the first one is being opened, there is nobody else to ask.
      if (this.#latest === undefined) this.#api.updateSnapshot({}).dispose();
      else this.#latest.checker.getAnyType();
      return error;
    } catch {
      return new AppError('upstream_failed', `The TypeScript 7 compiler ended: ${messageOf(error)}.`, {
        hint: 'It may lack memory: index with less running beside it, or with the engine ts-morph.',
        cause: error,
      });
    }
  }

  /** The promise waits until the system has forgotten the child. */
  async close(): Promise<void> {
    try {
      for (const snapshot of [...this.#former, ...this.#snapshots]) snapshot.dispose();
    } catch {
      // It is gone already, and with it all it held.
    }
    const child = this.#child;
    if (child.pid === undefined) {
      this.#api.close();
      return;
    }
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    // Killed at once, as the API's own way makes it write to our stderr. It has nothing to lose.
    signalProcess(child.pid, 'SIGKILL');
    this.#api.close();
    await ended;
  }

  #opened(model: ProjectModel, { id, closed }: { readonly id: string; readonly closed: readonly string[] }): Project {
    const path = configPath(model, id);
    this.#configure(model, id);
    const snapshot = this.#api.updateSnapshot({
      openProjects: [path],
      ...(closed.length > 0 && { closeProjects: [...closed] }),
    });
    this.#snapshots.push(snapshot);
    for (const other of closed) this.#configs.delete(other);
    const project = snapshot.getProject(path);
    if (project === undefined) throw new AppError('internal', `The compiler did not open ${model.name}.`);
    this.#latest = project;
    return project;
  }

  /** Whether the configuration is another than before. */
  #configure(model: ProjectModel, id: string): boolean {
    const compilerOptions = { ...model.compilerOptions, allowJs: true, checkJs: false };
    const text = JSON.stringify({ compilerOptions, files: model.files });
    const path = configPath(model, id);
    const isOther = this.#configs.get(path) !== text;
    this.#configs.set(path, text);
    return isOther;
  }
}

function configPath({ basePath }: ProjectModel, id: string): string {
  return `${basePath}/tsconfig.lightdom-${id}.json`;
}
