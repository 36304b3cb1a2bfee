import type { ts } from 'ts-morph';
import { createConfigHost } from './config-host.ts';
import type { ReadConfig } from './plain-config.ts';
import type { SourceListing } from './source-walk.ts';
import { KEPT_OPTIONS } from './spelled-options.ts';
import type { SpelledOptions } from './spelled-options.ts';
import { typescriptSix } from './typescript-six.ts';

/** Messages of the compiler that say nothing is wrong: a solution file lists no files. */
const HARMLESS_CODES: ReadonlySet<number> = new Set([18_002, 18_003]);

/** Some messages list every value that an option takes. */
const MAX_REASON_LENGTH = 300;

/** `extends` that leads back to itself; the options are then whatever was read first. */
const CIRCULAR_CODE = 18_000;

export interface SixResult {
  /** Undefined for one that can't be used at all. */
  readonly config: ReadConfig | undefined;
  readonly problems: readonly string[];
}

/** Configurations as TypeScript 6 reads them, which understands all and says what is wrong. */
export class SixConfigs {
  readonly #listing: SourceListing;
  #host: ts.ParseConfigHost | undefined;

  constructor(listing: SourceListing) {
    this.#listing = listing;
  }

  read(path: string, text: string): SixResult {
    const typescript = typescriptSix();
    this.#host ??= createConfigHost(this.#listing);
    const { root } = this.#listing;
    const named = { name: nameIn(root, path), text };
    const { error } = typescript.parseConfigFileTextToJson(path, text);
    if (error !== undefined) return { config: undefined, problems: [describeProblem(error, root, named)] };
    const folder = path.slice(0, path.lastIndexOf('/'));
    const source = typescript.readJsonConfigFile(path, () => text);
    const parsed = typescript.parseJsonSourceFileConfigFileContent(source, this.#host, folder, undefined, path);
    const errors = parsed.errors.filter(({ code }) => !HARMLESS_CODES.has(code));
    const problems = errors.map((problem) => describeProblem(problem, root, named));
    if (errors.some(({ code }) => code === CIRCULAR_CODE)) return { config: undefined, problems };
    const references = (parsed.projectReferences ?? []).map((each) => typescript.resolveProjectReferencePath(each));
    return { config: { options: spelled(parsed.options), files: parsed.fileNames, references }, problems };
  }
}

const JSX = ['preserve', 'preserve', 'react', 'react-native', 'react-jsx', 'react-jsxdev'] as const;
const MODULE_DETECTION = ['auto', 'legacy', 'auto', 'force'] as const;

/** TypeScript keeps numbers for words. */
function spelled(options: ts.CompilerOptions): SpelledOptions {
  const { ModuleKind, ModuleResolutionKind } = typescriptSix();
  const { target, module, moduleResolution, moduleDetection, jsx, lib, types, typeRoots, paths, pathsBasePath } =
    options;
  return {
    target: targetName(target),
    module: module === undefined ? undefined : ModuleKind[module].toLowerCase(),
    moduleResolution: moduleResolution === undefined ? undefined : ModuleResolutionKind[moduleResolution].toLowerCase(),
    moduleDetection: moduleDetection === undefined ? undefined : MODULE_DETECTION[moduleDetection],
    jsx: jsx === undefined ? undefined : JSX[jsx],
    lib: lib?.map((file) => file.replace(/^lib\.|\.d\.ts$/g, '')),
    types,
    typeRoots,
    allowJs: options.allowJs,
    checkJs: options.checkJs,
    baseUrl: options.baseUrl,
    paths,
    pathsBasePath: typeof pathsBasePath === 'string' ? pathsBasePath : undefined,
    rootDir: options.rootDir,
    outDir: options.outDir,
    declarationDir: options.declarationDir,
    kept: Object.fromEntries(
      KEPT_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
    ),
  };
}

function targetName(target: ts.ScriptTarget | undefined): string | undefined {
  const { ScriptTarget } = typescriptSix();
  if (target === undefined || target >= ScriptTarget.ESNext) return undefined;
  // The last year's number has a second name in the enumeration.
  return target === ScriptTarget.ES2025 ? 'es2025' : ScriptTarget[target].toLowerCase();
}

/** File and line first, as editors show it. What is wrong with `extends` comes without a place. */
function describeProblem(problem: ts.Diagnostic, root: string, config: { name: string; text: string }): string {
  const { messageText, file, start } = problem;
  const reason = typescriptSix().flattenDiagnosticMessageText(messageText, ' ').slice(0, MAX_REASON_LENGTH);
  if (file !== undefined) {
    const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
    return `${nameIn(root, file.fileName)}:${line + 1}: ${reason}`;
  }
  const before = /^[^]*?(?="extends"\s*:)/.exec(config.text)?.[0];
  const line = before === undefined ? '' : `:${before.split('\n').length}`;
  return `${config.name}${line}: ${reason}`;
}

export function nameIn(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
