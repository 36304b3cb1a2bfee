import { Project, ts } from 'ts-morph';
import type { ProjectModel } from '../type-source.ts';

/** One program with its checker, made when it is first asked for and let go of as a whole. */
export interface LoadedProject {
  sourceFile(absolutePath: string): ts.SourceFile | undefined;
  program(): ts.Program;
  /** Absolute path of the file that a module specifier leads to, whether or not it is a module. */
  resolvedFile(specifier: ts.StringLiteralLike): string | undefined;
}

/**
 * ts-morph loads: it brings the standard library and keeps the files. Everything after that works on the compiler's own
 * nodes, which costs no wrappers. Files in `hidden` exist for the compiler but are empty, whatever imports them.
 */
export function loadProject(model: ProjectModel, hidden: readonly string[]): LoadedProject {
  const { options } = ts.convertCompilerOptionsFromJson(model.compilerOptions, model.basePath);
  const project = new Project({
    // A TypeScript file may import a script of the workspace: without this it would see nothing of it.
    compilerOptions: { ...options, allowJs: true, checkJs: false },
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
  });
  for (const path of hidden) project.createSourceFile(path, '', { overwrite: true });
  for (const path of model.files) {
    // A file that vanished since it was listed is an empty one.
    if (project.addSourceFileAtPathIfExists(path) === undefined)
      project.createSourceFile(path, '', { overwrite: true });
  }
  return {
    sourceFile: (absolutePath) => project.getSourceFile(absolutePath)?.compilerNode,
    program: () => project.getProgram().compilerObject,
    resolvedFile: (specifier) => {
      const from = specifier.getSourceFile().fileName;
      const host = project.getModuleResolutionHost();
      return ts.resolveModuleName(specifier.text, from, options, host).resolvedModule?.resolvedFileName;
    },
  };
}
