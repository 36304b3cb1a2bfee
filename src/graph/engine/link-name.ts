import { ts } from 'ts-morph';

/**
 * A name that import or export declarations give to something: the part behind `as`, or the name itself. Uses of such a
 * name can point anywhere, whatever the declarations of the workspace are called.
 */
export function linkNameOf(use: ts.Node): string | undefined {
  const { parent } = use;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return parent.name.text;
  if (ts.isNamespaceImport(parent) || ts.isImportEqualsDeclaration(parent)) return parent.name.text;
  if (ts.isImportClause(parent)) return parent.name?.text;
  const clause = ts.isExportDeclaration(parent) ? parent.exportClause : undefined;
  return clause !== undefined && ts.isNamespaceExport(clause) ? clause.name.text : undefined;
}
