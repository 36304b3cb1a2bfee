import { KIND } from './flat-kinds.ts';
import { BODY_SLOT, MEMBERS_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

export function isFunctionValue(tree: FlatTree, value: number): boolean {
  const kind = tree.kind(value);
  return kind === KIND.ArrowFunction || kind === KIND.FunctionExpression;
}

/** Where the body of a function or class begins; undefined for any other value, and for none. */
export function bodyOf(tree: FlatTree, value: number): number | undefined {
  const kind = tree.kind(value);
  switch (kind) {
    case KIND.ArrowFunction:
    case KIND.FunctionExpression:
      return tree.pos(tree.child(value, BODY_SLOT[kind] ?? -1));
    case KIND.ClassExpression:
      return tree.pos(tree.child(value, MEMBERS_SLOT[kind] ?? -1)) - 1;
    default:
      return undefined;
  }
}
