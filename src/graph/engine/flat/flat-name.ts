import { KIND } from './flat-kinds.ts';
import { NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The name of a declaration, as `getNameOfDeclaration` of the compiler finds it; 0 when it has none. */
export function nameNodeOf(tree: FlatTree, declaration: number): number {
  const kind = tree.kind(declaration);
  if (kind === KIND.BinaryExpression) return nameOfAssignment(tree, declaration);
  if (kind === KIND.ExportAssignment) {
    const value = tree.child(declaration, SLOT.exported);
    return tree.kind(value) === KIND.Identifier ? value : 0;
  }
  return tree.child(declaration, NAME_SLOT[kind] ?? -1);
}

export function nameTextOf(tree: FlatTree, declaration: number): string {
  const name = nameNodeOf(tree, declaration);
  switch (tree.kind(name)) {
    case KIND.Unknown:
      return 'default';
    case KIND.Identifier:
    case KIND.PrivateIdentifier:
    case KIND.StringLiteral:
    case KIND.NoSubstitutionTemplateLiteral:
    case KIND.NumericLiteral:
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
  const isNameless = kind === KIND.Constructor || kind === KIND.ExportAssignment;
  const name = isNameless ? 0 : nameNodeOf(tree, declaration);
  return tree.start(name === 0 ? declaration : name);
}

/** `name` of `exports.name = …`. The compiler sees no declaration in `= void 0`, nor one with a name in `module.exports =`. */
function nameOfAssignment(tree: FlatTree, node: number): number {
  const left = tree.child(node, SLOT.left);
  const name = tree.child(left, SLOT.accessName);
  const object = tree.child(left, SLOT.expression);
  if (tree.kind(object) === KIND.Identifier && tree.value(object) !== 'exports') return 0;
  let value = node;
  while (isPlainAssignment(tree, value)) value = tree.child(value, SLOT.right);
  if (isVoidZero(tree, value)) return 0;
  const isPrototype = tree.value(name) === 'prototype' && tree.kind(value) === KIND.ObjectLiteralExpression;
  return isPrototype ? 0 : name;
}

function isPlainAssignment(tree: FlatTree, node: number): boolean {
  if (tree.kind(node) !== KIND.BinaryExpression) return false;
  return tree.kind(tree.child(node, SLOT.operator)) === KIND.EqualsToken;
}

function isVoidZero(tree: FlatTree, node: number): boolean {
  if (tree.kind(node) !== KIND.VoidExpression) return false;
  const operand = tree.child(node, SLOT.expression);
  return tree.kind(operand) === KIND.NumericLiteral && tree.value(operand) === '0';
}
