import { ts } from 'ts-morph';
import { nodeAt, statementOf } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

/** A declaration that the error has to do with. */
export interface RelatedPlace {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

const MAX_PLACES = 40;

/**
 * Declarations of what the statement with the error names, of the types that it is held to, and what the compiler itself
 * points at; those of the workspace alone.
 */
export function relatedPlaces(
  target: TargetDiagnostic,
  isWritable: (path: string) => boolean,
): readonly RelatedPlace[] {
  const checker = target.project.program().getTypeChecker();
  const places = new Map<string, RelatedPlace>();
  const add = (node: ts.Node): void => {
    const path = node.getSourceFile().fileName;
    if (places.size === MAX_PLACES || !isWritable(path)) return;
    places.set(`${path} ${node.pos}`, { path, start: node.getStart(), end: node.end });
  };
  for (const { file, start } of target.diagnostic.relatedInformation ?? []) {
    if (file !== undefined) add(statementOf(nodeAt(file, start ?? 0, start ?? 0)));
  }
  for (const node of namingNodes(target)) {
    for (const symbol of symbolsOf(node, checker))
      for (const declaration of symbol.declarations ?? []) add(declaration);
  }
  return [...places.values()];
}

/** More is no statement but a program. */
const MAX_STATEMENT = 4_000;

/** Nodes that name what the error is about, the nearest first: at it, around it, the bases of its class, its statement. */
function* namingNodes({ file, start, end }: TargetDiagnostic): Iterable<ts.Node> {
  const node = nodeAt(file, start, end);
  const statement = statementOf(node);
  yield* nodesIn(node);
  for (let at = node; !ts.isSourceFile(at) && at !== statement.parent; at = at.parent) yield at;
  for (const clause of ts.findAncestor(node, ts.isClassLike)?.heritageClauses ?? []) yield* nodesIn(clause);
  if (!ts.isSourceFile(statement) && statement.end - statement.pos < MAX_STATEMENT) yield* nodesIn(statement);
}

function nodesIn(node: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    nodes.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return nodes;
}

/** Files of the places and of the error, with their texts now. */
export function filesOf(target: TargetDiagnostic, places: readonly RelatedPlace[]): ReadonlyMap<string, string> {
  const program = target.project.program();
  const paths = new Set([target.path, ...places.map(({ path }) => path)]);
  return new Map([...paths].map((path) => [path, program.getSourceFile(path)?.text ?? '']));
}

function symbolsOf(node: ts.Node, checker: ts.TypeChecker): ts.Symbol[] {
  const symbols: (ts.Symbol | undefined)[] = [];
  if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) {
    const symbol = checker.getSymbolAtLocation(node);
    symbols.push(symbol, symbol === undefined ? undefined : unaliased(symbol, checker));
  }
  if (ts.isPropertyAccessExpression(node)) symbols.push(...typeSymbols(checker.getTypeAtLocation(node.expression)));
  if (ts.isObjectLiteralExpression(node) || ts.isStringLiteralLike(node)) {
    const type = checker.getContextualType(node);
    if (type !== undefined) symbols.push(...typeSymbols(type));
  }
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const declaration = checker.getResolvedSignature(node)?.declaration;
    if (declaration !== undefined && 'symbol' in declaration) symbols.push(checker.getSymbolAtLocation(declaration));
    symbols.push(...typeSymbols(checker.getTypeAtLocation(node.expression)));
  }
  return symbols.filter((symbol) => symbol !== undefined);
}

function typeSymbols(type: ts.Type): ts.Symbol[] {
  const types = type.isUnionOrIntersection() ? type.types : [type];
  return types.flatMap((each) => [each.aliasSymbol, each.getSymbol()]).filter((symbol) => symbol !== undefined);
}

function unaliased(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}
