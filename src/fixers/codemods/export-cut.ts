import type { ts } from 'ts-morph';
import { applyEdits } from '../text-edits.ts';
import { countReferences, cutNodes, declarationsOf, isExported } from './declaration-cut.ts';
import { compiler, isBroken, parseFile } from './syntax-tree.ts';

export interface ExportCut {
  readonly text: string;
  readonly how: 'export' | 'declaration';
  readonly also: readonly string[];
}

/**
 * The file without an export: without the word where its own file uses the name, else without the declaration. In words
 * why not, where that can't be done.
 */
export function cutExport(path: string, text: string, name: string): ExportCut | string {
  const file = parseFile(path, text);
  const listed = listedIn(file, name);
  const declared = declarationsOf(file, name);
  const own = declared.filter(isExported);
  if (listed === undefined && own.length === 0) return `${path} does not export ${name} by a statement of its own`;
  if (declared.some((statement) => isShared(statement)))
    return `${name} is declared together with others, or as default`;
  const outside = [...declared, ...(listed === undefined ? [] : [listed])];
  if (declared.length === 0 || countReferences(file, name, outside) > 0) {
    const edits = listed === undefined ? own.map((statement) => wordOf(file, statement)) : [listEdit(file, listed)];
    const changed = applyEdits(text, edits);
    if (!isModule(path, changed)) return `${path} would be no module any more`;
    return checked(path, { text: changed, how: 'export', also: [] });
  }
  const unlisted = listed === undefined ? file : parseFile(path, applyEdits(text, [listEdit(file, listed)]));
  const cut = cutNodes(unlisted, declarationsOf(unlisted, name));
  if (cut === undefined) return `loading ${name} may do something, so it is not removed`;
  return checked(path, { ...cut, how: 'declaration' });
}

function checked(path: string, cut: ExportCut): ExportCut | string {
  return isBroken(path, cut.text) ? `${path} could not be parsed afterwards` : cut;
}

/** Its place in an `export { … }`. */
function listedIn(file: ts.SourceFile, name: string): ts.ExportSpecifier | undefined {
  const ts = compiler();
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) continue;
    if (!ts.isNamedExports(statement.exportClause)) continue;
    const found = statement.exportClause.elements.find((one) => one.name.text === name);
    // Under another name it is not the declaration that is looked for.
    if (found !== undefined) return found.propertyName === undefined ? found : undefined;
  }
  return undefined;
}

function isShared(statement: ts.Statement): boolean {
  const ts = compiler();
  if (ts.isVariableStatement(statement) && statement.declarationList.declarations.length > 1) return true;
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

/** The word `export` and the blanks behind it. */
function wordOf(file: ts.SourceFile, statement: ts.Statement) {
  const ts = compiler();
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const word = modifiers.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const start = word?.getStart(file) ?? 0;
  const end = word?.end ?? 0;
  return { start, end: end + (/^[ \t]*/.exec(file.text.slice(end))?.[0].length ?? 0), text: '' };
}

function listEdit(file: ts.SourceFile, one: ts.ExportSpecifier) {
  const { elements, parent } = one.parent;
  if (elements.length === 1) {
    const rest = /^[ \t]*\r?\n/.exec(file.text.slice(parent.end))?.[0].length ?? 0;
    return { start: parent.getStart(file), end: parent.end + rest, text: '' };
  }
  const at = elements.indexOf(one);
  const next = elements[at + 1];
  return next === undefined
    ? { start: elements[at - 1]?.end ?? one.pos, end: one.end, text: '' }
    : { start: one.getStart(file), end: next.getStart(file), text: '' };
}

/** Without an import or export the names of a file are those of the whole program. */
function isModule(path: string, text: string): boolean {
  const ts = compiler();
  return parseFile(path, text).statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement) ||
      isExported(statement),
  );
}
