import { dirname } from 'node:path';
import { ts } from 'ts-morph';
import { LIBRARY_FOLDER, libraryTexts } from './library-texts.ts';
import type { PlaceTexts } from './place-texts.ts';
import type { ProjectConfig } from './project-list.ts';
import { ReverseImports } from './reverse-imports.ts';

/** One configuration with its Language Service, which sees the texts of the place. */
export class OverlayProject {
  readonly config: ProjectConfig;
  readonly service: ts.LanguageService;
  readonly #known = new Map<string, readonly ts.Diagnostic[]>();
  #imports: ReverseImports | undefined;
  #files: ReadonlySet<string> | undefined;

  constructor(config: ProjectConfig, { texts, registry }: { texts: PlaceTexts; registry: ts.DocumentRegistry }) {
    this.config = config;
    this.service = ts.createLanguageService(hostOf(config, texts), registry);
  }

  /** Whether the program has the file, listed or imported. By the texts on the disk. */
  has(path: string): boolean {
    this.#files ??= new Set(
      this.program()
        .getSourceFiles()
        .map(({ fileName }) => fileName),
    );
    return this.#files.has(path);
  }

  program(): ts.Program {
    const program = this.service.getProgram();
    if (program === undefined) throw new Error(`${this.config.path} has no program.`);
    return program;
  }

  /** Errors of a file as its text is now, with those of its declarations where they are written. */
  diagnosticsOf(path: string): readonly ts.Diagnostic[] {
    const program = this.program();
    const file = program.getSourceFile(path);
    if (file === undefined) return [];
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    if (this.config.options.declaration === true) found.push(...program.getDeclarationDiagnostics(file));
    return found.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  }

  /** Those of the text on the disk, kept until {@link forget}. Not while texts are tried out. */
  knownDiagnosticsOf(path: string): readonly ts.Diagnostic[] {
    const known = this.#known.get(path) ?? this.diagnosticsOf(path);
    this.#known.set(path, known);
    return known;
  }

  hasKnown(path: string): boolean {
    return this.#known.has(path);
  }

  /** Who imports whom, by the texts on the disk. */
  imports(): ReverseImports {
    this.#imports ??= new ReverseImports(this.program());
    return this.#imports;
  }

  /**
   * What others see of a file: its declarations as text, with what is wrong with them. Undefined where there are none, as
   * of a script. A program that emits nothing says that it skipped them, and hands them out all the same.
   */
  shapeOf(path: string): string | undefined {
    const output: ts.EmitOutput & { readonly diagnostics?: unknown } = this.service.getEmitOutput(path, true, true);
    const faults = Array.isArray(output.diagnostics) ? output.diagnostics.length : 0;
    const texts = output.outputFiles.map(({ text }) => text);
    return texts.length === 0 || faults > 0 ? undefined : texts.join('\n');
  }

  forget(): void {
    this.#known.clear();
    this.#imports = undefined;
    this.#files = undefined;
  }
}

function hostOf({ files, options, path }: ProjectConfig, texts: PlaceTexts): ts.LanguageServiceHost {
  const library = libraryTexts(options);
  const find = (file: string): string | undefined => library.get(file) ?? texts.find(file);
  const settings = { ...options, configFilePath: path };
  return {
    getCompilationSettings: () => settings,
    getScriptFileNames: () => [...files],
    getScriptVersion: (file) => (library.has(file) ? 'library' : texts.versionOf(file)),
    getScriptSnapshot: (file) => {
      const text = find(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => dirname(path),
    getDefaultLibFileName: () => `${LIBRARY_FOLDER}/${ts.getDefaultLibFileName(options)}`,
    fileExists: (file) => library.has(file) || texts.exists(file),
    readFile: find,
    readDirectory: (...args) => ts.sys.readDirectory(...args),
    directoryExists: (folder) => ts.sys.directoryExists(folder),
    getDirectories: (folder) => ts.sys.getDirectories(folder),
    realpath: (file) => (library.has(file) ? file : (ts.sys.realpath?.(file) ?? file)),
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  };
}
