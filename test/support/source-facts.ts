import { ts } from 'ts-morph';

/** One import, export-from, dynamic import, import type or worker entry, as it is written. */
export interface ImportFact {
  readonly specifier: string;
  /** Erased by the compiler. */
  readonly isTypeOnly: boolean;
  readonly line: number;
}

export interface TextFact {
  readonly text: string;
  readonly line: number;
}

/** What the architecture rules need to know of one file. */
export interface SourceFacts {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly ImportFact[];
  /** `object.property` for each property access on a plain identifier. */
  readonly accesses: readonly TextFact[];
  /** String literals and templates, in which each `${…}` is one question mark. */
  readonly strings: readonly TextFact[];
  /** Statements other than `export { … } from` and `export type { … } from`. */
  readonly ownStatements: readonly TextFact[];
  readonly startsWithDocComment: boolean;
}

/** Parses a TypeScript or JavaScript source; needs no type information. */
export function readSourceFacts(path: string, text: string): SourceFacts {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const lineOf = (node: ts.Node): number => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const imports: ImportFact[] = [];
  const accesses: TextFact[] = [];
  const strings: TextFact[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) imports.push({ ...found, line: lineOf(node) });
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      accesses.push({ text: `${node.expression.text}.${node.name.text}`, line: lineOf(node) });
    }
    const string = stringOf(node);
    if (string !== undefined) strings.push({ text: string, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return {
    path,
    lines: text.split('\n').filter((line) => line.trim() !== '').length,
    imports,
    accesses,
    strings,
    ownStatements: source.statements
      .filter((statement) => !isNamedReExport(statement))
      .map((statement) => ({ text: firstLineOf(statement.getText(source)), line: lineOf(statement) })),
    startsWithDocComment: text.trimStart().startsWith('/**'),
  };
}

function importOf(node: ts.Node): Omit<ImportFact, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) {
    return specifierFact(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
  }
  if (ts.isExportDeclaration(node)) return specifierFact(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? specifierFact(node.argument.literal, true) : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return specifierFact(node.arguments[0], false);
  if (!ts.isIdentifier(node.expression)) return undefined;
  if (node.expression.text === 'require') return specifierFact(node.arguments[0], false);
  // A worker or child entry is an import in all but name.
  return node.expression.text === 'entryPath' ? specifierFact(node.arguments[1], false) : undefined;
}

function specifierFact(node: ts.Node | undefined, isTypeOnly: boolean): Omit<ImportFact, 'line'> | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? { specifier: node.text, isTypeOnly } : undefined;
}

function stringOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('?');
}

function isNamedReExport(statement: ts.Statement): boolean {
  return (
    ts.isExportDeclaration(statement) &&
    statement.moduleSpecifier !== undefined &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
  );
}

function firstLineOf(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
