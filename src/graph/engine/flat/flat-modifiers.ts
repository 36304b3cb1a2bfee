import { KIND } from './flat-kinds.ts';
import { NODE_FLAGS } from '../../graph-schema.ts';
import { KINDS } from './flat-rows.ts';
import { MODIFIERS_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** Of modifiers that make a parameter a property; no flag of a node. */
const MAKES_PROPERTY = 1 << 20;

const MODIFIER_BITS = new Int32Array(KINDS);
for (const [kind, bit] of [
  [KIND.ExportKeyword, NODE_FLAGS.exported],
  [KIND.DefaultKeyword, NODE_FLAGS.default],
  [KIND.StaticKeyword, NODE_FLAGS.static],
  [KIND.AbstractKeyword, NODE_FLAGS.abstract],
  [KIND.AsyncKeyword, NODE_FLAGS.async],
  [KIND.DeclareKeyword, NODE_FLAGS.ambient],
  [KIND.PublicKeyword, MAKES_PROPERTY],
  [KIND.PrivateKeyword, MAKES_PROPERTY],
  [KIND.ProtectedKeyword, MAKES_PROPERTY],
  [KIND.ReadonlyKeyword, MAKES_PROPERTY],
  [KIND.OverrideKeyword, MAKES_PROPERTY],
] as const) {
  MODIFIER_BITS[kind] = bit;
}

/** Bits of NODE_FLAGS that modifiers set; `exported` for module-level declarations only. */
export function flagsOf(tree: FlatTree, declaration: number): number {
  const kind = tree.kind(declaration);
  switch (kind) {
    case KIND.ExportAssignment:
      return NODE_FLAGS.exported | NODE_FLAGS.default;
    case KIND.BinaryExpression:
      return NODE_FLAGS.exported;
    case KIND.CallExpression:
      return 0;
    case KIND.BindingElement:
    case KIND.VariableDeclaration:
      return bitsOf(tree, statementOf(tree, declaration)) & ~MAKES_PROPERTY;
    default:
      return (bitsOf(tree, declaration) & ~MAKES_PROPERTY) | nestedBits(tree, declaration, kind);
  }
}

export function isStatic(tree: FlatTree, member: number): boolean {
  return (bitsOf(tree, member) & NODE_FLAGS.static) !== 0;
}

/** `constructor(private name: string)`. */
export function isParameterProperty(tree: FlatTree, parameter: number): boolean {
  if (tree.kind(tree.parent(parameter)) !== KIND.Constructor) return false;
  return (bitsOf(tree, parameter) & MAKES_PROPERTY) !== 0;
}

function bitsOf(tree: FlatTree, node: number): number {
  const list = tree.child(node, MODIFIERS_SLOT[tree.kind(node)] ?? -1);
  let bits = 0;
  for (let each = tree.first(list); each !== 0; each = tree.next(each)) bits |= MODIFIER_BITS[tree.kind(each)] ?? 0;
  return bits;
}

/** What stands around a variable, or around a pattern with all its elements. */
function statementOf(tree: FlatTree, declaration: number): number {
  let node = declaration;
  while (tree.kind(node) === KIND.BindingElement) node = tree.parent(tree.parent(node));
  return tree.kind(node) === KIND.VariableDeclaration ? tree.parent(tree.parent(node)) : node;
}

/** `B` of `namespace A.B {}` is exported, though nothing says so. */
function nestedBits(tree: FlatTree, declaration: number, kind: number): number {
  if (kind !== KIND.ModuleDeclaration) return 0;
  return tree.kind(tree.parent(declaration)) === KIND.ModuleDeclaration ? NODE_FLAGS.exported : 0;
}
