import { ts } from 'ts-morph';
import { isFunctionWithBody } from './function-units.ts';
import type { FunctionUnit } from './function-units.ts';

export interface Complexity {
  readonly cyclomatic: number;
  readonly cognitive: number;
}

/**
 * Cyclomatic complexity after T. J. McCabe, "A Complexity Measure" (1976): 1 and the decisions, which are conditions,
 * loops, cases, handlers of exceptions and operators that may skip their right side. Cognitive complexity after G. Ann
 * Campbell, "Cognitive Complexity" (SonarSource, 2018): each break in the linear flow counts 1, and 1 more for each one
 * that it stands in. Functions among `units` that lie inside are measured for themselves and not counted here.
 */
export function complexityOf(unit: FunctionUnit, units: ReadonlySet<ts.Node>): Complexity {
  const walk = new ComplexityWalk(unit, units);
  for (const parameter of unit.node.parameters) walk.visit(parameter, 0);
  walk.visit(unit.node.body, 0);
  return { cyclomatic: walk.cyclomatic, cognitive: walk.cognitive };
}

class ComplexityWalk {
  cyclomatic = 1;
  cognitive = 0;
  readonly #unit: FunctionUnit;
  readonly #units: ReadonlySet<ts.Node>;
  #isRecursive = false;

  constructor(unit: FunctionUnit, units: ReadonlySet<ts.Node>) {
    this.#unit = unit;
    this.#units = units;
  }

  visit(node: ts.Node, nesting: number): void {
    if (this.#units.has(node)) return;
    if (ts.isIfStatement(node)) this.#visitIf(node, nesting, 1 + nesting);
    else if (ts.isConditionalExpression(node)) this.#visitTernary(node, nesting);
    else if (ts.isSwitchStatement(node)) this.#visitSwitch(node, nesting);
    else if (ts.isIterationStatement(node, false)) this.#visitLoop(node, nesting);
    else if (ts.isCatchClause(node)) this.#visitCatch(node, nesting);
    else if (isLogical(node)) this.#visitLogical(node, nesting);
    else this.#visitPlain(node, nesting);
  }

  /** An `else if` reads on where its `if` was: it costs no more for what it stands in. */
  #visitIf(node: ts.IfStatement, nesting: number, cost: number): void {
    this.cyclomatic += 1;
    this.cognitive += cost;
    this.visit(node.expression, nesting);
    this.visit(node.thenStatement, nesting + 1);
    if (node.elseStatement === undefined) return;
    if (ts.isIfStatement(node.elseStatement)) {
      this.#visitIf(node.elseStatement, nesting, 1);
      return;
    }
    this.cognitive += 1;
    this.visit(node.elseStatement, nesting + 1);
  }

  #visitTernary(node: ts.ConditionalExpression, nesting: number): void {
    this.cyclomatic += 1;
    this.cognitive += 1 + nesting;
    this.visit(node.condition, nesting);
    this.visit(node.whenTrue, nesting + 1);
    this.visit(node.whenFalse, nesting + 1);
  }

  #visitSwitch(node: ts.SwitchStatement, nesting: number): void {
    this.cyclomatic += node.caseBlock.clauses.filter((clause) => ts.isCaseClause(clause)).length;
    this.cognitive += 1 + nesting;
    this.visit(node.expression, nesting);
    this.visit(node.caseBlock, nesting + 1);
  }

  #visitLoop(node: ts.IterationStatement, nesting: number): void {
    this.cyclomatic += 1;
    this.cognitive += 1 + nesting;
    ts.forEachChild(node, (child) => this.visit(child, child === node.statement ? nesting + 1 : nesting));
  }

  #visitCatch(node: ts.CatchClause, nesting: number): void {
    this.cyclomatic += 1;
    this.cognitive += 1 + nesting;
    this.visit(node.block, nesting + 1);
  }

  /** A sequence of the same operator is one thought; `??` is a shorthand that costs none. */
  #visitLogical(node: ts.BinaryExpression, nesting: number): void {
    const operators: ts.SyntaxKind[] = [];
    const operands: ts.Expression[] = [];
    flatten(node, operators, operands);
    this.cyclomatic += operators.length;
    const counted = operators.filter((operator) => operator !== ts.SyntaxKind.QuestionQuestionToken);
    this.cognitive += counted.filter((operator, at) => operator !== counted[at - 1]).length;
    for (const operand of operands) this.visit(operand, nesting);
  }

  #visitPlain(node: ts.Node, nesting: number): void {
    if (ts.isBreakOrContinueStatement(node) && node.label !== undefined) this.cognitive += 1;
    if (ts.isBinaryExpression(node) && LOGICAL_ASSIGNMENTS.has(node.operatorToken.kind)) this.cyclomatic += 1;
    if (!this.#isRecursive && ts.isCallExpression(node) && this.#callsItself(node.expression)) {
      this.#isRecursive = true;
      this.cognitive += 1;
    }
    const inner = isFunctionWithBody(node) ? nesting + 1 : nesting;
    ts.forEachChild(node, (child) => this.visit(child, inner));
  }

  #callsItself(callee: ts.Expression): boolean {
    const { node, name } = this.#unit;
    if (!ts.isClassElement(node) && !ts.isPropertyDeclaration(node.parent)) {
      return ts.isIdentifier(callee) && callee.text === name;
    }
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== name) return false;
    return callee.expression.kind === ts.SyntaxKind.ThisKeyword;
  }
}

const LOGICAL: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);
const LOGICAL_ASSIGNMENTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

function isLogical(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind);
}

/** In the order that they are read in, parentheses aside. */
function flatten(node: ts.Expression, operators: ts.SyntaxKind[], operands: ts.Expression[]): void {
  let inner = node;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  if (!isLogical(inner)) {
    operands.push(inner);
    return;
  }
  flatten(inner.left, operators, operands);
  operators.push(inner.operatorToken.kind);
  flatten(inner.right, operators, operands);
}
