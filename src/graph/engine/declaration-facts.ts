import { ts } from 'ts-morph';
import { NODE_FLAGS } from '../graph-schema.ts';
import type { NodeKind } from '../graph-schema.ts';
import { exportedNameOf, isExportList, isRequireBinding } from './common-js.ts';

/** A declaration that the graph keeps, as its syntax shows it. */
export interface DeclarationFact {
  readonly kind: NodeKind;
  readonly name: string;
  /** The node whose name is the anchor. */
  readonly declaration: ts.Declaration;
  /** Where the header ends and the body begins; undefined when all of it is header. */
  readonly bodyStart?: number | undefined;
  /** Overload signatures, accessor pairs: further declarations of the same name are the same node. */
  readonly merges: boolean;
}

type Rule = (node: ts.Node) => DeclarationFact | undefined;

const TEST_CALLS = /^(?:describe|suite|context|it|test|specify|bench)$/;

/** What `node` declares, if the graph keeps it. `isTestFile` lets calls of test runners count. */
export function declarationOf(node: ts.Node, isTestFile: boolean): DeclarationFact | undefined {
  for (const rule of RULES) {
    const fact = rule(node);
    if (fact !== undefined) return fact;
  }
  return isTestFile ? testBlock(node) : undefined;
}

const RULES: readonly Rule[] = [functionLike, typeLike, container, memberLike, variableLike, objectMember, exported];

function functionLike(node: ts.Node): DeclarationFact | undefined {
  if (!ts.isFunctionDeclaration(node)) return undefined;
  return {
    kind: 'function',
    name: node.name?.text ?? 'default',
    declaration: node,
    bodyStart: node.body?.pos,
    merges: true,
  };
}

function typeLike(node: ts.Node): DeclarationFact | undefined {
  if (ts.isInterfaceDeclaration(node)) {
    return {
      kind: 'interface',
      name: node.name.text,
      declaration: node,
      bodyStart: node.members.pos - 1,
      merges: false,
    };
  }
  if (ts.isTypeAliasDeclaration(node)) {
    return { kind: 'type', name: node.name.text, declaration: node, merges: false };
  }
  if (!ts.isEnumDeclaration(node)) return undefined;
  return { kind: 'enum', name: node.name.text, declaration: node, bodyStart: node.members.pos - 1, merges: false };
}

function container(node: ts.Node): DeclarationFact | undefined {
  if (ts.isClassDeclaration(node)) return classFact(node, node);
  if (!ts.isModuleDeclaration(node)) return undefined;
  const kind = ts.isStringLiteral(node.name) ? 'module' : 'namespace';
  return { kind, name: node.name.text, declaration: node, bodyStart: node.body?.pos, merges: false };
}

function classFact(node: ts.ClassLikeDeclaration, declaration: ts.Declaration): DeclarationFact {
  const kind = extendsComponent(node) ? 'component' : 'class';
  return { kind, name: nameTextOf(declaration), declaration, bodyStart: node.members.pos - 1, merges: false };
}

function extendsComponent(node: ts.ClassLikeDeclaration): boolean {
  const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  return base !== undefined && /(?:^|\.)(?:Pure)?Component$/.test(base.expression.getText());
}

function memberLike(node: ts.Node): DeclarationFact | undefined {
  if (ts.isMethodSignature(node) || (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent))) {
    const body = ts.isMethodDeclaration(node) ? node.body?.pos : undefined;
    return { kind: 'method', name: nameTextOf(node), declaration: node, bodyStart: body, merges: true };
  }
  if (ts.isAccessor(node) && !ts.isObjectLiteralExpression(node.parent)) {
    return { kind: 'accessor', name: nameTextOf(node), declaration: node, bodyStart: node.body?.pos, merges: true };
  }
  if (ts.isConstructorDeclaration(node)) {
    return { kind: 'constructor', name: 'constructor', declaration: node, bodyStart: node.body?.pos, merges: true };
  }
  return propertyLike(node);
}

function propertyLike(node: ts.Node): DeclarationFact | undefined {
  const isParameterProperty = ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent);
  const isProperty = ts.isPropertyDeclaration(node) || ts.isPropertySignature(node) || ts.isEnumMember(node);
  if (!isParameterProperty && !isProperty) return undefined;
  const bodyStart = ts.isPropertySignature(node) ? undefined : bodyOf(node.initializer);
  return { kind: 'property', name: nameTextOf(node), declaration: node, bodyStart, merges: false };
}

/** Only variables of a module or namespace; those inside functions are nobody else's business. */
function variableLike(node: ts.Node): DeclarationFact | undefined {
  if (!ts.isBindingElement(node) && !ts.isVariableDeclaration(node)) return undefined;
  if (!ts.isIdentifier(node.name) || isRequireBinding(node)) return undefined;
  if (ts.isBindingElement(node)) {
    if (!isTopLevelBinding(node)) return undefined;
    return { kind: 'variable', name: node.name.text, declaration: node, merges: false };
  }
  if (!isTopLevel(node)) return undefined;
  return valueFact(node.name.text, node, node.initializer);
}

export function isTopLevel(node: ts.VariableDeclaration): boolean {
  const statement = node.parent.parent;
  if (!ts.isVariableStatement(statement)) return false;
  return ts.isSourceFile(statement.parent) || ts.isModuleBlock(statement.parent);
}

function isTopLevelBinding(node: ts.BindingElement): boolean {
  let current: ts.Node = node;
  while (ts.isBindingElement(current) || ts.isBindingName(current)) current = current.parent;
  return ts.isVariableDeclaration(current) && isTopLevel(current);
}

/** Members of object literals that are the value of a module's own constant, a step deep. */
function objectMember(node: ts.Node): DeclarationFact | undefined {
  if (!ts.isObjectLiteralElement(node) || !ts.isObjectLiteralExpression(node.parent)) return undefined;
  if (node.name === undefined || ts.isComputedPropertyName(node.name) || !isModuleValue(node.parent)) return undefined;
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) {
    const kind = ts.isMethodDeclaration(node) ? 'method' : 'accessor';
    return { kind, name: nameTextOf(node), declaration: node, bodyStart: node.body?.pos, merges: true };
  }
  if (isExportList(node.parent) && exportsOther(node)) return undefined;
  if (ts.isShorthandPropertyAssignment(node)) {
    return { kind: 'property', name: node.name.text, declaration: node, merges: false };
  }
  if (!ts.isPropertyAssignment(node)) return undefined;
  const kind = isFunctionValue(node.initializer) ? 'method' : 'property';
  return { kind, name: nameTextOf(node), declaration: node, bodyStart: bodyOf(node.initializer), merges: false };
}

/** Members of `module.exports = { a, b: c }` are no things of their own: they export others. */
function exportsOther(node: ts.ObjectLiteralElement): boolean {
  return ts.isShorthandPropertyAssignment(node) || (ts.isPropertyAssignment(node) && ts.isIdentifier(node.initializer));
}

export function isModuleValue(literal: ts.ObjectLiteralExpression): boolean {
  let outer: ts.Node = literal.parent;
  while (ts.isParenthesizedExpression(outer) || ts.isAsExpression(outer) || ts.isSatisfiesExpression(outer)) {
    outer = outer.parent;
  }
  if (ts.isExportAssignment(outer) || exportedNameOf(outer) === 'default') return true;
  return ts.isVariableDeclaration(outer) && isTopLevel(outer);
}

/** `export default <expression>`, and `exports.name = …` or `module.exports = …` of CommonJS. */
function exported(node: ts.Node): DeclarationFact | undefined {
  if (ts.isExportAssignment(node)) {
    return ts.isIdentifier(node.expression) ? undefined : valueFact('default', node, node.expression);
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const name = exportedNameOf(node);
  return name === undefined || ts.isIdentifier(node.right) ? undefined : valueFact(name, node, node.right);
}

function valueFact(name: string, declaration: ts.Declaration, value: ts.Expression | undefined): DeclarationFact {
  if (value !== undefined && ts.isClassExpression(value)) return { ...classFact(value, declaration), name };
  const kind = value !== undefined && isFunctionValue(value) ? 'function' : 'variable';
  return { kind, name, declaration, bodyStart: bodyOf(value), merges: false };
}

export function isFunctionValue(value: ts.Expression): boolean {
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value);
}

export function bodyOf(value: ts.Expression | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return value.body.pos;
  return ts.isClassExpression(value) ? value.members.pos - 1 : undefined;
}

function testBlock(node: ts.Node): DeclarationFact | undefined {
  if (!ts.isCallExpression(node) || node.arguments.length < 2) return undefined;
  const [title, ...rest] = node.arguments;
  if (title === undefined || (!ts.isStringLiteralLike(title) && !ts.isTemplateExpression(title))) return undefined;
  if (!TEST_CALLS.test(runnerOf(node.expression)) || !rest.some(isFunctionValue)) return undefined;
  const name = ts.isStringLiteralLike(title) ? title.text : title.getText().slice(1, -1);
  const callback = rest.find(isFunctionValue);
  return { kind: 'test', name: name.slice(0, 200), declaration: node, bodyStart: bodyOf(callback), merges: false };
}

/** `it` of `it(…)`, `it.only(…)`, `it.each(table)(…)`. */
function runnerOf(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  if (ts.isPropertyAccessExpression(callee)) return runnerOf(callee.expression);
  if (ts.isCallExpression(callee)) return runnerOf(callee.expression);
  return ts.isTaggedTemplateExpression(callee) ? runnerOf(callee.tag) : '';
}

function nameTextOf(declaration: ts.Declaration): string {
  const name = ts.getNameOfDeclaration(declaration);
  if (name === undefined) return 'default';
  if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name)) return name.text;
  return ts.isNumericLiteral(name) ? name.text : name.getText();
}

/** Bits of NODE_FLAGS that modifiers set; `exported` for module-level declarations only. */
export function flagsOf({ declaration }: DeclarationFact): number {
  if (ts.isExportAssignment(declaration)) return NODE_FLAGS.exported | NODE_FLAGS.default;
  if (ts.isBinaryExpression(declaration)) return NODE_FLAGS.exported;
  if (ts.isCallExpression(declaration)) return 0;
  const modifiers = ts.getCombinedModifierFlags(declaration);
  const set = (bit: number, flag: number): number => ((modifiers & bit) === 0 ? 0 : flag);
  return (
    set(ts.ModifierFlags.Export, NODE_FLAGS.exported) |
    set(ts.ModifierFlags.Default, NODE_FLAGS.default) |
    set(ts.ModifierFlags.Static, NODE_FLAGS.static) |
    set(ts.ModifierFlags.Abstract, NODE_FLAGS.abstract) |
    set(ts.ModifierFlags.Async, NODE_FLAGS.async) |
    set(ts.ModifierFlags.Ambient, NODE_FLAGS.ambient)
  );
}
