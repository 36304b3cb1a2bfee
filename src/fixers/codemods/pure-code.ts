import type { ts } from 'ts-morph';
import { compiler } from './syntax-tree.ts';

/** Built-in classes and functions of which a call changes nothing that others see. */
const PURE_CALLS =
  /^(?:Map|Set|WeakMap|WeakSet|RegExp|Date|URL|Array|Symbol|Object\.freeze|Number|String|Boolean|BigInt)$/;

/** Whether running it does nothing but to make a value: then nothing is lost when it goes. What is not known is not pure. */
export function isPure(node: ts.Node): boolean {
  const ts = compiler();
  if (ts.canHaveDecorators(node) && (ts.getDecorators(node) ?? []).length > 0) return false;
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.every(
      ({ name, initializer }) => ts.isIdentifier(name) && (initializer === undefined || isPureValue(initializer)),
    );
  }
  if (ts.isClassDeclaration(node)) return isPureClass(node);
  if (ts.isEnumDeclaration(node)) {
    return node.members.every(({ initializer }) => initializer === undefined || isPureValue(initializer));
  }
  if (ts.isPropertyDeclaration(node)) return node.initializer === undefined || isPureValue(node.initializer);
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node)
  );
}

function isPureClass(node: ts.ClassLikeDeclaration): boolean {
  const ts = compiler();
  const bases = node.heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression)) ?? [];
  if (!bases.every((base) => ts.isIdentifier(base) || ts.isPropertyAccessExpression(base))) return false;
  return node.members.every((member) => {
    if (ts.canHaveDecorators(member) && (ts.getDecorators(member) ?? []).length > 0) return false;
    if (ts.isClassStaticBlockDeclaration(member)) return false;
    if (member.name !== undefined && ts.isComputedPropertyName(member.name)) return false;
    const isStatic =
      ts.canHaveModifiers(member) &&
      ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true;
    if (!ts.isPropertyDeclaration(member) || !isStatic) return true;
    return member.initializer === undefined || isPureValue(member.initializer);
  });
}

function isPureValue(node: ts.Expression): boolean {
  const ts = compiler();
  if (ts.isClassExpression(node)) return isPureClass(node);
  const isPlain = ts.isIdentifier(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);
  return isPlain || isLiteral(node) || isPureComposition(node);
}

/** Of pure values. */
function isPureComposition(node: ts.Expression): boolean {
  const ts = compiler();
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return isPureValue(node.expression);
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isBinaryExpression(node)) return isPureOperation(node);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPureValue);
  if (ts.isObjectLiteralExpression(node)) return node.properties.every(isPureProperty);
  if (ts.isTemplateExpression(node)) return node.templateSpans.every(({ expression }) => isPureValue(expression));
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  return PURE_CALLS.test(node.expression.getText()) && (node.arguments ?? []).every(isPureValue);
}

function isPureOperation(node: ts.PrefixUnaryExpression | ts.BinaryExpression): boolean {
  const ts = compiler();
  if (ts.isBinaryExpression(node)) {
    return !isAssignment(node.operatorToken.kind) && isPureValue(node.left) && isPureValue(node.right);
  }
  const changes = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  return !changes && isPureValue(node.operand);
}

function isPureProperty(property: ts.ObjectLiteralElementLike): boolean {
  const ts = compiler();
  if (property.name !== undefined && ts.isComputedPropertyName(property.name)) return false;
  if (ts.isPropertyAssignment(property)) return isPureValue(property.initializer);
  return !ts.isSpreadAssignment(property) || isPureValue(property.expression);
}

function isLiteral(node: ts.Expression): boolean {
  const ts = compiler();
  if (ts.isLiteralExpression(node)) return true;
  const { TrueKeyword, FalseKeyword, NullKeyword } = ts.SyntaxKind;
  return node.kind === TrueKeyword || node.kind === FalseKeyword || node.kind === NullKeyword;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  const { FirstAssignment, LastAssignment } = compiler().SyntaxKind;
  return kind >= FirstAssignment && kind <= LastAssignment;
}
