import { ts } from 'ts-morph';
import { exportNameOfValue } from './common-js.ts';

/**
 * A name that import or export declarations give to something: the part behind `as`, or the name itself. Uses of such a
 * name can point anywhere, whatever the declarations of the workspace are called.
 */
export function linkNameOf(use: ts.Node): string | undefined {
  const { parent } = use;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return parent.name.text;
  if (ts.isNamespaceImport(parent) || ts.isImportEqualsDeclaration(parent)) return parent.name.text;
  if (ts.isImportClause(parent)) return parent.name?.text;
  if (ts.isBindingElement(parent) || ts.isVariableDeclaration(parent)) return boundName(parent);
  return exportNameOfValue(use) ?? namespaceName(parent);
}

function boundName({ name }: ts.BindingElement | ts.VariableDeclaration): string | undefined {
  return ts.isIdentifier(name) ? name.text : undefined;
}

function namespaceName(parent: ts.Node): string | undefined {
  const clause = ts.isExportDeclaration(parent) ? parent.exportClause : undefined;
  return clause !== undefined && ts.isNamespaceExport(clause) ? clause.name.text : undefined;
}
