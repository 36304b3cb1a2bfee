import { ts } from 'ts-morph';
import { tokensOf } from './token-diff.ts';

/** What two texts have in common when they say the same: tokens without white space and comments, imports in any order. */
export function codeKey(path: string, text: string): string {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false);
  const imports: string[] = [];
  const isImport = file.statements.map((statement) => {
    if (!ts.isImportDeclaration(statement)) return false;
    imports.push(...importedBindings(statement, file));
    return true;
  });
  const spans = file.statements.filter((_, at) => isImport[at] === true);
  const isOutside = (start: number): boolean => !spans.some((span) => start >= span.pos && start < span.end);
  const rest = tokensOf(path, text).filter(({ start }) => isOutside(start));
  return JSON.stringify([[...new Set(imports)].toSorted(), rest.map((token) => token.text)]);
}

function importedBindings(statement: ts.ImportDeclaration, file: ts.SourceFile): string[] {
  const { importClause, moduleSpecifier } = statement;
  const module = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
  if (importClause === undefined) return [`${module} *effects`];
  const kind = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type ' : '';
  const names = importClause.name === undefined ? [] : [`${module} ${kind}default ${importClause.name.text}`];
  const bindings = importClause.namedBindings;
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, `${module} ${kind}* ${bindings.name.text}`];
  const named = bindings.elements.map((each) => `${module} ${kind}${each.getText(file).replaceAll(/\s+/g, ' ')}`);
  // `import type { A }` and `import { type A }` bind the same.
  return [...names, ...named.map((each) => each.replace(/ type type /, ' type '))];
}
