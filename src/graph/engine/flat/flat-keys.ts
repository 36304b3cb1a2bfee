import { KIND } from './flat-kinds.ts';
import { NAME_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The rules of `literal-keys.ts`, over a flat tree. */

/** The key of `{ key: value }`, `{ key() {} }` and `<Element key />`. Of `{ key }` the one name is use and key at once. */
export function isKey(tree: FlatTree, node: number): boolean {
  const parent = tree.parent(node);
  const kind = tree.kind(parent);
  switch (kind) {
    case KIND.JsxAttribute:
      return tree.child(parent, NAME_SLOT[kind] ?? -1) === node;
    case KIND.PropertyAssignment:
    case KIND.MethodDeclaration:
    case KIND.GetAccessor:
    case KIND.SetAccessor:
      return tree.child(parent, NAME_SLOT[kind] ?? -1) === node && isLiteral(tree, tree.parent(parent));
    default:
      return false;
  }
}

/** The literal that a name is a key of, be it `{ key }`; 0 for none. */
export function literalOfKey(tree: FlatTree, node: number): number {
  const parent = tree.parent(node);
  const kind = tree.kind(parent);
  const isShorthand = kind === KIND.ShorthandPropertyAssignment && tree.child(parent, NAME_SLOT[kind] ?? -1) === node;
  if (!isShorthand && !isKey(tree, node)) return 0;
  const literal = tree.parent(parent);
  return isLiteral(tree, literal) || tree.kind(literal) === KIND.JsxAttributes ? literal : 0;
}

function isLiteral(tree: FlatTree, node: number): boolean {
  return tree.kind(node) === KIND.ObjectLiteralExpression;
}
