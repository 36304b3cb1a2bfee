import { ts } from 'ts-morph';

export type KeyedLiteral = ts.ObjectLiteralExpression | ts.JsxAttributes;

/** The key of `{ key: value }`, `{ key() {} }` and `<Element key />`. Of `{ key }` the one name is use and key at once. */
export function isKey(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isJsxAttribute(parent)) return parent.name === node;
  if (!ts.isPropertyAssignment(parent) && !ts.isMethodDeclaration(parent) && !ts.isAccessor(parent)) return false;
  return parent.name === node && ts.isObjectLiteralExpression(parent.parent);
}

/** The literal that a name is a key of, be it `{ key }`. */
export function literalOfKey(node: ts.Node): KeyedLiteral | undefined {
  const { parent } = node;
  const isShorthand = ts.isShorthandPropertyAssignment(parent) && parent.name === node;
  if (!isShorthand && !isKey(node)) return undefined;
  const literal = parent.parent;
  return ts.isObjectLiteralExpression(literal) || ts.isJsxAttributes(literal) ? literal : undefined;
}
