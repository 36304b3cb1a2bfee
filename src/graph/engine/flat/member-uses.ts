import { KIND } from './flat-kinds.ts';
import { isStatic } from './flat-modifiers.ts';
import { NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** Where `this` stands alone without being compared, tested or given to a function that may do so. */
const LEAVES_TYPE: ReadonlySet<number> = new Set([
  KIND.ReturnStatement,
  KIND.VariableDeclaration,
  KIND.PropertyDeclaration,
  KIND.PropertyAssignment,
  KIND.NewExpression,
  KIND.ArrayLiteralExpression,
  KIND.SpreadElement,
  KIND.SpreadAssignment,
  KIND.ArrowFunction,
  KIND.AsExpression,
  KIND.TypeAssertionExpression,
  KIND.ElementAccessExpression,
  KIND.TemplateSpan,
  KIND.AwaitExpression,
  KIND.YieldExpression,
  KIND.JsxExpression,
  KIND.JsxSpreadAttribute,
]);

const MEMBERS: ReadonlySet<number> = new Set([
  KIND.Constructor,
  KIND.MethodDeclaration,
  KIND.GetAccessor,
  KIND.SetAccessor,
  KIND.PropertyDeclaration,
  KIND.ClassStaticBlockDeclaration,
]);

/** What has a `this` of its own, and parts of a class and its members in which `this` is not theirs. */
const HAS_OTHER_THIS: ReadonlySet<number> = new Set([
  KIND.FunctionDeclaration,
  KIND.FunctionExpression,
  KIND.ClassDeclaration,
  KIND.ClassExpression,
  KIND.ModuleDeclaration,
  KIND.Decorator,
  KIND.ComputedPropertyName,
]);

interface MemberUse {
  readonly row: number;
  /** The member of a class that it stands in. */
  readonly around: number;
  /** The class, whether it is its static side, and the name. */
  readonly key: string;
}

/**
 * Uses of `this.name`. All over a class they mean the same member, unless something says of `this` that it is more than
 * the class: a comparison, a test, a function that it is given to. A predicate, `this is T`, can say so anywhere in a
 * workspace.
 */
export class MemberUses {
  readonly #tree: FlatTree;
  readonly #uses: MemberUse[] = [];

  constructor(tree: FlatTree) {
    this.#tree = tree;
  }

  addUse(row: number, use: number): void {
    const tree = this.#tree;
    const access = tree.parent(use);
    if (tree.kind(access) !== KIND.PropertyAccessExpression || tree.child(access, SLOT.accessName) !== use) return;
    if (tree.kind(tree.child(access, SLOT.expression)) !== KIND.ThisKeyword) return;
    const around = memberAround(tree, access);
    if (around === 0) return;
    const side = isOfStatics(tree, around) ? 'static' : 'own';
    this.#uses.push({ row, around, key: `${tree.parent(around)} ${side} ${tree.value(use)}` });
  }

  /** By rows of uses, the row of the first that means the same. */
  sharedRows(): ReadonlyMap<number, number> {
    const shared = new Map<number, number>();
    if (this.#uses.length === 0) return shared;
    const others = membersWithOtherThis(this.#tree);
    const firsts = new Map<string, number>();
    for (const { row, around, key } of this.#uses) {
      if (others.has(around)) continue;
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, row);
      else shared.set(row, first);
    }
    return shared;
  }
}

/** Whether a file declares a predicate of `this`. */
export function hasThisPredicate(tree: FlatTree): boolean {
  for (let node = 1; node < tree.count; node += 1) {
    if (tree.kind(node) === KIND.ThisType && tree.kind(tree.parent(node)) === KIND.TypePredicate) return true;
  }
  return false;
}

/** The member of a class whose `this` is the class's; 0 for what stands elsewhere. */
function memberAround(tree: FlatTree, node: number): number {
  for (let around = tree.parent(node); around > 1; around = tree.parent(around)) {
    const kind = tree.kind(around);
    if (MEMBERS.has(kind)) return isClass(tree, tree.parent(around)) ? around : 0;
    if (HAS_OTHER_THIS.has(kind)) return 0;
  }
  return 0;
}

/** Members of classes in which `this` may come to mean more, or something else. */
function membersWithOtherThis(tree: FlatTree): ReadonlySet<number> {
  const members = new Set<number>();
  for (let node = 1; node < tree.count; node += 1) {
    const kind = tree.kind(node);
    if (kind === KIND.ThisKeyword) {
      if (mayNarrow(tree, node)) members.add(memberAround(tree, node));
    } else if (kind === KIND.Parameter && isThis(tree, tree.child(node, NAME_SLOT[kind] ?? -1))) {
      members.add(tree.parent(node));
    }
  }
  return members;
}

function mayNarrow(tree: FlatTree, node: number): boolean {
  const parent = tree.parent(node);
  const kind = tree.kind(parent);
  if (LEAVES_TYPE.has(kind)) return false;
  if (kind === KIND.PropertyAccessExpression) return tree.value(tree.child(parent, SLOT.accessName)) === 'constructor';
  const isAssigned = kind === KIND.BinaryExpression && tree.child(parent, SLOT.right) === node;
  return !isAssigned || tree.kind(tree.child(parent, SLOT.operator)) !== KIND.EqualsToken;
}

function isThis(tree: FlatTree, name: number): boolean {
  return tree.kind(name) === KIND.Identifier && tree.source(name) === 'this';
}

function isClass(tree: FlatTree, node: number): boolean {
  const kind = tree.kind(node);
  return kind === KIND.ClassDeclaration || kind === KIND.ClassExpression;
}

function isOfStatics(tree: FlatTree, member: number): boolean {
  return tree.kind(member) === KIND.ClassStaticBlockDeclaration || isStatic(tree, member);
}
