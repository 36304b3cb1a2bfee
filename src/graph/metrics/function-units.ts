import { ts } from 'ts-morph';
import { declarationOf } from '../engine/declaration-facts.ts';

export type FunctionNode = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

/** A function that is measured for itself; what is inside of it and none itself counts for it. */
export interface FunctionUnit {
  /** Its own, without what is around it; of a callback at module level the call that takes it. */
  readonly name: string;
  readonly node: FunctionNode;
}

/**
 * The functions of a file that have a name, by declaration or by what they are assigned to, the callbacks of test
 * runners, and callbacks outside of any other function. A callback inside of a function is a part of it.
 */
export function functionUnitsOf(file: ts.SourceFile, isTestFile: boolean): FunctionUnit[] {
  const units: FunctionUnit[] = [];
  const visit = (node: ts.Node, isInside: boolean): void => {
    const name = isFunctionWithBody(node) ? nameOf(node, { isInside, isTestFile }) : undefined;
    if (name !== undefined && isFunctionWithBody(node)) units.push({ name, node });
    ts.forEachChild(node, (child) => visit(child, isInside || name !== undefined));
  };
  visit(file, false);
  return units;
}

export function isFunctionWithBody(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

interface Surroundings {
  readonly isInside: boolean;
  readonly isTestFile: boolean;
}

function nameOf(node: FunctionNode, { isInside, isTestFile }: Surroundings): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined && !ts.isFunctionExpression(node)) return textOf(node.name);
  if (ts.isFunctionDeclaration(node)) return 'default';
  const holder = holderOf(node);
  const given = givenName(holder);
  if (given !== undefined) return given;
  if (!ts.isCallExpression(holder) || holder.expression === node) return isInside ? undefined : 'function';
  const test = isTestFile ? declarationOf(holder, true) : undefined;
  if (test?.kind === 'test') return test.name;
  return isInside ? undefined : nameByCall(holder);
}

/** `memo(() => …)` goes by the name of its variable, `app.get('/', () => …)` by that of the call. */
function nameByCall(call: ts.CallExpression): string {
  const outer = holderOf(call);
  const given = ts.isCallExpression(outer) ? givenName(holderOf(outer)) : givenName(outer);
  return given ?? `${call.expression.getText().replaceAll(/\s+/g, '').slice(0, 60)}()`;
}

/** The node that a value goes to, past what does not change it. */
function holderOf(node: ts.Node): ts.Node {
  let current = node.parent;
  while (ts.isParenthesizedExpression(current) || ts.isAsExpression(current) || ts.isSatisfiesExpression(current)) {
    current = current.parent;
  }
  return current;
}

function givenName(holder: ts.Node): string | undefined {
  if (ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) || ts.isPropertyAssignment(holder)) {
    return textOf(holder.name);
  }
  if (ts.isExportAssignment(holder)) return 'default';
  if (!ts.isBinaryExpression(holder) || holder.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  if (ts.isPropertyAccessExpression(holder.left)) return holder.left.name.text;
  return ts.isIdentifier(holder.left) ? holder.left.text : undefined;
}

function textOf(name: ts.Node): string {
  if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name)) return name.text;
  return name.getText();
}
