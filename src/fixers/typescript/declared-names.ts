import { ts } from 'ts-morph';

/**
 * What a text declares, binds or spells out, and how often: declarations, members, parameters, imports, keys and literals
 * of types.
 */
export function declaredNames(path: string, text: string): ReadonlyMap<string, number> {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false);
  const names = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    const name = nameOf(node);
    if (name !== undefined) names.set(name, (names.get(name) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isLiteralTypeNode(node)) return ts.isStringLiteralLike(node.literal) ? node.literal.text : undefined;
  const isNamed =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isEnumMember(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isImportClause(node) ||
    ts.isImportSpecifier(node) ||
    ts.isExportSpecifier(node) ||
    ts.isNamespaceImport(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isModuleDeclaration(node);
  return isNamed && node.name !== undefined ? textOfName(node.name) : undefined;
}

function textOfName(name: ts.Node): string | undefined {
  const isPlain = ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isPrivateIdentifier(name);
  return isPlain ? name.text : undefined;
}
