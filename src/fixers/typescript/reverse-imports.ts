import { ts } from 'ts-morph';

/**
 * Who imports whom in a program, workspace files alone. What a file's errors depend on are the files that it imports,
 * directly or not, and what is global: so a change is felt by its importers, directly or not, and nowhere else.
 */
export class ReverseImports {
  readonly #importers = new Map<string, Set<string>>();
  readonly #imported = new Map<string, Set<string>>();
  readonly #files: readonly string[];

  constructor(program: ts.Program) {
    const checker = program.getTypeChecker();
    const files = program.getSourceFiles().filter((file) => isOwn(file.fileName));
    this.#files = files.map(({ fileName }) => fileName);
    for (const file of files) {
      for (const target of targetsOf(file, checker)) {
        if (!isOwn(target)) continue;
        entryOf(this.#importers, target).add(file.fileName);
        entryOf(this.#imported, file.fileName).add(target);
      }
    }
  }

  files(): readonly string[] {
    return this.#files;
  }

  importersOf(path: string): readonly string[] {
    return [...(this.#importers.get(path) ?? [])];
  }

  importedBy(path: string): readonly string[] {
    return [...(this.#imported.get(path) ?? [])];
  }

  /** All that feel a change of the file, nearest first, without itself. */
  reach(path: string): readonly string[] {
    const seen = new Set([path]);
    for (const at of seen) for (const importer of this.importersOf(at)) seen.add(importer);
    seen.delete(path);
    return [...seen];
  }
}

/** What a file says counts for all files, whoever imports it. */
export function isGlobal(file: ts.SourceFile): boolean {
  return !ts.isExternalModule(file) || /\bdeclare\s+(?:global|module)\b/.test(file.text);
}

function isOwn(path: string): boolean {
  return !path.includes('/node_modules/');
}

function entryOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key) ?? new Set();
  map.set(key, known);
  return known;
}

function targetsOf(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const targets: string[] = file.referencedFiles.map(({ fileName }) =>
    ts.resolveTripleslashReference(fileName, file.fileName),
  );
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    const symbol = specifier === undefined ? undefined : checker.getSymbolAtLocation(specifier);
    for (const declaration of symbol?.declarations ?? []) targets.push(declaration.getSourceFile().fileName);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return targets;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  const isCall = ts.isCallExpression(node) && node.arguments.length > 0;
  const isImport = isCall && (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node.expression));
  return isImport ? node.arguments[0] : undefined;
}

function isRequire(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === 'require';
}
