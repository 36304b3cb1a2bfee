import { distance } from 'fastest-levenshtein';
import { ts } from 'ts-morph';
import { nodeAt } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

/** Two letters swapped are two edits. */
export const MAX_TYPO = 2;

/** Whether `right` is the one name that `wrong` can be meant for: near enough, and no other is as near. */
export function isOnlyNear(wrong: string, right: string, choices: Iterable<string>): boolean {
  const own = distance(wrong, right);
  if (own === 0 || own > MAX_TYPO || own >= Math.max(wrong.length, right.length)) return false;
  for (const choice of choices) if (choice !== right && distance(wrong, choice) <= own) return false;
  return true;
}

/** The names that could stand where the error is: members, exports, or what is in scope. */
export function namesAt(target: TargetDiagnostic): readonly string[] {
  const { project, file, start, end } = target;
  const checker = project.program().getTypeChecker();
  const node = nodeAt(file, start, end);
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    const type = checker.getApparentType(checker.getTypeAtLocation(parent.expression));
    return checker.getPropertiesOfType(type).map(({ name }) => name);
  }
  if (ts.isQualifiedName(parent) && parent.right === node)
    return exportsOf(checker.getSymbolAtLocation(parent.left), checker);
  const linkage = ts.findAncestor(node, (each) => ts.isImportDeclaration(each) || ts.isExportDeclaration(each));
  if (linkage?.moduleSpecifier !== undefined) {
    return exportsOf(checker.getSymbolAtLocation(linkage.moduleSpecifier), checker);
  }
  const isType = ts.isTypeReferenceNode(parent) || ts.isExpressionWithTypeArguments(parent);
  const { Type, Value, Alias } = ts.SymbolFlags;
  const inScope = [isType ? Type : Value, Alias].flatMap((meaning) => checker.getSymbolsInScope(node, meaning));
  return inScope.map(({ name }) => name);
}

function exportsOf(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): readonly string[] {
  return symbol === undefined ? [] : checker.getExportsOfModule(symbol).map(({ name }) => name);
}
