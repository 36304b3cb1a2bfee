import { existsSync } from 'node:fs';
import type { ts } from 'ts-morph';
import { typescript } from './typescript-six.ts';
import { normaliseOptions } from './compiler-options.ts';
import type { PlainOptions } from './compiler-options.ts';
import { createConfigHost, readConfigText } from './config-host.ts';
import type { SourceListing } from './source-walk.ts';

/** One tsconfig that could be read. */
export interface CompilerConfig {
  /** Absolute. */
  readonly path: string;
  readonly folder: string;
  /** Absolute paths, as its `files` and `include` select them. */
  readonly files: readonly string[];
  readonly options: PlainOptions;
  /** Absolute folders that it writes to. */
  readonly outputFolders: readonly string[];
  /** Folder that output mirrors. */
  readonly sourceFolder: string | undefined;
  /** Absolute paths of the configurations it refers to. */
  readonly references: readonly string[];
}

export interface CompilerConfigs {
  /** In order of discovery: those that carry the usual name by path, each followed by what only it refers to. */
  readonly usable: ReadonlyMap<string, CompilerConfig>;
  /** Absolute paths of configurations that could not be used at all. */
  readonly broken: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

/** Messages of the compiler that say nothing is wrong: a solution file lists no files. */
const HARMLESS_CODES: ReadonlySet<number> = new Set([18_002, 18_003]);

/** Some messages list every value that an option takes. */
const MAX_REASON_LENGTH = 300;

/** `extends` that leads back to itself; the options are then whatever was read first. */
const CIRCULAR_CODE = 18_000;

/** Reads every tsconfig of the listing and what they refer to. A broken one becomes a warning and nothing else. */
export async function readCompilerConfigs(listing: SourceListing, pace: () => Promise<void>): Promise<CompilerConfigs> {
  const usable = new Map<string, CompilerConfig>();
  const broken = new Set<string>();
  const warnings: string[] = [];
  const host = createConfigHost(listing);
  const pending = startingPoints(listing.configs).toReversed();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (usable.has(path) || broken.has(path)) continue;
    await pace();
    const { config, problems } = readCompilerConfig(path, listing.root, host);
    warnings.push(...problems);
    if (config === undefined) broken.add(path);
    else usable.set(path, config);
    for (const reference of config?.references ?? []) {
      if (existsSync(reference)) pending.push(reference);
      else
        warnings.push(
          `${nameIn(listing.root, path)} refers to ${nameIn(listing.root, reference)}, which does not exist.`,
        );
    }
  }
  return { usable, broken, warnings };
}

/** A jsconfig.json counts only where there is no tsconfig.json. */
function startingPoints(configs: readonly string[]): string[] {
  const all = new Set(configs);
  return configs
    .filter((path) => !all.has(path.replace(/jsconfig\.json$/, 'tsconfig.json')) || path.endsWith('/tsconfig.json'))
    .toSorted();
}

interface ReadResult {
  readonly config: CompilerConfig | undefined;
  readonly problems: readonly string[];
}

function readCompilerConfig(path: string, root: string, host: ts.ParseConfigHost): ReadResult {
  const name = nameIn(root, path);
  const text = readConfigText(root, path);
  if (text === undefined) return { config: undefined, problems: [`${name} can't be read, or is larger than 1 MB.`] };
  const { error } = typescript.parseConfigFileTextToJson(path, text);
  if (error !== undefined) return { config: undefined, problems: [describeProblem(error, root, { name, text })] };
  const folder = path.slice(0, path.lastIndexOf('/'));
  const source = typescript.readJsonConfigFile(path, () => text);
  const parsed = typescript.parseJsonSourceFileConfigFileContent(source, host, folder, undefined, path);
  const errors = parsed.errors.filter(({ code }) => !HARMLESS_CODES.has(code));
  const problems = errors.map((problem) => describeProblem(problem, root, { name, text }));
  if (errors.some(({ code }) => code === CIRCULAR_CODE)) return { config: undefined, problems };
  return { config: configOf(path, folder, parsed), problems };
}

function configOf(path: string, folder: string, parsed: ts.ParsedCommandLine): CompilerConfig {
  const { options } = parsed;
  const outputs = [options.outDir, options.declarationDir].filter((output) => output !== undefined);
  return {
    path,
    folder,
    files: parsed.fileNames,
    options: normaliseOptions(options, folder),
    outputFolders: [...new Set(outputs)],
    sourceFolder: options.rootDir,
    references: (parsed.projectReferences ?? []).map((reference) => typescript.resolveProjectReferencePath(reference)),
  };
}

/** File and line first, as editors show it. What is wrong with `extends` comes without a place. */
function describeProblem(problem: ts.Diagnostic, root: string, config: { name: string; text: string }): string {
  const reason = typescript.flattenDiagnosticMessageText(problem.messageText, ' ').slice(0, MAX_REASON_LENGTH);
  if (problem.file !== undefined) {
    const { line } = problem.file.getLineAndCharacterOfPosition(problem.start ?? 0);
    return `${nameIn(root, problem.file.fileName)}:${line + 1}: ${reason}`;
  }
  const before = /^[^]*?(?="extends"\s*:)/.exec(config.text)?.[0];
  const line = before === undefined ? '' : `:${before.split('\n').length}`;
  return `${config.name}${line}: ${reason}`;
}

function nameIn(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
