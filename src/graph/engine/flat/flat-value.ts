import { SyntaxKind } from 'typescript/unstable/ast';
import { BODY_SLOT, MEMBERS_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

export function isFunctionValue(tree: FlatTree, value: number): boolean {
  const kind = tree.kind(value);
  return kind === SyntaxKind.ArrowFunction || kind === SyntaxKind.FunctionExpression;
}

/** Where the body of a function or class begins; undefined for any other value, and for none. */
export function bodyOf(tree: FlatTree, value: number): number | undefined {
  const kind = tree.kind(value);
  switch (kind) {
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.FunctionExpression:
      return tree.pos(tree.child(value, BODY_SLOT[kind] ?? -1));
    case SyntaxKind.ClassExpression:
      return tree.pos(tree.child(value, MEMBERS_SLOT[kind] ?? -1)) - 1;
    default:
      return undefined;
  }
}
