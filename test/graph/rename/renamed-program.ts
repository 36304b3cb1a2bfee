import { Project, ts } from 'ts-morph';
import type { GraphChanges } from '../../../src/graph/graph-changes.ts';
import { renameInputSchema } from '../../../src/graph/rename-schema.ts';
import type { RenameAnswer, RenameInput } from '../../../src/graph/rename-schema.ts';

/** What the compiler says to a program whose files are these, by path; libraries are not there. */
export function complaintsOf(files: Readonly<Record<string, string>>): string[] {
  const compilerOptions = {
    strict: true,
    noLib: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve,
    types: [],
  };
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions, skipLoadingLibFiles: true });
  for (const [path, text] of Object.entries(files)) project.createSourceFile(`/${path}`, text);
  return project.getPreEmitDiagnostics().map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.compilerObject.messageText, ' ');
    return `${diagnostic.getSourceFile()?.getFilePath() ?? ''}:${diagnostic.getLineNumber() ?? 0} ${text}`;
  });
}

/** All pages of a preview as one answer. */
export async function previewOf(
  changes: GraphChanges,
  input: Pick<RenameInput, 'symbol' | 'newName'>,
): Promise<RenameAnswer> {
  const first = await changes.rename(renameInputSchema.parse({ ...input, limit: 200 }));
  if (first.nextCursor !== undefined) throw new Error('More edits than a page holds.');
  return first;
}

/** The files with the edits of a preview made. */
export function applied(files: Readonly<Record<string, string>>, { edits }: RenameAnswer): Record<string, string> {
  const result = { ...files };
  for (const { path, line, before, after } of edits) {
    const lines = (result[path] ?? '').split('\n');
    if (lines[line - 1] !== before) throw new Error(`${path}:${line} is not \`${before}\`.`);
    lines[line - 1] = after;
    result[path] = lines.join('\n');
  }
  return result;
}
