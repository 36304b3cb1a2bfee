import { Project } from 'ts-morph';
import type { ts } from 'ts-morph';

/**
 * The standard library for these options, by path. The compiler is bundled without its files: ts-morph keeps them, and
 * hands them out only inside of a program.
 */
export function libraryTexts(options: ts.CompilerOptions): ReadonlyMap<string, string> {
  const { target, lib, noLib } = options;
  const compilerOptions: ts.CompilerOptions = { types: [] };
  if (target !== undefined) compilerOptions.target = target;
  if (lib !== undefined) compilerOptions.lib = lib;
  if (noLib !== undefined) compilerOptions.noLib = noLib;
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions });
  // A program without a file needs no library.
  project.createSourceFile('/empty.ts', '');
  const files = project.getProgram().compilerObject.getSourceFiles();
  return new Map(
    files.filter(({ fileName }) => fileName.startsWith(LIBRARY_FOLDER)).map(({ fileName, text }) => [fileName, text]),
  );
}

/** Where ts-morph says that the library lies. */
export const LIBRARY_FOLDER = '/node_modules/typescript/lib';
