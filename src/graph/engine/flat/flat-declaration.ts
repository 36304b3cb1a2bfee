import type { FlatFact } from './flat-fact.ts';
import { KIND } from './flat-kinds.ts';
import type { NodeKind } from '../../graph-schema.ts';
import { exportedNameOf, isExportList, isRequireBinding } from './flat-common-js.ts';
import { isParameterProperty } from './flat-modifiers.ts';
import { nameTextOf } from './flat-name.ts';
import { KINDS } from './flat-rows.ts';
import { BODY_SLOT, HERITAGE_SLOT, INITIALIZER_SLOT, MEMBERS_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import { testBlock } from './flat-test-block.ts';
import type { FlatTree } from './flat-tree.ts';
import { isImplements } from './flat-type-position.ts';
import { bodyOf, isFunctionValue } from './flat-value.ts';

type Rule = (tree: FlatTree, node: number) => FlatFact | undefined;

/** The rules of `declaration-facts.ts`, over a flat tree, by the kind of the node. */
export function declarationOf(tree: FlatTree, node: number, isTestFile: boolean): FlatFact | undefined {
  const kind = tree.kind(node);
  if (kind === KIND.CallExpression) return isTestFile ? testBlock(tree, node) : undefined;
  return RULES[kind]?.(tree, node);
}

const RULE_LIST: readonly (readonly [number, Rule])[] = [
  [KIND.FunctionDeclaration, functionLike],
  [KIND.InterfaceDeclaration, (tree, node) => holder(tree, node, 'interface')],
  [KIND.TypeAliasDeclaration, typeAlias],
  [KIND.EnumDeclaration, (tree, node) => holder(tree, node, 'enum')],
  [KIND.ClassDeclaration, (tree, node) => classFact(tree, node, node)],
  [KIND.ModuleDeclaration, moduleLike],
  [KIND.MethodSignature, methodLike],
  [KIND.MethodDeclaration, methodLike],
  [KIND.GetAccessor, accessorLike],
  [KIND.SetAccessor, accessorLike],
  [KIND.Constructor, constructorLike],
  [KIND.Parameter, (tree, node) => (isParameterProperty(tree, node) ? propertyLike(tree, node) : undefined)],
  [KIND.PropertyDeclaration, propertyLike],
  [KIND.PropertySignature, propertyLike],
  [KIND.EnumMember, propertyLike],
  [KIND.BindingElement, bound],
  [KIND.VariableDeclaration, variable],
  [KIND.ShorthandPropertyAssignment, shorthand],
  [KIND.PropertyAssignment, property],
  [KIND.ExportAssignment, exportAssignment],
  [KIND.BinaryExpression, exportOfScript],
];
const RULES = ruleTable(RULE_LIST);

/** The kinds of nodes that can be declarations. */
export const DECLARING_KINDS: readonly number[] = [
  KIND.CallExpression,
  KIND.Decorator,
  ...RULE_LIST.map(([kind]) => kind),
];

function functionLike(tree: FlatTree, node: number): FlatFact {
  const nameNode = tree.child(node, NAME_SLOT[KIND.FunctionDeclaration] ?? -1);
  const name = nameNode === 0 ? 'default' : tree.value(nameNode);
  return { kind: 'function', name, declaration: node, bodyStart: ownBody(tree, node), merges: true };
}

function typeAlias(tree: FlatTree, node: number): FlatFact {
  return { kind: 'type', name: plainName(tree, node), declaration: node, merges: false };
}

function holder(tree: FlatTree, node: number, kind: NodeKind): FlatFact {
  return { kind, name: plainName(tree, node), declaration: node, bodyStart: membersStart(tree, node), merges: false };
}

function moduleLike(tree: FlatTree, node: number): FlatFact {
  const isQuoted = tree.kind(nameOf(tree, node)) === KIND.StringLiteral;
  const kind = isQuoted ? 'module' : 'namespace';
  return { kind, name: plainName(tree, node), declaration: node, bodyStart: ownBody(tree, node), merges: false };
}

function classFact(tree: FlatTree, node: number, declaration: number): FlatFact {
  const kind = extendsComponent(tree, node) ? 'component' : 'class';
  const name = nameTextOf(tree, declaration);
  return { kind, name, declaration, bodyStart: membersStart(tree, node), merges: false };
}

function extendsComponent(tree: FlatTree, node: number): boolean {
  const clauses = tree.child(node, HERITAGE_SLOT[tree.kind(node)] ?? -1);
  for (let clause = tree.first(clauses); clause !== 0; clause = tree.next(clause)) {
    if (isImplements(tree, clause)) continue;
    const base = tree.first(tree.child(clause, SLOT.clauseTypes));
    if (base === 0) return false;
    return /(?:^|\.)(?:Pure)?Component$/.test(tree.source(tree.child(base, SLOT.expression)));
  }
  return false;
}

/** Methods of classes and interfaces, and those of a module's own objects. */
function methodLike(tree: FlatTree, node: number): FlatFact | undefined {
  return isOfOtherObject(tree, node) ? undefined : memberFact(tree, node, 'method');
}

function accessorLike(tree: FlatTree, node: number): FlatFact | undefined {
  return isOfOtherObject(tree, node) ? undefined : memberFact(tree, node, 'accessor');
}

function memberFact(tree: FlatTree, node: number, kind: NodeKind): FlatFact {
  return { kind, name: nameTextOf(tree, node), declaration: node, bodyStart: ownBody(tree, node), merges: true };
}

function constructorLike(tree: FlatTree, node: number): FlatFact {
  return {
    kind: 'constructor',
    name: 'constructor',
    declaration: node,
    bodyStart: ownBody(tree, node),
    merges: true,
  };
}

function propertyLike(tree: FlatTree, node: number): FlatFact {
  const kind = tree.kind(node);
  const isSignature = kind === KIND.PropertySignature;
  const bodyStart = isSignature ? undefined : bodyOf(tree, tree.child(node, INITIALIZER_SLOT[kind] ?? -1));
  return { kind: 'property', name: nameTextOf(tree, node), declaration: node, bodyStart, merges: false };
}

/** Only variables of a module or namespace; those inside functions are nobody else's business. */
function variable(tree: FlatTree, node: number): FlatFact | undefined {
  const name = nameOf(tree, node);
  if (tree.kind(name) !== KIND.Identifier || !isTopLevel(tree, node) || isRequireBinding(tree, node)) {
    return undefined;
  }
  const value = tree.child(node, INITIALIZER_SLOT[KIND.VariableDeclaration] ?? -1);
  return valueFact(tree, { name: tree.value(name), declaration: node, value });
}

function bound(tree: FlatTree, node: number): FlatFact | undefined {
  const name = nameOf(tree, node);
  if (tree.kind(name) !== KIND.Identifier || !isTopLevelBinding(tree, node) || isRequireBinding(tree, node)) {
    return undefined;
  }
  return { kind: 'variable', name: tree.value(name), declaration: node, merges: false };
}

export function isTopLevel(tree: FlatTree, node: number): boolean {
  const statement = tree.parent(tree.parent(node));
  if (tree.kind(statement) !== KIND.VariableStatement) return false;
  const kind = tree.kind(tree.parent(statement));
  return kind === KIND.SourceFile || kind === KIND.ModuleBlock;
}

function isTopLevelBinding(tree: FlatTree, node: number): boolean {
  let current = node;
  let kind = tree.kind(current);
  while (kind === KIND.BindingElement || kind === KIND.ObjectBindingPattern || kind === KIND.ArrayBindingPattern) {
    current = tree.parent(current);
    kind = tree.kind(current);
  }
  return kind === KIND.VariableDeclaration && isTopLevel(tree, current);
}

function shorthand(tree: FlatTree, node: number): FlatFact | undefined {
  if (isOfOtherObject(tree, node) || isExportList(tree, tree.parent(node))) return undefined;
  return { kind: 'property', name: plainName(tree, node), declaration: node, merges: false };
}

/** Members of `module.exports = { a, b: c }` are no things of their own: they export others. */
function property(tree: FlatTree, node: number): FlatFact | undefined {
  if (isOfOtherObject(tree, node)) return undefined;
  const value = tree.child(node, INITIALIZER_SLOT[KIND.PropertyAssignment] ?? -1);
  if (tree.kind(value) === KIND.Identifier && isExportList(tree, tree.parent(node))) return undefined;
  const kind = isFunctionValue(tree, value) ? 'method' : 'property';
  return { kind, name: nameTextOf(tree, node), declaration: node, bodyStart: bodyOf(tree, value), merges: false };
}

/** Of object literals only those count that are the value of a module's own constant, a step deep. */
function isOfOtherObject(tree: FlatTree, node: number): boolean {
  const parent = tree.parent(node);
  if (tree.kind(parent) !== KIND.ObjectLiteralExpression) return false;
  return tree.kind(nameOf(tree, node)) === KIND.ComputedPropertyName || !isModuleValue(tree, parent);
}

export function isModuleValue(tree: FlatTree, literal: number): boolean {
  let outer = tree.parent(literal);
  let kind = tree.kind(outer);
  while (kind === KIND.ParenthesizedExpression || kind === KIND.AsExpression || kind === KIND.SatisfiesExpression) {
    outer = tree.parent(outer);
    kind = tree.kind(outer);
  }
  if (kind === KIND.ExportAssignment || exportedNameOf(tree, outer) === 'default') return true;
  return kind === KIND.VariableDeclaration && isTopLevel(tree, outer);
}

/** `export default <expression>`. */
function exportAssignment(tree: FlatTree, node: number): FlatFact | undefined {
  const value = tree.child(node, SLOT.exported);
  if (tree.kind(value) === KIND.Identifier) return undefined;
  return valueFact(tree, { name: 'default', declaration: node, value });
}

/** `exports.name = …` and `module.exports = …` of CommonJS. */
function exportOfScript(tree: FlatTree, node: number): FlatFact | undefined {
  const name = exportedNameOf(tree, node);
  const value = tree.child(node, SLOT.right);
  if (name === undefined || tree.kind(value) === KIND.Identifier) return undefined;
  return valueFact(tree, { name, declaration: node, value });
}

function valueFact(
  tree: FlatTree,
  { name, declaration, value }: { readonly name: string; readonly declaration: number; readonly value: number },
): FlatFact {
  if (tree.kind(value) === KIND.ClassExpression) return { ...classFact(tree, value, declaration), name };
  const kind = isFunctionValue(tree, value) ? 'function' : 'variable';
  return { kind, name, declaration, bodyStart: bodyOf(tree, value), merges: false };
}

function nameOf(tree: FlatTree, node: number): number {
  return tree.child(node, NAME_SLOT[tree.kind(node)] ?? -1);
}

function plainName(tree: FlatTree, node: number): string {
  return tree.value(nameOf(tree, node));
}

function ownBody(tree: FlatTree, node: number): number | undefined {
  const body = tree.child(node, BODY_SLOT[tree.kind(node)] ?? -1);
  return body === 0 ? undefined : tree.pos(body);
}

function membersStart(tree: FlatTree, node: number): number {
  return tree.pos(tree.child(node, MEMBERS_SLOT[tree.kind(node)] ?? -1)) - 1;
}

function ruleTable(rules: readonly (readonly [number, Rule])[]): readonly (Rule | undefined)[] {
  const table: (Rule | undefined)[] = Array.from({ length: KINDS }, () => undefined);
  for (const [kind, rule] of rules) table[kind] = rule;
  return table;
}
