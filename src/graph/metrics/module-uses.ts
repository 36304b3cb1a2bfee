import { ts } from 'ts-morph';
import { lineAt } from './parsed-file.ts';

/** A module that a file names by other than a relative path. */
export interface ModuleUse {
  readonly specifier: string;
  /** 1-based, of the first time. */
  readonly line: number;
  /** Nothing of it is left at run time. */
  readonly isTypeOnly: boolean;
}

export interface ModuleUses {
  readonly uses: readonly ModuleUse[];
  /** Modules that it says exist, as the types of those that have none. */
  readonly declared: readonly string[];
  readonly hasJsx: boolean;
}

/** Calls by which tests and loaders name modules: `vi.mock('x')`, `require.resolve('x')`, `import.meta.resolve('x')`. */
const NAMING = /^(?:mock|unmock|doMock|dontMock|setMock|importActual|requireActual|importMock|requireMock|resolve)$/;
const PRAGMA = /@jsxImportSource\s+(\S+)/;
const HEAD_CHARACTERS = 1_000;

/** What a file loads from elsewhere: imports of all kinds, `require`, types, and what its first comment asks for. */
export function moduleUsesOf(file: ts.SourceFile): ModuleUses {
  const uses = new Map<string, ModuleUse>();
  const declared = new Set<string>();
  // In a module such a declaration adds to another one, which must be there.
  const isModule = ts.isExternalModule(file);
  let hasJsx = false;
  const add = ({ specifier, line, isTypeOnly }: ModuleUse): void => {
    if (/^[./]|^$/.test(specifier)) return;
    const known = uses.get(specifier);
    uses.set(specifier, {
      specifier,
      line: known?.line ?? line,
      isTypeOnly: isTypeOnly && (known?.isTypeOnly ?? true),
    });
  };
  const visit = (node: ts.Node): void => {
    hasJsx ||= ts.isJsxOpeningLikeElement(node) || ts.isJsxFragment(node);
    const found = namedBy(node);
    if (found !== undefined) {
      const { literal, isTypeOnly } = found;
      add({ specifier: literal.text, line: lineAt(file, literal.getStart(file)), isTypeOnly });
    }
    if (!isModule && ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const { fileName, pos } of file.typeReferenceDirectives) {
    add({ specifier: fileName, isTypeOnly: true, line: lineAt(file, pos) });
  }
  const pragma = PRAGMA.exec(file.text.slice(0, HEAD_CHARACTERS))?.[1];
  if (pragma !== undefined) add({ specifier: pragma, isTypeOnly: false, line: 1 });
  return { uses: [...uses.values()], declared: [...declared], hasJsx };
}

interface Named {
  readonly literal: ts.StringLiteralLike;
  readonly isTypeOnly: boolean;
}

function namedBy(node: ts.Node): Named | undefined {
  if (ts.isImportDeclaration(node))
    return named(node.moduleSpecifier, node.importClause !== undefined && isTypes(node.importClause));
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isExternalModuleReference(node)) return named(node.expression, false);
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? named(node.argument.literal, true) : undefined;
  }
  if (ts.isModuleDeclaration(node)) return named(node.name, true);
  return ts.isCallExpression(node) && namesModule(node.expression) ? named(node.arguments[0], false) : undefined;
}

function named(node: ts.Node | undefined, isTypeOnly: boolean): Named | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? { literal: node, isTypeOnly } : undefined;
}

function isTypes(clause: ts.ImportClause): boolean {
  if (clause.isTypeOnly) return true;
  const { name, namedBindings } = clause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function namesModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  if (!ts.isPropertyAccessExpression(callee) || !NAMING.test(callee.name.text)) return false;
  const { expression } = callee;
  if (callee.name.text !== 'resolve') return true;
  return ts.isMetaProperty(expression) || (ts.isIdentifier(expression) && expression.text === 'require');
}
