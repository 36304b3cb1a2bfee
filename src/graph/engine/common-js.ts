import { ts } from 'ts-morph';

/** What CommonJS files write in the place of import and export declarations; TypeScript files don't have them. */

/** `exports.name = …` and `module.exports.name = …`: the name. `module.exports = …`: `default`. */
export function exportedNameOf(node: ts.Node): string | undefined {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !isScript(node)) {
    return undefined;
  }
  const { left } = node;
  if (!ts.isPropertyAccessExpression(left)) return undefined;
  if (isModuleExports(left)) return 'default';
  return isExportsObject(left.expression) ? left.name.text : undefined;
}

/** The name in `exports.name = …` itself. */
export function isExportTarget(node: ts.Node): boolean {
  const access = node.parent;
  return (
    ts.isPropertyAccessExpression(access) &&
    ts.isBinaryExpression(access.parent) &&
    access.parent.left === access &&
    exportedNameOf(access.parent) !== undefined
  );
}

/**
 * The name under which a plain name is exported: `x` of `exports.x = y`, of `module.exports = { x: y }` and of
 * `module.exports = { x }`, `default` of `module.exports = y`. Undefined when `node` is no such `y`.
 */
export function exportNameOfValue(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.right === node ? exportedNameOf(parent) : undefined;
  const isMember =
    ts.isShorthandPropertyAssignment(parent) || (ts.isPropertyAssignment(parent) && parent.initializer === node);
  return isMember && isExportList(parent.parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}

/** `{ … }` of `module.exports = { … }`. */
export function isExportList(literal: ts.Node): boolean {
  const { parent } = literal;
  return ts.isBinaryExpression(parent) && parent.right === literal && exportedNameOf(parent) === 'default';
}

/** A name that `const x = require('…')` or `const { x } = require('…')` of a script declares: an import. */
export function isRequireBinding(declaration: ts.Node): boolean {
  if (!isScript(declaration)) return false;
  const variable = ts.isBindingElement(declaration) ? declaration.parent.parent : declaration;
  const initializer = ts.isVariableDeclaration(variable) ? variable.initializer : undefined;
  return initializer !== undefined && ts.isCallExpression(initializer) && isRequire(initializer);
}

export function isRequire({ expression, arguments: [first] }: ts.CallExpression): boolean {
  return (
    ts.isIdentifier(expression) && expression.text === 'require' && first !== undefined && ts.isStringLiteralLike(first)
  );
}

function isScript(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.JavaScriptFile) !== 0;
}

function isExportsObject(node: ts.Node): boolean {
  return (ts.isIdentifier(node) && node.text === 'exports') || isModuleExports(node);
}

function isModuleExports(node: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'exports' &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'module'
  );
}
