import { EventEmitter, once } from 'node:events';
import { version } from 'typescript';
import { API } from 'typescript/unstable/sync';
import type { Project, Snapshot } from 'typescript/unstable/sync';
import { z } from 'zod';
import { setEnvironment } from '../../core/config/index.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { signalProcess } from '../../core/process/index.ts';
import type { FileChanges, ProjectModel } from '../type-source.ts';

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
const apiSchema = z.object({ client: z.object({ channel: z.object({ child: z.custom<ApiChild>(isApiChild) }) }) });

interface ApiChild extends EventEmitter {
  readonly pid?: number | undefined;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
}

function isApiChild(value: unknown): boolean {
  return value instanceof EventEmitter;
}

/**
 * The native compiler as a child process, spoken to over pipes that block this thread. It has one project open at a
 * time: each keeps its own copy of the libraries.
 */
export class NativeSession {
  readonly #api: API;
  readonly #child: ApiChild | undefined;
  readonly #overlay: SessionOptions['overlay'];
  #config: { readonly path: string; readonly text: string } | undefined;
  #snapshot: Snapshot | undefined;
  #project: Project | undefined;
  #former: { readonly snapshot: Snapshot; readonly project: Project | undefined } | undefined;

  /** Throws when the compiler does not run here. */
  constructor({ root, overlay, environment, program }: SessionOptions) {
    if (version !== KNOWN_VERSION) throw new Error(`typescript ${version} is installed, ${KNOWN_VERSION} is needed.`);
    this.#overlay = overlay;
    setEnvironment(environment);
    this.#api = new API({
      cwd: root,
      ...(program !== undefined && { tsserverPath: program }),
      fs: { readFile: (path) => (path === this.#config?.path ? this.#config.text : this.#overlay(path)) },
    });
    this.#child = apiSchema.safeParse(this.#api).data?.client.channel.child;
    // A program that can't be started says so here too, where nobody would listen; the first question fails for it.
    this.#child?.on('error', () => {});
    // A first question: a program that can't be started is noticed by its answer.
    this.#api.updateSnapshot({}).dispose();
  }

  /** Process id of the compiler; undefined when a version of the API hides it. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Opens a project in the place of the one before. Its configuration exists for the compiler alone. */
  open(model: ProjectModel, id: string): Project {
    const path = `${model.basePath}/tsconfig.lightdom-${id}.json`;
    const former = this.#config?.path;
    this.#configure(model, path);
    const snapshot = this.#api.updateSnapshot({
      openProjects: [path],
      ...(former !== undefined && { closeProjects: [former] }),
    });
    this.#forgetFormer();
    this.#snapshot?.dispose();
    this.#snapshot = snapshot;
    const project = snapshot.getProject(path);
    if (project === undefined) throw new AppError('internal', `The compiler did not open ${model.name}.`);
    this.#project = project;
    return project;
  }

  /** The open project as it was before the last update, for comparing; until another is opened. */
  get former(): Project | undefined {
    return this.#former?.project;
  }

  /** Reads the files named again, with the project that is open; undefined when there is none. Paths are absolute. */
  update({ changed, created, deleted }: FileChanges, model: ProjectModel | undefined): Project | undefined {
    const isRelisted = this.#config !== undefined && model !== undefined && this.#configure(model, this.#config.path);
    const configs = isRelisted && this.#config !== undefined ? [this.#config.path] : [];
    const snapshot = this.#api.updateSnapshot({
      fileChanges: { changed: [...changed, ...configs], created: [...created], deleted: [...deleted] },
    });
    this.#forgetFormer();
    if (this.#snapshot !== undefined) this.#former = { snapshot: this.#snapshot, project: this.#project };
    this.#snapshot = snapshot;
    this.#project = this.#config === undefined ? undefined : snapshot.getProject(this.#config.path);
    return this.#project;
  }

  /** Lets go of the syntax trees that were sent so far; those still needed are sent again. */
  forgetTrees(): void {
    this.#api.clearSourceFileCache();
  }

  /** Whether the configuration is another than before. */
  #configure(model: ProjectModel, path: string): boolean {
    const compilerOptions = { ...model.compilerOptions, allowJs: true, checkJs: false };
    const text = JSON.stringify({ compilerOptions, files: model.files });
    const isOther = this.#config?.path !== path || this.#config.text !== text;
    this.#config = { path, text };
    return isOther;
  }

  #forgetFormer(): void {
    this.#former?.snapshot.dispose();
    this.#former = undefined;
  }

  /** What a question failed with: the question itself, or, as `upstream_failed`, the loss of the whole compiler. */
  failureOf(error: unknown): unknown {
    try {
      this.#project?.checker.getAnyType();
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
      this.#forgetFormer();
      this.#snapshot?.dispose();
    } catch {
      // It is gone already, and with it all it held.
    }
    const child = this.#child;
    if (child?.pid === undefined) {
      this.#api.close();
      return;
    }
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    // Killed at once, as the API's own way makes it write to our stderr. It has nothing to lose.
    signalProcess(child.pid, 'SIGKILL');
    this.#api.close();
    await ended;
  }
}
