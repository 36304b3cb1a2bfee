import { ts } from 'ts-morph';
import type { CandidateRole } from '../type-source.ts';
import { isKey } from './literal-keys.ts';
import { isHandler } from './route-facts.ts';
import { isModuleValue, isTopLevel } from './declaration-facts.ts';
import { exportNameOfValue, isExportTarget, isRequire, isRequireBinding } from './common-js.ts';

/**
 * What a name does where it stands, or undefined when it is no use of anything: the name of a declaration, a label.
 */
export function roleOf(node: ts.Node): CandidateRole | undefined {
  if (ts.isStringLiteralLike(node)) return moduleSpecifierRole(node) ?? (isKey(node) ? 'key' : accessRole(node));
  if (node.kind === ts.SyntaxKind.SuperKeyword) return isCallee(node) ? 'call' : undefined;
  if (node.kind === ts.SyntaxKind.ThisKeyword) return isConstructed(node) ? 'construct' : undefined;
  if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) return undefined;
  const linkage = linkageRole(node);
  if (linkage !== undefined) return linkage === 'none' ? undefined : linkage;
  if (isKey(node)) return 'key';
  return isOwnName(node) ? undefined : useRole(node);
}

/** String literals that name a module. */
export function moduleSpecifierRole(node: ts.StringLiteralLike): CandidateRole | undefined {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExternalModuleReference(parent)) return 'import';
  if (ts.isExportDeclaration(parent)) return 're-export';
  if (ts.isLiteralTypeNode(parent) && ts.isImportTypeNode(parent.parent)) return 'import';
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== node) return undefined;
  const isImport = parent.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport || isRequire(parent) ? 'import' : undefined;
}

/** String literals that name a member: `value['name']`, and `Type['name']` as a type. */
function accessRole(node: ts.StringLiteralLike): CandidateRole | undefined {
  const { parent } = node;
  if (ts.isElementAccessExpression(parent)) return parent.argumentExpression === node ? valueRole(node) : undefined;
  if (!ts.isLiteralTypeNode(parent) || !ts.isIndexedAccessTypeNode(parent.parent)) return undefined;
  return parent.parent.indexType === parent ? 'type' : undefined;
}

/** Names inside import and export declarations. Of `a as b` only `a` is a use. */
function linkageRole(node: ts.Identifier | ts.PrivateIdentifier): CandidateRole | 'none' | undefined {
  const { parent } = node;
  if (ts.isImportSpecifier(parent))
    return parent.propertyName === undefined || parent.propertyName === node ? 'import' : 'none';
  if (ts.isImportClause(parent) || ts.isNamespaceImport(parent) || ts.isImportEqualsDeclaration(parent))
    return 'import';
  if (ts.isExportSpecifier(parent)) {
    if (parent.propertyName !== undefined && parent.propertyName !== node) return 'none';
    return parent.parent.parent.moduleSpecifier === undefined ? 'export' : 're-export';
  }
  if (ts.isExportAssignment(parent) || exportNameOfValue(node) !== undefined) return 'export';
  if (ts.isNamespaceExport(parent)) return 'none';
  return isRequireBinding(parent) ? requireRole(node) : undefined;
}

/** Of `{ a: b } = require('…')`, as of `import { a as b }`, only `a` is a use. */
function requireRole(node: ts.Node): CandidateRole | 'none' | undefined {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent)) return parent.name === node ? 'import' : undefined;
  if (!ts.isBindingElement(parent) || parent.initializer === node) return undefined;
  return (parent.propertyName ?? parent.name) === node ? 'import' : 'none';
}

function isOwnName(node: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBindingElement(parent)) return parent.initializer !== node && !isBoundProperty(parent, node);
  if (ts.isPropertyAccessExpression(parent)) return isExportTarget(node);
  if (ts.isQualifiedName(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return true;
  if (ts.isMetaProperty(parent) || ts.isTypePredicateNode(parent) || ts.isNamedTupleMember(parent)) return true;
  return 'name' in parent && parent.name === node;
}

/** The property that `{ a: b }` or `{ a }` takes out of an object. */
function isBoundProperty(element: ts.BindingElement, node: ts.Node): boolean {
  if (!ts.isObjectBindingPattern(element.parent) || element.dotDotDotToken !== undefined) return false;
  return (element.propertyName ?? element.name) === node;
}

function useRole(node: ts.Identifier | ts.PrivateIdentifier): CandidateRole | undefined {
  if (isInType(node)) return heritageRole(node) ?? 'type';
  return valueRole(node);
}

/** Also `ns` of the type `ns.Type`, and the value of `typeof value`. */
function isInType(node: ts.Node): boolean {
  let name = node;
  while (ts.isQualifiedName(name.parent)) name = name.parent;
  return ts.isTypeQueryNode(name.parent) || ts.isPartOfTypeNode(name);
}

function valueRole(node: ts.Node): CandidateRole {
  if (isCallee(node)) return decoratedBy(node) ? 'decorator' : 'call';
  const expression = wholeName(node);
  if (isConstructed(node)) return 'construct';
  if (ts.isDecorator(expression.parent)) return 'decorator';
  if (isTagOf(expression)) return 'render';
  if (ts.isShorthandPropertyAssignment(node.parent)) return 'shorthand';
  return heritageRole(node) ?? placeRole(expression);
}

/** `new X(…)`, `new ns.X(…)`, and `new this(…)` in a static method. */
export function isConstructed(node: ts.Node): boolean {
  const expression = wholeName(node);
  return ts.isNewExpression(expression.parent) && expression.parent.expression === expression;
}

/** True for the last name of the callee of a call or of a tagged template. */
function isCallee(node: ts.Node): boolean {
  const expression = wholeName(node);
  const { parent } = expression;
  if (ts.isCallExpression(parent)) return parent.expression === expression;
  return ts.isTaggedTemplateExpression(parent) && parent.tag === expression;
}

/** `<Component />`, `<ns.Component />`, and an intrinsic element that the workspace declares. */
function isTagOf(expression: ts.Node): boolean {
  return ts.isJsxOpeningLikeElement(expression.parent) && expression.parent.tagName === expression;
}

/** What becomes of the value of a whole name. */
function placeRole(expression: ts.Node): CandidateRole {
  if (isWritten(expression)) return 'write';
  if (isWholeValue(expression)) return 'alias';
  if (isHandler(expression)) return 'handler';
  return isArgument(expression) ? 'argument' : 'reference';
}

function isWritten(expression: ts.Node): boolean {
  const { parent } = expression;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const isAssignment = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return isAssignment && parent.left === expression;
  }
  if (ts.isPostfixUnaryExpression(parent)) return true;
  if (!ts.isPrefixUnaryExpression(parent)) return false;
  return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
}

/** `name` of `const x = name`, of a field, and of a member of a module's own object. */
function isWholeValue(expression: ts.Node): boolean {
  const { parent } = expression;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === expression && isTopLevel(parent);
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === expression;
  return ts.isPropertyAssignment(parent) && parent.initializer === expression && isModuleValue(parent.parent);
}

function isArgument(expression: ts.Node): boolean {
  const { parent } = expression;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== expression;
  return ts.isJsxExpression(parent) && ts.isJsxAttribute(parent.parent);
}

function decoratedBy(node: ts.Node): boolean {
  return ts.isDecorator(wholeName(node).parent.parent);
}

/** From the last name of `a.b` or `a['b']`, through parentheses, `!`, `as` and `satisfies`, to what it stands for. */
function wholeName(node: ts.Node): ts.Node {
  let current = node;
  const { parent } = current;
  if (ts.isPropertyAccessExpression(parent) && parent.name === current) current = parent;
  else if (ts.isElementAccessExpression(parent) && parent.argumentExpression === current) current = parent;
  while (
    ts.isParenthesizedExpression(current.parent) ||
    ts.isNonNullExpression(current.parent) ||
    ts.isAsExpression(current.parent) ||
    ts.isSatisfiesExpression(current.parent)
  ) {
    current = current.parent;
  }
  return current;
}

function heritageRole(node: ts.Node): CandidateRole | undefined {
  const expression = wholeName(node);
  const { parent } = expression;
  if (!ts.isExpressionWithTypeArguments(parent) || parent.expression !== expression) return undefined;
  if (!ts.isHeritageClause(parent.parent)) return undefined;
  return parent.parent.token === ts.SyntaxKind.ExtendsKeyword ? 'extends' : 'implements';
}
