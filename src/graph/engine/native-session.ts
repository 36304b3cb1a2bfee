import { API } from 'typescript/unstable/sync';
import type { Project } from 'typescript/unstable/sync';
import { z } from 'zod';
import { AppError, messageOf } from '../../core/errors.ts';
import type { ProjectModel } from '../type-source.ts';

export interface SessionOptions {
  readonly root: string;
  /** Text in place of the file's own; undefined where the disk has the say. */
  readonly overlay: (path: string) => string | undefined;
}

/** Where the API keeps its child: not part of its types, and needed to end a check that takes for ever. */
const childSchema = z.object({ client: z.object({ channel: z.object({ child: z.object({ pid: z.number() }) }) }) });

/**
 * The native compiler as a child process, spoken to over pipes that block this thread. It has one project open at a
 * time: each keeps its own copy of the libraries.
 */
export class NativeSession {
  readonly #api: API;
  readonly #overlay: SessionOptions['overlay'];
  #config: { readonly path: string; readonly text: string } | undefined;
  #project: Project | undefined;

  constructor({ root, overlay }: SessionOptions) {
    this.#overlay = overlay;
    this.#api = new API({
      cwd: root,
      fs: { readFile: (path) => (path === this.#config?.path ? this.#config.text : this.#overlay(path)) },
    });
  }

  /** Process id of the compiler; undefined when a version of the API hides it. */
  get pid(): number | undefined {
    return childSchema.safeParse(this.#api).data?.client.channel.child.pid;
  }

  /** Opens a project in the place of the one before. Its configuration exists for the compiler alone. */
  open(model: ProjectModel, number: number): Project {
    const path = `${model.basePath}/tsconfig.lightdom-${number}.json`;
    const compilerOptions = { ...model.compilerOptions, allowJs: true, checkJs: false };
    const former = this.#config?.path;
    this.#config = { path, text: JSON.stringify({ compilerOptions, files: model.files }) };
    const snapshot = this.#api.updateSnapshot({
      openProjects: [path],
      ...(former !== undefined && { closeProjects: [former] }),
    });
    const project = snapshot.getProject(path);
    if (project === undefined) throw new AppError('internal', `The compiler did not open ${model.name}.`);
    this.#project = project;
    return project;
  }

  /** Lets go of the syntax trees that were sent so far; those still needed are sent again. */
  forgetTrees(): void {
    this.#api.clearSourceFileCache();
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

  close(): void {
    this.#api.close();
  }
}
