import { KIND } from './flat-kinds.ts';
import type { HeirFacts } from '../fact-forms.ts';
import { isParameterProperty, isStatic } from './flat-modifiers.ts';
import { anchorOf, nameNodeOf } from './flat-name.ts';
import { HERITAGE_SLOT, MEMBERS_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { isImplements } from './flat-type-position.ts';

/** A class or interface with its base types; undefined for any other node. */
export function heirFactsOf(
  tree: FlatTree,
  node: number,
): { readonly facts: HeirFacts; readonly baseNodes: readonly number[] } | undefined {
  const kind = tree.kind(node);
  const clauses = tree.child(node, HERITAGE_SLOT[kind] ?? -1);
  if (clauses === 0) return undefined;
  const bases: HeirFacts['bases'][number][] = [];
  const baseNodes: number[] = [];
  for (let clause = tree.first(clauses); clause !== 0; clause = tree.next(clause)) {
    const isOfInterface = isImplements(tree, clause);
    const hasStatics = !isOfInterface && kind !== KIND.InterfaceDeclaration;
    const types = tree.child(clause, SLOT.clauseTypes);
    for (let base = tree.first(types); base !== 0; base = tree.next(base)) {
      const span = { pos: tree.pos(base), end: tree.end(base) };
      baseNodes.push(base);
      bases.push({ kind: isOfInterface ? 'implements' : 'overrides', span, hasStatics });
    }
  }
  return { facts: { bases, members: membersOf(tree, node, kind) }, baseNodes };
}

/** Members that can be inherited; parameter properties are members too. */
function membersOf(tree: FlatTree, node: number, kind: number): HeirFacts['members'] {
  const members: HeirFacts['members'][number][] = [];
  const list = tree.child(node, MEMBERS_SLOT[kind] ?? -1);
  for (let member = tree.first(list); member !== 0; member = tree.next(member)) {
    if (tree.kind(member) === KIND.Constructor) {
      const parameters = tree.child(member, SLOT.parameters);
      for (let each = tree.first(parameters); each !== 0; each = tree.next(each)) {
        if (isParameterProperty(tree, each)) addMember(tree, each, members);
      }
    } else {
      addMember(tree, member, members);
    }
  }
  return members;
}

/** Private names and computed ones are never inherited under a name that could be looked up. */
function addMember(tree: FlatTree, member: number, members: HeirFacts['members'][number][]): void {
  const name = nameNodeOf(tree, member);
  switch (tree.kind(name)) {
    case KIND.Identifier:
    case KIND.StringLiteral:
    case KIND.NoSubstitutionTemplateLiteral:
    case KIND.NumericLiteral:
      members.push({ name: tree.value(name), isStatic: isStatic(tree, member), nameStart: anchorOf(tree, member) });
      break;
    default:
  }
}
