import { KIND } from './flat-kinds.ts';
import type { CandidateRole } from '../../type-source.ts';
import { isModuleValue, isTopLevel } from './flat-declaration.ts';
import { isKey } from './flat-keys.ts';
import { isHandler } from './flat-route.ts';
import { exportNameOfValue, isExportTarget, isRequire, isRequireBinding } from './flat-common-js.ts';
import { KINDS } from './flat-rows.ts';
import { INITIALIZER_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { isImplements, isPartOfType } from './flat-type-position.ts';

/** The rules of `candidate-role.ts`, over a flat tree: by the kind of the parent where the names alone decide. */
export function roleOf(tree: FlatTree, node: number): CandidateRole | undefined {
  switch (tree.kind(node)) {
    case KIND.Identifier:
    case KIND.PrivateIdentifier:
      return nameRole(tree, node);
    case KIND.StringLiteral:
    case KIND.NoSubstitutionTemplateLiteral:
      return moduleSpecifierRole(tree, node) ?? (isKey(tree, node) ? 'key' : accessRole(tree, node));
    case KIND.SuperKeyword:
      return isCallee(tree, node) ? 'call' : undefined;
    case KIND.ThisKeyword:
      return isConstructed(tree, node) ? 'construct' : undefined;
    default:
      return undefined;
  }
}

/** String literals that name a module. */
export function moduleSpecifierRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const parent = tree.parent(node);
  switch (tree.kind(parent)) {
    case KIND.ImportDeclaration:
    case KIND.ExternalModuleReference:
      return 'import';
    case KIND.ExportDeclaration:
      return 're-export';
    case KIND.LiteralType:
      return tree.kind(tree.parent(parent)) === KIND.ImportType ? 'import' : undefined;
    case KIND.CallExpression: {
      if (tree.first(tree.child(parent, SLOT.callArguments)) !== node) return undefined;
      const isImport = tree.kind(tree.child(parent, SLOT.expression)) === KIND.ImportKeyword;
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
  return tree.kind(parent) === KIND.NewExpression && tree.child(parent, SLOT.expression) === expression;
}

/** String literals that name a member: `value['name']`, and `Type['name']` as a type. */
function accessRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const parent = tree.parent(node);
  if (tree.kind(parent) === KIND.ElementAccessExpression) {
    return tree.child(parent, SLOT.argument) === node ? valueRole(tree, node) : undefined;
  }
  const access = tree.parent(parent);
  if (tree.kind(parent) !== KIND.LiteralType || tree.kind(access) !== KIND.IndexedAccessType) return undefined;
  return tree.child(access, SLOT.indexType) === parent ? 'type' : undefined;
}

type Rule = (tree: FlatTree, node: number, parent: number) => CandidateRole | undefined;

const none: Rule = () => undefined;
const importName: Rule = () => 'import';

/** By the kind of the parent: what a name does there. Any other name is a use, unless it is its parent's own. */
const NAME_RULES = ruleTable([
  [KIND.ImportSpecifier, importedName],
  [KIND.ImportClause, importName],
  [KIND.NamespaceImport, importName],
  [KIND.ImportEqualsDeclaration, importName],
  [KIND.ExportSpecifier, exportedName],
  [KIND.ExportAssignment, (): CandidateRole => 'export'],
  [KIND.NamespaceExport, none],
  [KIND.VariableDeclaration, variableName],
  [KIND.BindingElement, boundName],
  [KIND.ShorthandPropertyAssignment, memberName],
  [KIND.PropertyAssignment, memberName],
  [KIND.BinaryExpression, operand],
  [KIND.PropertyAccessExpression, accessedName],
  [KIND.QualifiedName, useRole],
  [KIND.JsxAttribute, (): CandidateRole => 'key'],
  [KIND.LabeledStatement, none],
  [KIND.BreakStatement, none],
  [KIND.ContinueStatement, none],
  [KIND.MetaProperty, none],
  [KIND.TypePredicate, none],
  [KIND.NamedTupleMember, none],
  [KIND.JsxClosingElement, (): CandidateRole => 'reference'],
]);

function nameRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const parent = tree.parent(node);
  const rule = NAME_RULES[tree.kind(parent)];
  return rule === undefined ? ownOrUse(tree, node, parent) : rule(tree, node, parent);
}

function ownOrUse(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  const slot = NAME_SLOT[tree.kind(parent)] ?? -1;
  if (slot < 0 || tree.child(parent, slot) !== node) return useRole(tree, node);
  return isKey(tree, node) ? 'key' : undefined;
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
  const isOwn = tree.child(parent, NAME_SLOT[KIND.VariableDeclaration] ?? -1) === node;
  if (!isOwn) return useRole(tree, node);
  return isRequireBinding(tree, parent) ? 'import' : undefined;
}

/** Of `{ a: b } = require('…')`, as of `import { a as b }`, only `a` is a use. */
function boundName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  if (tree.child(parent, INITIALIZER_SLOT[KIND.BindingElement] ?? -1) === node) return useRole(tree, node);
  const property = tree.child(parent, SLOT.boundProperty) || tree.child(parent, NAME_SLOT[KIND.BindingElement] ?? -1);
  if (isRequireBinding(tree, parent)) return property === node ? 'import' : undefined;
  return property === node && isBoundProperty(tree, parent) ? useRole(tree, node) : undefined;
}

/** The property that `{ a: b }` or `{ a }` takes out of an object. */
function isBoundProperty(tree: FlatTree, element: number): boolean {
  if (tree.kind(tree.parent(element)) !== KIND.ObjectBindingPattern) return false;
  return tree.kind(tree.child(element, SLOT.dotDotDot)) !== KIND.DotDotDotToken;
}

function memberName(tree: FlatTree, node: number, parent: number): CandidateRole | undefined {
  if (exportNameOfValue(tree, node) !== undefined) return 'export';
  const isShorthand = tree.kind(parent) === KIND.ShorthandPropertyAssignment;
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
  while (tree.kind(tree.parent(name)) === KIND.QualifiedName) name = tree.parent(name);
  return tree.kind(tree.parent(name)) === KIND.TypeQuery || isPartOfType(tree, name);
}

function valueRole(tree: FlatTree, node: number): CandidateRole {
  const expression = wholeName(tree, node);
  const parent = tree.parent(expression);
  const isFirst = tree.child(parent, SLOT.expression) === expression;
  switch (tree.kind(parent)) {
    case KIND.CallExpression:
    case KIND.TaggedTemplateExpression:
      if (!isFirst) return placeRole(tree, expression);
      return tree.kind(tree.parent(parent)) === KIND.Decorator ? 'decorator' : 'call';
    case KIND.NewExpression:
      return isFirst ? 'construct' : placeRole(tree, expression);
    case KIND.Decorator:
      return 'decorator';
    case KIND.JsxOpeningElement:
    case KIND.JsxSelfClosingElement:
      return isFirst ? 'render' : 'reference';
    case KIND.ShorthandPropertyAssignment:
      return 'shorthand';
    case KIND.ExpressionWithTypeArguments:
      return heritageRole(tree, node) ?? placeRole(tree, expression);
    default:
      return placeRole(tree, expression);
  }
}

/** What becomes of the value of a whole name. */
function placeRole(tree: FlatTree, expression: number): CandidateRole {
  const parent = tree.parent(expression);
  switch (tree.kind(parent)) {
    case KIND.BinaryExpression:
      return isAssigned(tree, expression, parent) ? 'write' : 'reference';
    case KIND.PostfixUnaryExpression:
      return 'write';
    case KIND.PrefixUnaryExpression:
      return COUNTING.has((tree.data(parent) >>> 24) & 7) ? 'write' : 'reference';
    case KIND.VariableDeclaration:
      return isTopLevel(tree, parent) ? 'alias' : 'reference';
    case KIND.PropertyDeclaration:
      return tree.child(parent, INITIALIZER_SLOT[KIND.PropertyDeclaration] ?? -1) === expression
        ? 'alias'
        : 'reference';
    case KIND.PropertyAssignment:
      return isModuleValue(tree, tree.parent(parent)) ? 'alias' : givenRole(tree, expression);
    default:
      return givenRole(tree, expression);
  }
}

function isAssigned(tree: FlatTree, expression: number, assignment: number): boolean {
  const operator = tree.kind(tree.child(assignment, SLOT.operator));
  const isAssignment = operator >= KIND.FirstAssignment && operator <= KIND.LastAssignment;
  return isAssignment && tree.child(assignment, SLOT.left) === expression;
}

/** Of a value that is handed on. */
function givenRole(tree: FlatTree, expression: number): CandidateRole {
  if (isHandler(tree, expression)) return 'handler';
  const parent = tree.parent(expression);
  switch (tree.kind(parent)) {
    case KIND.CallExpression:
    case KIND.NewExpression:
      return tree.child(parent, SLOT.expression) === expression ? 'reference' : 'argument';
    case KIND.JsxExpression:
      return tree.kind(tree.parent(parent)) === KIND.JsxAttribute ? 'argument' : 'reference';
    default:
      return 'reference';
  }
}

/** Operators of a prefix expression, in the bits that its row has for them: `++` and `--`. */
const COUNTING = new Set([4, 5]);

/** True for the last name of the callee of a call or of a tagged template. */
function isCallee(tree: FlatTree, node: number): boolean {
  const expression = wholeName(tree, node);
  const parent = tree.parent(expression);
  const kind = tree.kind(parent);
  if (kind !== KIND.CallExpression && kind !== KIND.TaggedTemplateExpression) return false;
  return tree.child(parent, SLOT.expression) === expression;
}

/** From the last name of `a.b` or `a['b']`, through parentheses, `!`, `as` and `satisfies`, to what it stands for. */
function wholeName(tree: FlatTree, node: number): number {
  let current = node;
  let parent = tree.parent(node);
  const kind = tree.kind(parent);
  const isAccess = kind === KIND.PropertyAccessExpression || kind === KIND.ElementAccessExpression;
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
  KIND.ParenthesizedExpression,
  KIND.NonNullExpression,
  KIND.AsExpression,
  KIND.SatisfiesExpression,
]) {
  WRAPPERS[kind] = 1;
}

function heritageRole(tree: FlatTree, node: number): CandidateRole | undefined {
  const expression = wholeName(tree, node);
  const parent = tree.parent(expression);
  if (tree.kind(parent) !== KIND.ExpressionWithTypeArguments) return undefined;
  if (tree.child(parent, SLOT.expression) !== expression) return undefined;
  const clause = tree.parent(parent);
  if (tree.kind(clause) !== KIND.HeritageClause) return undefined;
  return isImplements(tree, clause) ? 'implements' : 'extends';
}

function ruleTable(rules: readonly (readonly [number, Rule])[]): readonly (Rule | undefined)[] {
  const table: (Rule | undefined)[] = Array.from({ length: KINDS }, () => undefined);
  for (const [kind, rule] of rules) table[kind] = rule;
  return table;
}
