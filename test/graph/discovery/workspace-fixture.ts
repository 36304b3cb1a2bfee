import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { discoverWorkspace } from '../../../src/graph/discovery/discover-workspace.ts';
import type { DiscoverOptions } from '../../../src/graph/discovery/discover-workspace.ts';
import type { GraphFile } from '../../../src/graph/graph-schema.ts';
import type { ProjectModel, WorkspaceModel } from '../../../src/graph/type-source.ts';

/** Files of a workspace by relative path; objects are written as JSON. */
export type Files = Readonly<Record<string, string | Buffer | object>>;

/** A folder with these files, gone after the test. */
export function workspace(files: Files): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-discovery-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const absolute = join(root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(absolute, isText ? content : JSON.stringify(content));
  }
  return root;
}

export function discover(root: string, options: Partial<DiscoverOptions> = {}): Promise<WorkspaceModel> {
  return discoverWorkspace({ root, maxFileBytes: 1_000_000, signal: new AbortController().signal, ...options });
}

/** Relative paths of the files that are typed. */
export function typedPaths(model: WorkspaceModel): string[] {
  return model.files.filter(({ state }) => state === 'typed').map(({ path }) => path);
}

export function fileAt(model: WorkspaceModel, path: string): GraphFile {
  const file = model.files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`${path} is not listed.`);
  return file;
}

/** Projects by name with the relative paths of their files. */
export function projectFiles(model: WorkspaceModel): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const { name, files } of model.projects) result[name] = files.map((file) => file.slice(model.root.length + 1));
  return result;
}

export function onlyProject(model: WorkspaceModel): ProjectModel {
  const [project, ...others] = model.projects;
  if (project === undefined || others.length > 0) throw new Error(`${model.projects.length} projects, not one.`);
  return project;
}

/** `paths` of the only project, relative to the root. */
export function pathsOf(model: WorkspaceModel): unknown {
  const paths: unknown = onlyProject(model).compilerOptions['paths'];
  return JSON.parse(JSON.stringify(paths ?? {}).replaceAll(`${model.root}/`, ''));
}
