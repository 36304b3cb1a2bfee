import type { Node, SourceFile } from 'typescript/unstable/ast';
import { isFunctionLikeDeclaration } from 'typescript/unstable/ast';
import type { Diagnostic, Project } from 'typescript/unstable/sync';

/** NodeBuilderFlags.NoTruncation: a long type is not cut off. */
const NO_TRUNCATION = 1;

/** Types of the functions of a file that begin at the offsets given, as the compiler prints them. */
export function functionTypesOf({ checker }: Project, file: SourceFile, starts: readonly number[]): string[] {
  const wanted = new Set(starts);
  const found = new Map<number, Node>();
  const visit = (node: Node): void => {
    if (isFunctionLikeDeclaration(node)) {
      const start = node.getStart(file);
      // Of several that begin at the same place, the outermost.
      if (wanted.has(start) && !found.has(start)) found.set(start, node);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return starts.map((start) => {
    const node = found.get(start);
    const type = node === undefined ? undefined : checker.getTypeAtLocation(node);
    return type === undefined ? '' : checker.typeToString(type, undefined, NO_TRUNCATION);
  });
}

/** First syntax error of a file as text. Asked for all files at once: few have any. */
export function syntaxErrorsOf({ program }: Project): (path: string) => string | undefined {
  let firsts: ReadonlyMap<string, Diagnostic> | undefined;
  return (path) => {
    firsts ??= new Map(
      program
        .getSyntacticDiagnostics()
        .toReversed()
        .map((error) => [error.fileName ?? '', error]),
    );
    const first = firsts.get(path);
    if (first === undefined) return undefined;
    const line = program.getSourceFile(path)?.getLineAndCharacterOfPosition(first.pos).line ?? 0;
    return `line ${line + 1}: ${first.text}`;
  };
}
