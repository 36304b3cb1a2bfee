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

/** Whether a binding is marked as a type does not tell: where it matters, the compiler says so. */
function importedBindings(statement: ts.ImportDeclaration, file: ts.SourceFile): string[] {
  const { importClause, moduleSpecifier } = statement;
  const module = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
  if (importClause === undefined) return [`${module} effects`];
  const names = importClause.name === undefined ? [] : [`${module} default ${importClause.name.text}`];
  const bindings = importClause.namedBindings;
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, `${module} * ${bindings.name.text}`];
  const named = bindings.elements.map(
    ({ propertyName, name }) => `${(propertyName ?? name).getText(file)} as ${name.text}`,
  );
  return [...names, ...named.map((each) => `${module} ${each}`)];
}
