import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { ts } from 'ts-morph';
import { z } from 'zod';

export interface ProjectConfig {
  readonly path: string;
  readonly files: readonly string[];
  readonly options: ts.CompilerOptions;
  readonly references: readonly ts.ProjectReference[];
}

/** As many as findings ask the compiler about. */
const MAX_CONFIGS = 100;
const MAX_DEPTH = 8;
const manifestSchema = z.object({ version: z.string() });

/** The configurations of a workspace: each `tsconfig.json`, and what they refer to; the nearest to `near` first. */
export function listProjects(root: string, near: string): ProjectConfig[] {
  const nearest = (one: string, two: string): number => distance(two, near) - distance(one, near);
  const pending = configPaths(root, 0).toSorted(nearest);
  const found = new Map<string, ProjectConfig>();
  for (let path = pending.shift(); path !== undefined && found.size < MAX_CONFIGS; path = pending.shift()) {
    if (found.has(path)) continue;
    const config = readConfig(path);
    found.set(path, config);
    pending.push(
      ...config.references.map((each) => ts.resolveProjectReferencePath(each)).filter((each) => existsSync(each)),
    );
  }
  return [...found.values()];
}

/** Length of the configuration's folder, if the file lies in it. */
function distance(config: string, file: string): number {
  const folder = dirname(config);
  return file.startsWith(`${folder}/`) ? folder.length : 0;
}

function configPaths(folder: string, depth: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const own = entries.some((entry) => entry.name === 'tsconfig.json' && entry.isFile());
  const inner = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules' && name !== 'dist');
  const deeper = depth === MAX_DEPTH ? [] : inner.filter((entry) => entry.isDirectory());
  return [
    ...(own ? [join(folder, 'tsconfig.json')] : []),
    ...deeper.flatMap((entry) => configPaths(join(folder, entry.name), depth + 1)),
  ];
}

function readConfig(path: string): ProjectConfig {
  const folder = dirname(path);
  const { config } = readJson(path);
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, folder, undefined, path);
  const options = checkOptions(parsed.options, folder);
  return { path, files: parsed.fileNames, options, references: parsed.projectReferences ?? [] };
}

function readJson(path: string): { readonly config: unknown } {
  const read = ts.readConfigFile(path, (file) => ts.sys.readFile(file));
  const config: unknown = read.config;
  return { config: config ?? {} };
}

/** Nothing is written, no project waits for the output of another. */
function checkOptions(options: ts.CompilerOptions, folder: string): ts.CompilerOptions {
  const { composite, declaration, tsBuildInfoFile: _info, ...rest } = options;
  const checked: ts.CompilerOptions = {
    ...(isOlderThanSix(folder) ? formerDefaults(rest) : {}),
    ...rest,
    composite: false,
    incremental: false,
    noEmit: true,
    emitDeclarationOnly: false,
    noEmitOnError: false,
    // Where output would lie is of no concern; newer compilers hold every file to it.
    rootDir: parse(folder).root,
    skipLibCheck: true,
    declaration: declaration ?? composite ?? false,
  };
  // What emits declarations needs them; nothing else may be asked of a program that emits none.
  if (checked.declaration !== true) {
    checked.declarationMap = false;
    checked.isolatedDeclarations = false;
  }
  return checked;
}

/** What TypeScript took for granted before 6, where the configuration says nothing. */
function formerDefaults(options: ts.CompilerOptions): ts.CompilerOptions {
  return {
    strict: false,
    esModuleInterop: false,
    noUncheckedSideEffectImports: false,
    ...(options.types === undefined && { types: ['*'] }),
    ...(options.target === undefined && { target: ts.ScriptTarget.ES5 }),
  };
}

function isOlderThanSix(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = join(at, 'node_modules/typescript/package.json');
    if (existsSync(manifest)) return majorOf(manifest) < 6;
    if (dirname(at) === at) return false;
  }
}

function majorOf(manifest: string): number {
  try {
    return Number.parseInt(manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8'))).version, 10);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
