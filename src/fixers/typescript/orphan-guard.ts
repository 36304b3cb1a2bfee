import { ts } from 'ts-morph';
import type { FixGrade } from '../fixer.ts';
import type { CodefixAction } from './codefix-actions.ts';
import type { PriorTexts } from './prior-texts.ts';
import { nodeAt } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

interface Removal {
  readonly grade: FixGrade;
  readonly reason: string;
}

/**
 * What is unused may be deleted only where it never was used: a name whose last use went away is the symptom of what took
 * it away, and to delete it would hide that. Without a history nobody can say.
 */
export async function judgeRemoval(
  action: CodefixAction,
  target: TargetDiagnostic,
  { prior }: { readonly prior: PriorTexts },
): Promise<Removal> {
  if (!action.title.startsWith('Remove ')) {
    return { grade: 'suggestion', reason: 'it only hides that the name is unused' };
  }
  const names = removableNames(target);
  if (names.length === 0) return { grade: 'suggestion', reason: 'to delete it changes what is done, or a signature' };
  const { path, file } = target;
  if ((await prior.all(path)).length === 0) {
    return { grade: 'suggestion', reason: 'there is no history to say whether it was ever used' };
  }
  const now = identifierCounts(file);
  for (const text of await prior.former(path, file.text)) {
    const before = identifierCounts(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false));
    const orphan = names.find((name) => (before.get(name) ?? 0) > (now.get(name) ?? 0));
    if (orphan !== undefined) {
      return {
        grade: 'suggestion',
        reason: `\`${orphan}\` was used until lately: what used it may be what is missing`,
      };
    }
  }
  return { grade: 'auto', reason: 'no earlier version of the file used it' };
}

/** Names that go without a change of what is done; none if anything else would go, too. */
function removableNames({ file, start, end }: TargetDiagnostic): readonly string[] {
  const node = nodeAt(file, start, end);
  const owner = ts.findAncestor(node, (each) => isRemovable(each) || ts.isStatement(each));
  if (owner === undefined || !isRemovable(owner)) return [];
  if (ts.isVariableDeclaration(owner)) {
    const isPlain = ts.isIdentifier(owner.name) && (owner.initializer === undefined || isPure(owner.initializer));
    return isPlain && owner.name === node ? [owner.name.getText(file)] : [];
  }
  if (ts.isImportDeclaration(owner) || ts.isImportClause(owner)) return importedNames(owner);
  return owner.name === node || ts.isImportSpecifier(owner) ? [owner.name?.getText(file) ?? ''] : [];
}

type Removable =
  | ts.VariableDeclaration
  | ts.ImportDeclaration
  | ts.ImportClause
  | ts.ImportSpecifier
  | ts.NamespaceImport
  | ts.FunctionDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration;

function isRemovable(node: ts.Node): node is Removable {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isImportClause(node) ||
    ts.isImportSpecifier(node) ||
    ts.isNamespaceImport(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

function importedNames(node: ts.Node): string[] {
  const names: string[] = [];
  const visit = (each: ts.Node): void => {
    const isBinding = ts.isImportClause(each) || ts.isImportSpecifier(each) || ts.isNamespaceImport(each);
    if (isBinding && each.name !== undefined) names.push(each.name.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return names;
}

/** Whether nothing happens when it is evaluated, and so nothing is missed when it is not. */
function isPure(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node) || isConstant(node))
    return true;
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every(
      (each) => ts.isPropertyAssignment(each) && ts.isIdentifier(each.name) && isPure(each.initializer),
    );
  }
  return partsOf(node)?.every(isPure) === true;
}

/** Undefined for what does something itself. */
function partsOf(node: ts.Expression): readonly ts.Expression[] | undefined {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return [node.expression];
  }
  if (ts.isPropertyAccessExpression(node)) return [node.expression];
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (ts.isPrefixUnaryExpression(node)) {
    const isWrite = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return isWrite ? undefined : [node.operand];
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  const isWrite = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  return isWrite ? undefined : [node.left, node.right];
}

function isConstant(node: ts.Expression): boolean {
  const words = [
    ts.SyntaxKind.TrueKeyword,
    ts.SyntaxKind.FalseKeyword,
    ts.SyntaxKind.NullKeyword,
    ts.SyntaxKind.ThisKeyword,
  ];
  return ts.isLiteralExpression(node) || words.includes(node.kind);
}

function identifierCounts(file: ts.SourceFile): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) counts.set(node.text, (counts.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return counts;
}
