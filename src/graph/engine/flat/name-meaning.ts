import { KIND } from './flat-kinds.ts';
import { BODY_SLOT, INITIALIZER_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** What a name stands for; `{ name }` gives the value, but stands for a property too. */
export type Meaning = 'value' | 'shorthand' | 'type' | 'namespace';

/** Where a name that stands alone is an expression of its own, whichever child of its parent it is. */
const AROUND_EXPRESSIONS: ReadonlySet<number> = new Set([
  KIND.CallExpression,
  KIND.NewExpression,
  KIND.ElementAccessExpression,
  KIND.BinaryExpression,
  KIND.ConditionalExpression,
  KIND.PrefixUnaryExpression,
  KIND.PostfixUnaryExpression,
  KIND.ParenthesizedExpression,
  KIND.NonNullExpression,
  KIND.AwaitExpression,
  KIND.TypeOfExpression,
  KIND.SpreadElement,
  KIND.SpreadAssignment,
  KIND.ArrayLiteralExpression,
  KIND.TemplateSpan,
  KIND.ReturnStatement,
  KIND.ThrowStatement,
  KIND.IfStatement,
  KIND.WhileStatement,
  KIND.ExpressionStatement,
  KIND.ForOfStatement,
  KIND.ForInStatement,
  KIND.ForStatement,
  KIND.SwitchStatement,
  KIND.CaseClause,
]);

/** Undefined for a use that is left to the compiler. */
export function meaningOf(tree: FlatTree, use: number, parent: number): Meaning | undefined {
  const kind = tree.kind(parent);
  if (kind === KIND.TypeReference) return 'type';
  if (kind === KIND.ShorthandPropertyAssignment && tree.child(parent, NAME_SLOT[kind] ?? -1) === use)
    return 'shorthand';
  if (!isExpression(tree, use)) return undefined;
  return isInBase(tree, parent) ? 'namespace' : 'value';
}

/** Whether it is the left part of what a class extends or implements. */
function isInBase(tree: FlatTree, access: number): boolean {
  let node = access;
  while (tree.kind(node) === KIND.PropertyAccessExpression) node = tree.parent(node);
  return node !== access && tree.kind(node) === KIND.ExpressionWithTypeArguments;
}

function isExpression(tree: FlatTree, use: number): boolean {
  const parent = tree.parent(use);
  const kind = tree.kind(parent);
  if (AROUND_EXPRESSIONS.has(kind)) return true;
  if (kind === KIND.PropertyAccessExpression) return tree.child(parent, SLOT.expression) === use;
  return tree.child(parent, INITIALIZER_SLOT[kind] ?? -1) === use || tree.child(parent, BODY_SLOT[kind] ?? -1) === use;
}
