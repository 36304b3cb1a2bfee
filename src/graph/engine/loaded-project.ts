import { Project, ts } from 'ts-morph';
import type { ProjectModel } from '../type-source.ts';
import { isForeignBundle } from './foreign-bundle.ts';

/** One program with its checker, made when it is first asked for and let go of as a whole. */
export interface LoadedProject {
  readonly name: string;
  /** Reads and parses one of the project's files. Throws when the parser does not get through it. */
  sourceFile(absolutePath: string): ts.SourceFile;
  /** From now on the file is empty, whatever imports it. For the time before there is a program. */
  hide(absolutePath: string): void;
  program(): ts.Program;
  /** Absolute path of the file that a module specifier leads to, whether or not it is a module. */
  resolvedFile(specifier: ts.StringLiteralLike): string | undefined;
}

/**
 * ts-morph loads: it brings the standard library and keeps the files. Everything after that works on the compiler's own
 * nodes, which costs no wrappers.
 */
export function loadProject(model: ProjectModel): LoadedProject {
  const { options } = ts.convertCompilerOptionsFromJson(model.compilerOptions, model.basePath);
  const project = new Project({
    // A TypeScript file may import a script of the workspace: without this it would see nothing of it.
    // `types` are looked for from the place of the configuration; without one, from wherever this process was started.
    compilerOptions: { ...options, allowJs: true, checkJs: false, configFilePath: `${model.basePath}/tsconfig.json` },
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
  });
  const hidden = new Set<string>();
  const disk = project.getFileSystem();
  const read = disk.readFileSync.bind(disk);
  const owned = new Set(model.files);
  disk.readFileSync = (path, encoding) => {
    const text = hidden.has(path) ? '' : read(path, encoding);
    return isForeignBundle(path, owned, () => text.length) ? '' : text;
  };
  return {
    name: model.name,
    sourceFile: (path) => {
      // A file that vanished since it was listed is an empty one.
      const file =
        project.getSourceFile(path) ?? project.addSourceFileAtPathIfExists(path) ?? project.createSourceFile(path);
      return file.compilerNode;
    },
    hide: (path) => {
      hidden.add(path);
    },
    program: () => project.getProgram().compilerObject,
    resolvedFile: (specifier) => {
      const from = specifier.getSourceFile().fileName;
      const host = project.getModuleResolutionHost();
      return ts.resolveModuleName(specifier.text, from, options, host).resolvedModule?.resolvedFileName;
    },
  };
}
