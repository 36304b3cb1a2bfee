import type { ts } from 'ts-morph';
import { applyEdits, endOfRemoval } from '../text-edits.ts';
import type { TextEdit } from '../text-edits.ts';
import { hasWord } from './package-facts.ts';
import { isPure } from './pure-code.ts';
import { compiler, isReference, nodesIn, parseFile } from './syntax-tree.ts';

/** What is left over of a removal is removed in turn, so often. */
const MAX_ROUNDS = 10;

export interface Cut {
  readonly text: string;
  /** What was removed beside it, by name. */
  readonly also: readonly string[];
}

/** Statements of a file that declare a name; several for overloads. */
export function declarationsOf(file: ts.SourceFile, name: string): ts.Statement[] {
  return file.statements.filter((statement) => namesOf(statement).includes(name));
}

/** The names that a statement declares, but for those that it takes apart. */
export function namesOf(statement: ts.Statement): string[] {
  const ts = compiler();
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

/** How often a file refers to a name, but for what lies in some of its nodes. */
export function countReferences(file: ts.Node, name: string, outside: readonly ts.Node[]): number {
  const ts = compiler();
  let count = 0;
  for (const node of nodesIn(file)) {
    if (!ts.isIdentifier(node) || node.text !== name || !isReference(node)) continue;
    if (!outside.some((each) => node.pos >= each.pos && node.end <= each.end)) count += 1;
  }
  return count;
}

/**
 * Removes statements or members with the comments that belong to them, and then imports and declarations of the file that
 * nothing else names. Undefined where running them could do something.
 */
export function cutNodes(file: ts.SourceFile, nodes: readonly ts.Node[]): Cut | undefined {
  if (nodes.length === 0 || !nodes.every((node) => isPure(node))) return undefined;
  const path = file.fileName;
  let text = applyEdits(
    file.text,
    nodes.map((node) => rangeOf(file, node)),
  );
  const also: string[] = [];
  const wanted = new Set(nodes.flatMap((node) => identifiersIn(node)));
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const left = leftOver(parseFile(path, text), wanted);
    if (left === undefined) break;
    text = applyEdits(text, left.edits);
    also.push(left.name);
    for (const name of left.identifiers) wanted.add(name);
  }
  return { text, also };
}

interface LeftOver {
  readonly name: string;
  readonly edits: readonly TextEdit[];
  readonly identifiers: readonly string[];
}

/** Something that only the removed code named. A word in a comment or a string counts as a name. */
function leftOver(file: ts.SourceFile, wanted: ReadonlySet<string>): LeftOver | undefined {
  const ts = compiler();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const found = importLeftOver(file, statement, wanted);
      if (found !== undefined) return found;
      continue;
    }
    const names = namesOf(statement);
    const [name] = names;
    if (name === undefined || names.length > 1 || !wanted.has(name) || isExported(statement) || !isPure(statement))
      continue;
    const all = declarationsOf(file, name);
    const edits = all.map((node) => rangeOf(file, node));
    if (hasWord(applyEdits(file.text, edits), name)) continue;
    return { name, edits, identifiers: all.flatMap((node) => identifiersIn(node)) };
  }
  return undefined;
}

function importLeftOver(
  file: ts.SourceFile,
  statement: ts.ImportDeclaration,
  wanted: ReadonlySet<string>,
): LeftOver | undefined {
  const ts = compiler();
  const { importClause } = statement;
  const { namedBindings } = importClause ?? {};
  const named = namedBindings !== undefined && ts.isNamedImports(namedBindings) ? [...namedBindings.elements] : [];
  const whole = namedBindings !== undefined && ts.isNamespaceImport(namedBindings) ? [namedBindings.name] : [];
  const bound = [
    ...(importClause?.name === undefined ? [] : [importClause.name]),
    ...whole,
    ...named.map(({ name }) => name),
  ];
  const cut = rangeOf(file, statement);
  const rest = applyEdits(file.text, [cut]);
  const isUnused = ({ text: name }: ts.Identifier): boolean => wanted.has(name) && !hasWord(rest, name);
  const first = bound.find(isUnused);
  if (first === undefined) return undefined;
  if (bound.every(isUnused)) return { name: first.text, edits: [cut], identifiers: [] };
  const at = named.findIndex(({ name }) => isUnused(name));
  const one = named[at];
  if (one === undefined || named.length === 1) return undefined;
  const next = named[at + 1];
  const edit =
    next === undefined
      ? { start: named[at - 1]?.end ?? one.pos, end: one.end, text: '' }
      : { start: one.getStart(file), end: next.getStart(file), text: '' };
  return { name: one.name.text, edits: [edit], identifiers: [] };
}

export function isExported(node: ts.Node): boolean {
  const ts = compiler();
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function identifiersIn(node: ts.Node): string[] {
  const ts = compiler();
  return [...nodesIn(node)].flatMap((each) => (ts.isIdentifier(each) ? [each.text] : []));
}

/** From the comments that stand right above it to the end of its last line; of the empty lines around it one stays. */
export function rangeOf(file: ts.SourceFile, node: ts.Node): TextEdit {
  const { text } = file;
  const start = startOfLine(text, startWithComments(file, node));
  let end = endOfRemoval(text, { start: node.getStart(file), end: node.end });
  while (/[ \t]/.test(text[end] ?? '')) end += 1;
  // What follows on the same line stays where it is.
  if (/[^\r\n]/.test(text[end] ?? '')) return { start: node.getStart(file), end, text: '' };
  end = afterBreak(text, end);
  const isAfterGap =
    start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(0, start)) || /\{[ \t]*\r?\n$/.test(text.slice(0, start));
  const gap = /^[ \t]*\r?\n/.exec(text.slice(end))?.[0] ?? '';
  return { start, end: isAfterGap ? end + gap.length : end, text: '' };
}

function startWithComments(file: ts.SourceFile, node: ts.Node): number {
  const { text } = file;
  let start = node.getStart(file);
  const comments = compiler().getLeadingCommentRanges(text, node.pos) ?? [];
  for (const { pos, end } of comments.toReversed()) {
    const between = text.slice(end, start);
    // A line break ends a comment of a line and the line of a block: a second one makes a gap.
    if ((between.match(/\n/g) ?? []).length > 1 || isHeader(text, pos)) break;
    // Behind code on the same line it belongs to that.
    if (/\S/.test(text.slice(startOfLine(text, pos), pos))) break;
    start = pos;
  }
  return start;
}

/** A licence, or what speaks to a tool about the whole file. */
function isHeader(text: string, at: number): boolean {
  if (at > 3) return false;
  return /^(?:\/\*!|\/\/\/|#!)|@(?:license|fileoverview|file|packageDocumentation|jest-environment|jsx)\b|copyright|eslint-disable|@ts-/i.test(
    text.slice(at, at + 400).split('*/')[0] ?? '',
  );
}

function startOfLine(text: string, at: number): number {
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^[ \t]*$/.test(before) ? at - before.length : at;
}

function afterBreak(text: string, at: number): number {
  return at + (/^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0);
}
