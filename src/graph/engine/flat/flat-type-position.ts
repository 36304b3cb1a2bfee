import { KIND } from './flat-kinds.ts';
import { SLOT, TYPE_ARGUMENTS_SLOT, TYPE_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** First and last kind of type nodes. */
const FIRST_TYPE = KIND.TypePredicate;
const LAST_TYPE = KIND.ImportType;
/** Bit of an import type with `typeof`, and of a heritage clause with `implements`. */
const MARK = 1 << 24;

/** Whether a name, a qualified name, an access or `this` stands for a type: `isPartOfTypeNode` of the compiler. */
export function isPartOfType(tree: FlatTree, name: number): boolean {
  const kind = tree.kind(name);
  if (kind === KIND.Identifier) return isTypeName(tree, lastOf(tree, name));
  const isOther = kind === KIND.QualifiedName || kind === KIND.PropertyAccessExpression || kind === KIND.ThisKeyword;
  return isOther && isTypeName(tree, name);
}

export function isImplements(tree: FlatTree, clause: number): boolean {
  return (tree.data(clause) & MARK) !== 0;
}

/** The whole of `a.b` for its last name. */
function lastOf(tree: FlatTree, name: number): number {
  const parent = tree.parent(name);
  const kind = tree.kind(parent);
  if (kind === KIND.QualifiedName) return tree.child(parent, SLOT.qualifiedRight) === name ? parent : name;
  if (kind !== KIND.PropertyAccessExpression) return name;
  return tree.child(parent, SLOT.accessName) === name ? parent : name;
}

function isTypeName(tree: FlatTree, node: number): boolean {
  const parent = tree.parent(node);
  const kind = tree.kind(parent);
  if (kind >= FIRST_TYPE && kind <= LAST_TYPE) return isInTypeNode(tree, parent, kind);
  if (kind === KIND.ExpressionWithTypeArguments) return isTypeWithArguments(tree, parent);
  const typeArguments = TYPE_ARGUMENTS_SLOT[kind] ?? -1;
  if (typeArguments >= 0) return contains(tree, tree.child(parent, typeArguments), node);
  const type = TYPE_SLOT[kind] ?? -1;
  return type >= 0 && tree.child(parent, type) === node;
}

function isInTypeNode(tree: FlatTree, parent: number, kind: number): boolean {
  if (kind === KIND.TypeQuery) return false;
  return kind !== KIND.ImportType || (tree.data(parent) & MARK) === 0;
}

/** A base type; of a class that is extended a value is named. */
function isTypeWithArguments(tree: FlatTree, node: number): boolean {
  const clause = tree.parent(node);
  if (tree.kind(clause) !== KIND.HeritageClause) return false;
  return isImplements(tree, clause) || tree.kind(tree.parent(clause)) === KIND.InterfaceDeclaration;
}

function contains(tree: FlatTree, list: number, node: number): boolean {
  for (let item = tree.first(list); item !== 0; item = tree.next(item)) if (item === node) return true;
  return false;
}
