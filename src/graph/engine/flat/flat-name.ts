import { SyntaxKind } from 'typescript/unstable/ast';
import { NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The name of a declaration, as `getNameOfDeclaration` of the compiler finds it; 0 when it has none. */
export function nameNodeOf(tree: FlatTree, declaration: number): number {
  const kind = tree.kind(declaration);
  if (kind === SyntaxKind.BinaryExpression) return nameOfAssignment(tree, declaration);
  if (kind === SyntaxKind.ExportAssignment) {
    const value = tree.child(declaration, SLOT.exported);
    return tree.kind(value) === SyntaxKind.Identifier ? value : 0;
  }
  return tree.child(declaration, NAME_SLOT[kind] ?? -1);
}

export function nameTextOf(tree: FlatTree, declaration: number): string {
  const name = nameNodeOf(tree, declaration);
  switch (tree.kind(name)) {
    case SyntaxKind.Unknown:
      return 'default';
    case SyntaxKind.Identifier:
    case SyntaxKind.PrivateIdentifier:
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
    case SyntaxKind.NumericLiteral:
      return tree.value(name);
    default:
      return tree.source(name);
  }
}

/**
 * The offset that stands for a declaration: where its name begins, or where it begins itself when it has none
 * (constructors, default exports); as `anchorOf`.
 */
export function anchorOf(tree: FlatTree, declaration: number): number {
  const kind = tree.kind(declaration);
  const isNameless = kind === SyntaxKind.Constructor || kind === SyntaxKind.ExportAssignment;
  const name = isNameless ? 0 : nameNodeOf(tree, declaration);
  return tree.start(name === 0 ? declaration : name);
}

/** `name` of `exports.name = …`. The compiler sees no declaration in `= void 0`, nor one with a name in `module.exports =`. */
function nameOfAssignment(tree: FlatTree, node: number): number {
  const left = tree.child(node, SLOT.left);
  const name = tree.child(left, SLOT.accessName);
  const object = tree.child(left, SLOT.expression);
  if (tree.kind(object) === SyntaxKind.Identifier && tree.value(object) !== 'exports') return 0;
  let value = node;
  while (isPlainAssignment(tree, value)) value = tree.child(value, SLOT.right);
  if (isVoidZero(tree, value)) return 0;
  const isPrototype = tree.value(name) === 'prototype' && tree.kind(value) === SyntaxKind.ObjectLiteralExpression;
  return isPrototype ? 0 : name;
}

function isPlainAssignment(tree: FlatTree, node: number): boolean {
  if (tree.kind(node) !== SyntaxKind.BinaryExpression) return false;
  return tree.kind(tree.child(node, SLOT.operator)) === SyntaxKind.EqualsToken;
}

function isVoidZero(tree: FlatTree, node: number): boolean {
  if (tree.kind(node) !== SyntaxKind.VoidExpression) return false;
  const operand = tree.child(node, SLOT.expression);
  return tree.kind(operand) === SyntaxKind.NumericLiteral && tree.value(operand) === '0';
}
