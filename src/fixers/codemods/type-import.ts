import type { ts } from 'ts-morph';
import { applyEdits } from '../text-edits.ts';
import { resolveRelative } from './import-links.ts';
import { compiler, isBroken, isReference, lineOf, nodesIn, parseFile } from './syntax-tree.ts';

export interface TypeImportRequest {
  readonly path: string;
  readonly text: string;
  /** Of the import, from 1. */
  readonly line: number;
  /** The file that it leads to. */
  readonly to: string;
}

export interface TypeImport {
  readonly text: string;
  readonly names: readonly string[];
  /** How often they are used. */
  readonly uses: number;
}

/** The file with `import type` at a line; undefined where anything that is imported there is, or may be, used as a value. */
export function asTypeImport({ path, text, line, to }: TypeImportRequest): TypeImport | undefined {
  const ts = compiler();
  if (!/\.[cm]?tsx?$/.test(path)) return undefined;
  const file = parseFile(path, text);
  const statement = file.statements.filter(ts.isImportDeclaration).find((one) => lineOf(file, one) === line);
  const clause = statement?.importClause;
  if (statement === undefined || clause === undefined || isTypeOnly(clause)) return undefined;
  if (!leadsTo(path, statement, to)) return undefined;
  const { namedBindings, name: byDefault } = clause;
  // `import type A, { B }` is no TypeScript.
  if (byDefault !== undefined && namedBindings !== undefined) return undefined;
  // Decorators may leave the types of what they stand at in the JavaScript.
  const all = [...nodesIn(file)];
  if (all.some((node) => ts.isDecorator(node))) return undefined;
  const bound = boundBy(clause);
  const used = all.filter(
    (node): node is ts.Identifier =>
      ts.isIdentifier(node) &&
      bound.includes(node.text) &&
      isUse(node) &&
      !(node.pos >= statement.pos && node.end <= statement.end),
  );
  if (bound.length === 0 || used.length === 0 || !used.every(isTypeUse)) return undefined;
  const changed = applyEdits(text, [
    { start: clause.getStart(file), end: clause.getStart(file), text: 'type ' },
    ...inlineWords(file, clause),
  ]);
  return isBroken(path, changed) ? undefined : { text: changed, names: bound, uses: used.length };
}

function isTypeOnly(clause: ts.ImportClause): boolean {
  return clause.phaseModifier !== undefined;
}

function leadsTo(path: string, { moduleSpecifier }: ts.ImportDeclaration, to: string): boolean {
  if (!compiler().isStringLiteral(moduleSpecifier)) return false;
  const { text } = moduleSpecifier;
  // An alias can't be looked up here; the line is that of the finding.
  return !text.startsWith('.') || resolveRelative(path, text, { has: (candidate) => candidate === to }) !== undefined;
}

function boundBy({ name, namedBindings }: ts.ImportClause): string[] {
  const ts = compiler();
  const whole = namedBindings !== undefined && ts.isNamespaceImport(namedBindings) ? [namedBindings.name.text] : [];
  const named = namedBindings !== undefined && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  return [...(name === undefined ? [] : [name.text]), ...whole, ...named.map((one) => one.name.text)];
}

/** `import { type A }` must not say it twice. */
function inlineWords(file: ts.SourceFile, { namedBindings }: ts.ImportClause) {
  const ts = compiler();
  if (namedBindings === undefined || !ts.isNamedImports(namedBindings)) return [];
  return namedBindings.elements
    .filter(({ isTypeOnly }) => isTypeOnly)
    .map((one) => ({ start: one.getStart(file), end: (one.propertyName ?? one.name).getStart(file), text: '' }));
}

function isUse(node: ts.Identifier): boolean {
  const ts = compiler();
  return isReference(node) || ts.isExportSpecifier(node.parent);
}

/** Whether it stands where only a type can. A local variable of the same name counts as a value. */
function isTypeUse(node: ts.Identifier): boolean {
  const ts = compiler();
  let at: ts.Node = node;
  while (ts.isQualifiedName(at.parent) || (ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at))
    at = at.parent;
  const { parent } = at;
  if (ts.isTypeQueryNode(parent) || ts.isTypeReferenceNode(parent) || ts.isTypePredicateNode(parent)) return true;
  if (ts.isExportSpecifier(parent)) return parent.isTypeOnly || parent.parent.parent.isTypeOnly;
  if (!ts.isExpressionWithTypeArguments(parent) || !ts.isHeritageClause(parent.parent)) return false;
  const isShape = ts.isInterfaceDeclaration(parent.parent.parent);
  return isShape || parent.parent.token === ts.SyntaxKind.ImplementsKeyword;
}
