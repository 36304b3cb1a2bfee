import { SyntaxKind } from 'typescript/unstable/ast';
import type { CandidateRole } from '../../type-source.ts';
import { exportNameOfValue, isExportTarget, isRequire, isRequireBinding } from './flat-common-js.ts';
import { KINDS } from './flat-rows.ts';
import { INITIALIZER_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { isImplements, isPartOfType } from './flat-type-position.ts';

/** The rules of `candidate-role.ts`, over a flat tree: by the kind of the parent where the names alone decide. */
export function roleOf(tree: FlatTree, node: number): CandidateRole | undefined {
  switch (tree.kind(node)) {
    case SyntaxKind.Identifier:
    case SyntaxKind.PrivateIdentifier:
      return nameRole(tree, node);
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return moduleSpecifierRole(tree, node) ?? keyRole(tree, node);
    case SyntaxKind.SuperKeyword:
      return isCallee(tree, node) ? 'call' : undefined;
    case SyntaxKind.ThisKeyword:
      return isConstructed(tree, node) ? 'construct' : undefined;
    default:
      return undefined;
  }
}

/** String literals that name a module. */
export function moduleSpecifierRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const parent = tree.parent(node);
  switch (tree.kind(parent)) {
    case SyntaxKind.ImportDeclaration:
    case SyntaxKind.ExternalModuleReference:
      return 'import';
    case SyntaxKind.ExportDeclaration:
      return 're-export';
    case SyntaxKind.LiteralType:
      return tree.kind(tree.parent(parent)) === SyntaxKind.ImportType ? 'import' : undefined;
    case SyntaxKind.CallExpression: {
      if (tree.first(tree.child(parent, SLOT.callArguments)) !== node) return undefined;
      const isImport = tree.kind(tree.child(parent, SLOT.expression)) === SyntaxKind.ImportKeyword;
      return isImport || isRequire(tree, parent) ? 'import' : undefined;
    }
    default:
      return undefined;
  }
}

/** `new X(…)`, `new ns.X(…)`, and `new this(…)` in a static method. */
export function isConstructed(tree: FlatTree, node: number): boolean {
  const expression = wholeName(tree, node);
  const parent = tree.parent(expression);
  return tree.kind(parent) === SyntaxKind.NewExpression && tree.child(parent, SLOT.expression) === expression;
}

/** String literals that name a member: `value['name']`, and `Type['name']` as a type. */
function keyRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const parent = tree.parent(node);
  if (tree.kind(parent) === SyntaxKind.ElementAccessExpression) {
    return tree.child(parent, SLOT.argument) === node ? valueRole(tree, node) : undefined;
  }
  const access = tree.parent(parent);
  if (tree.kind(parent) !== SyntaxKind.LiteralType || tree.kind(access) !== SyntaxKind.IndexedAccessType)
    return undefined;
  return tree.child(access, SLOT.indexType) === parent ? 'type' : undefined;
}

type Rule = (tree: FlatTree, node: number, parent: number) => CandidateRole | undefined;

const none: Rule = () => undefined;
const importName: Rule = () => 'import';

/** By the kind of the parent: what a name does there. Any other name is a use, unless it is its parent's own. */
const NAME_RULES = ruleTable([
  [SyntaxKind.ImportSpecifier, importedName],
  [SyntaxKind.ImportClause, importName],
  [SyntaxKind.NamespaceImport, importName],
  [SyntaxKind.ImportEqualsDeclaration, importName],
  [SyntaxKind.ExportSpecifier, exportedName],
  [SyntaxKind.ExportAssignment, (): CandidateRole => 'export'],
  [SyntaxKind.NamespaceExport, none],
  [SyntaxKind.VariableDeclaration, variableName],
  [SyntaxKind.BindingElement, boundName],
  [SyntaxKind.ShorthandPropertyAssignment, memberName],
  [SyntaxKind.PropertyAssignment, memberName],
  [SyntaxKind.BinaryExpression, operand],
  [SyntaxKind.PropertyAccessExpression, accessedName],
  [SyntaxKind.QualifiedName, useRole],
  [SyntaxKind.JsxAttribute, none],
  [SyntaxKind.LabeledStatement, none],
  [SyntaxKind.BreakStatement, none],
  [SyntaxKind.ContinueStatement, none],
  [SyntaxKind.MetaProperty, none],
  [SyntaxKind.TypePredicate, none],
  [SyntaxKind.NamedTupleMember, none],
  [SyntaxKind.JsxClosingElement, none],
]);

function nameRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const parent = tree.parent(node);
  const rule = NAME_RULES[tree.kind(parent)];
  return rule === undefined ? ownOrUse(tree, node, parent) : rule(tree, node, parent);
}

function ownOrUse(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  const slot = NAME_SLOT[tree.kind(parent)] ?? -1;
  return slot >= 0 && tree.child(parent, slot) === node ? undefined : useRole(tree, node);
}

/** Of `a as b` only `a` is a use. */
function importedName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  const propertyName = tree.child(parent, SLOT.propertyName);
  return propertyName === 0 || propertyName === node ? 'import' : undefined;
}

function exportedName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  const propertyName = tree.child(parent, SLOT.propertyName);
  if (propertyName !== 0 && propertyName !== node) return undefined;
  const declaration = tree.parent(tree.parent(parent));
  return tree.child(declaration, SLOT.specifier) === 0 ? 'export' : 're-export';
}

function variableName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  const isOwn = tree.child(parent, NAME_SLOT[SyntaxKind.VariableDeclaration] ?? -1) === node;
  if (!isOwn) return useRole(tree, node);
  return isRequireBinding(tree, parent) ? 'import' : undefined;
}

/** Of `{ a: b } = require('…')`, as of `import { a as b }`, only `a` is a use. */
function boundName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  if (tree.child(parent, INITIALIZER_SLOT[SyntaxKind.BindingElement] ?? -1) === node) return useRole(tree, node);
  const property =
    tree.child(parent, SLOT.boundProperty) || tree.child(parent, NAME_SLOT[SyntaxKind.BindingElement] ?? -1);
  if (isRequireBinding(tree, parent)) return property === node ? 'import' : undefined;
  return property === node && isBoundProperty(tree, parent) ? useRole(tree, node) : undefined;
}

/** The property that `{ a: b }` or `{ a }` takes out of an object. */
function isBoundProperty(tree: FlatTree, element: number): boolean {
  if (tree.kind(tree.parent(element)) !== SyntaxKind.ObjectBindingPattern) return false;
  return tree.kind(tree.child(element, SLOT.dotDotDot)) !== SyntaxKind.DotDotDotToken;
}

function memberName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  if (exportNameOfValue(tree, node) !== undefined) return 'export';
  const isShorthand = tree.kind(parent) === SyntaxKind.ShorthandPropertyAssignment;
  return isShorthand ? useRole(tree, node) : ownOrUse(tree, node, parent);
}

function operand(tree: FlatTree, node: number): CandidateRole | undefined {
  return exportNameOfValue(tree, node) === undefined ? useRole(tree, node) : 'export';
}

function accessedName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  return isExportTarget(tree, parent) ? undefined : useRole(tree, node);
}

function useRole(tree: FlatTree, node: number): CandidateRole | undefined {
  return isInType(tree, node) ? (heritageRole(tree, node) ?? 'type') : valueRole(tree, node);
}

/** Also `ns` of the type `ns.Type`, and the value of `typeof value`. */
function isInType(tree: FlatTree, node: number): boolean {
  let name = node;
  while (tree.kind(tree.parent(name)) === SyntaxKind.QualifiedName) name = tree.parent(name);
  return tree.kind(tree.parent(name)) === SyntaxKind.TypeQuery || isPartOfType(tree, name);
}

function valueRole(tree: FlatTree, node: number): CandidateRole {
  const expression = wholeName(tree, node);
  const parent = tree.parent(expression);
  const isFirst = tree.child(parent, SLOT.expression) === expression;
  switch (tree.kind(parent)) {
    case SyntaxKind.CallExpression:
    case SyntaxKind.TaggedTemplateExpression:
      if (!isFirst) return 'reference';
      return tree.kind(tree.parent(parent)) === SyntaxKind.Decorator ? 'decorator' : 'call';
    case SyntaxKind.NewExpression:
      return isFirst ? 'construct' : 'reference';
    case SyntaxKind.Decorator:
      return 'decorator';
    case SyntaxKind.JsxOpeningElement:
    case SyntaxKind.JsxSelfClosingElement:
      return isFirst ? 'call' : 'reference';
    case SyntaxKind.ExpressionWithTypeArguments:
      return heritageRole(tree, node) ?? 'reference';
    default:
      return 'reference';
  }
}

/** True for the last name of the callee of a call or of a tagged template. */
function isCallee(tree: FlatTree, node: number): boolean {
  const expression = wholeName(tree, node);
  const parent = tree.parent(expression);
  const kind = tree.kind(parent);
  if (kind !== SyntaxKind.CallExpression && kind !== SyntaxKind.TaggedTemplateExpression) return false;
  return tree.child(parent, SLOT.expression) === expression;
}

/** From the last name of `a.b` or `a['b']`, through parentheses, `!`, `as` and `satisfies`, to what it stands for. */
function wholeName(tree: FlatTree, node: number): number {
  let current = node;
  let parent = tree.parent(node);
  const kind = tree.kind(parent);
  const isAccess = kind === SyntaxKind.PropertyAccessExpression || kind === SyntaxKind.ElementAccessExpression;
  // The name and the argument stand in the same place.
  if (isAccess && tree.child(parent, SLOT.accessName) === node) {
    current = parent;
    parent = tree.parent(parent);
  }
  while (WRAPPERS[tree.kind(parent)] === 1) {
    current = parent;
    parent = tree.parent(parent);
  }
  return current;
}

const WRAPPERS = new Uint8Array(KINDS);
for (const kind of [
  SyntaxKind.ParenthesizedExpression,
  SyntaxKind.NonNullExpression,
  SyntaxKind.AsExpression,
  SyntaxKind.SatisfiesExpression,
]) {
  WRAPPERS[kind] = 1;
}

function heritageRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const expression = wholeName(tree, node);
  const parent = tree.parent(expression);
  if (tree.kind(parent) !== SyntaxKind.ExpressionWithTypeArguments) return undefined;
  if (tree.child(parent, SLOT.expression) !== expression) return undefined;
  const clause = tree.parent(parent);
  if (tree.kind(clause) !== SyntaxKind.HeritageClause) return undefined;
  return isImplements(tree, clause) ? 'implements' : 'extends';
}

function ruleTable(rules: readonly (readonly [SyntaxKind, Rule])[]): readonly (Rule | undefined)[] {
  const table: (Rule | undefined)[] = Array.from({ length: KINDS }, () => undefined);
  for (const [kind, rule] of rules) table[kind] = rule;
  return table;
}
