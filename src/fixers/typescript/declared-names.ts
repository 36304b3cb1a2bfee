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
  return isDeclaration(node) && node.name !== undefined ? textOfName(node.name) : undefined;
}

type Named = ts.NamedDeclaration | ts.ImportClause | ts.ImportSpecifier | ts.ExportSpecifier | ts.NamespaceImport;

const DECLARING: readonly ((node: ts.Node) => node is Named)[] = [
  ts.isVariableDeclaration,
  ts.isParameter,
  ts.isBindingElement,
  ts.isFunctionLike,
  ts.isClassLike,
  ts.isInterfaceDeclaration,
  ts.isTypeAliasDeclaration,
  ts.isEnumDeclaration,
  ts.isEnumMember,
  ts.isPropertyDeclaration,
  ts.isPropertySignature,
  ts.isPropertyAssignment,
  ts.isShorthandPropertyAssignment,
  ts.isImportClause,
  ts.isImportSpecifier,
  ts.isExportSpecifier,
  ts.isNamespaceImport,
  ts.isTypeParameterDeclaration,
  ts.isModuleDeclaration,
];

function isDeclaration(node: ts.Node): node is Named {
  return DECLARING.some((isOne) => isOne(node));
}

function textOfName(name: ts.Node): string | undefined {
  const isPlain = ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isPrivateIdentifier(name);
  return isPlain ? name.text : undefined;
}
