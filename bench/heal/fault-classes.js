/**
 * Faults as people make them, one change of the tree each. A class finds the places of a file where it can be made; what
 * each is replaced with follows from the seed.
 */
import { ts } from 'ts-morph';
import { misspelt } from './heal-random.js';

/** @typedef {{ start: number, end: number, text: string }} Replacement */
/** @typedef {{ file: ts.SourceFile, random: () => number, modules: readonly ExportedModule[] }} FaultContext */
/** @typedef {{ specifier: string, name: string }} ExportedModule a name that could be imported into the file */
/** @typedef {(context: FaultContext) => readonly Replacement[]} FaultFinder */

const WORD = /^[A-Za-z_$][\w$]{3,}$/;

/** @type {Readonly<Record<string, FaultFinder>>} */
export const FAULT_CLASSES = {
  'unused import': ({ file, modules }) => {
    const used = new Set(file.text.match(/[\w$]+/g));
    const start = file.statements[0]?.getStart(file) ?? 0;
    return modules
      .filter(({ name }) => !used.has(name))
      .slice(0, 3)
      .map(({ name, specifier }) => ({
        start,
        end: start,
        text: `import { ${name} } from ${quoted(file, specifier)}${semicolon(file)}\n`,
      }));
  },
  'unused local': ({ file }) =>
    nodes(file, ts.isBlock)
      .filter(({ parent, statements }) => ts.isFunctionLike(parent) && statements.length > 0)
      .map(({ statements }) => {
        const start = statements[0]?.getStart(file) ?? 0;
        return { start, end: start, text: `const leftoverCount = 1${semicolon(file)}\n${indentBefore(file, start)}` };
      }),
  'bogus override': ({ file }) =>
    nodes(file, ts.isMethodDeclaration)
      .filter((method) => ts.isClassLike(method.parent) && !hasModifier(method, ts.SyntaxKind.OverrideKeyword))
      .filter((method) => !hasModifier(method, ts.SyntaxKind.StaticKeyword) && !ts.isPrivateIdentifier(method.name))
      .map((method) => {
        const last = method.modifiers?.findLast(({ kind }) => kind !== ts.SyntaxKind.AsyncKeyword);
        const start = last === undefined ? method.getStart(file) : last.end;
        return { start, end: start, text: last === undefined ? 'override ' : ' override' };
      }),
  'dropped async': ({ file }) => modifiersOf(file, ts.SyntaxKind.AsyncKeyword),
  'misspelt identifier': typos(
    (node, parent) =>
      ts.isCallExpression(parent) ||
      ts.isBinaryExpression(parent) ||
      ts.isReturnStatement(parent) ||
      (ts.isPropertyAccessExpression(parent) && parent.expression === node),
  ),
  'misspelt property': typos((node, parent) => ts.isPropertyAccessExpression(parent) && parent.name === node),
  'misspelt type': typos((_, parent) => ts.isTypeReferenceNode(parent)),
  'misspelt import specifier': typos((_, parent) => ts.isImportSpecifier(parent) && parent.propertyName === undefined),
  'misspelt key': typos((node, parent) => ts.isPropertyAssignment(parent) && parent.name === node),
  'misspelt string literal': ({ file, random }) =>
    nodes(file, ts.isStringLiteral)
      .filter(({ parent, text }) => WORD.test(text) && !ts.isImportDeclaration(parent) && !ts.isLiteralTypeNode(parent))
      .map((node) => ({ start: node.getStart(file) + 1, end: node.end - 1, text: misspelt(node.text, random) })),
  'misspelt import path': ({ file, random }) =>
    nodes(file, ts.isImportDeclaration)
      .map(({ moduleSpecifier }) => moduleSpecifier)
      .filter(ts.isStringLiteral)
      .filter(({ text }) => /^\.\.?\//.test(text) && WORD.test(lastOf(text)))
      .map((node) => {
        const { text } = node;
        const last = lastOf(text);
        const at = node.getStart(file) + 1 + text.lastIndexOf(last);
        return { start: at, end: at + last.length, text: misspelt(last, random) };
      }),
  'dropped import': ({ file }) =>
    nodes(file, ts.isImportDeclaration)
      .filter(({ importClause }) => importClause !== undefined)
      .map((node) => lineOf(file, node)),
  'dropped new': ({ file }) =>
    nodes(file, ts.isNewExpression).map((node) => ({
      start: node.getStart(file),
      end: node.expression.getStart(file),
      text: '',
    })),
  'dropped this': ({ file }) =>
    nodes(file, ts.isPropertyAccessExpression)
      .filter(({ expression, name }) => expression.kind === ts.SyntaxKind.ThisKeyword && ts.isIdentifier(name))
      .map((node) => ({ start: node.getStart(file), end: node.name.getStart(file), text: '' })),
  'dropped export': ({ file }) => modifiersOf(file, ts.SyntaxKind.ExportKeyword),
  'dropped await': ({ file }) =>
    nodes(file, ts.isAwaitExpression).map((node) => ({
      start: node.getStart(file),
      end: node.expression.getStart(file),
      text: '',
    })),
  'dropped argument': ({ file }) =>
    nodes(file, ts.isCallExpression).flatMap((node) => listItem(file, node.arguments, node.arguments.length - 1)),
  'dropped parameter': ({ file }) =>
    nodes(file, isCallable).flatMap((node) => listItem(file, node.parameters, node.parameters.length - 1)),
  'dropped class member': ({ file }) =>
    nodes(file, ts.isClassElement)
      .filter((node) => ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node))
      .map((node) => lineOf(file, node)),
  'dropped interface member': ({ file }) => nodes(file, ts.isPropertySignature).map((node) => lineOf(file, node)),
  'dropped property': ({ file }) =>
    nodes(file, ts.isObjectLiteralExpression).flatMap((node) =>
      node.properties.flatMap((_, at) => listItem(file, node.properties, at)),
    ),
  'dropped declaration': ({ file }) => nodes(file, isDeclaration).map((node) => lineOf(file, node)),
  'swapped type': ({ file }) =>
    nodes(file, ts.isTypeNode).flatMap((node) => {
      const text = SWAPPED[node.getText(file)];
      return text === undefined ? [] : [{ start: node.getStart(file), end: node.end, text }];
    }),
};

/** @type {Readonly<Record<string, string>>} */
const SWAPPED = { string: 'number', number: 'string', boolean: 'string' };

/**
 * @template {ts.Node} Found
 * @param {ts.SourceFile} file
 * @param {(node: ts.Node) => node is Found} isWanted
 * @returns {Found[]}
 */
function nodes(file, isWanted) {
  /** @type {Found[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isWanted(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * @param {(node: ts.Identifier, parent: ts.Node) => boolean} isWanted
 * @returns {FaultFinder}
 */
function typos(isWanted) {
  return ({ file, random }) =>
    nodes(file, ts.isIdentifier)
      .filter((node) => WORD.test(node.text) && isWanted(node, node.parent))
      .map((node) => ({ start: node.getStart(file), end: node.end, text: misspelt(node.text, random) }));
}

/**
 * @param {ts.SourceFile} file
 * @param {ts.SyntaxKind} kind
 * @returns {Replacement[]}
 */
function modifiersOf(file, kind) {
  return nodes(file, isModified)
    .flatMap((node) => (ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : []))
    .filter((modifier) => modifier.kind === kind)
    .map((modifier) => ({ start: modifier.getStart(file), end: pastSpace(file, modifier.end), text: '' }));
}

/** @param {ts.Node} node */
function isModified(node) {
  return (
    ts.isFunctionLike(node) ||
    ts.isVariableStatement(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  );
}

/** @param {ts.Node} node */
function isCallable(node) {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node);
}

/** @param {ts.Node} node */
function isDeclaration(node) {
  return (
    ts.isVariableStatement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

/**
 * @param {ts.HasModifiers} node
 * @param {ts.SyntaxKind} kind
 */
function hasModifier(node, kind) {
  return node.modifiers?.some((modifier) => modifier.kind === kind) === true;
}

/**
 * Without one item of a list, and the comma that goes with it.
 * @param {ts.SourceFile} file
 * @param {ts.NodeArray<ts.Node>} list
 * @param {number} at
 * @returns {Replacement[]}
 */
function listItem(file, list, at) {
  const item = list[at];
  if (item === undefined) return [];
  const before = list[at - 1];
  const after = list[at + 1];
  if (after !== undefined) return [{ start: item.getStart(file), end: after.getStart(file), text: '' }];
  return [{ start: before?.end ?? item.getStart(file), end: item.end, text: '' }];
}

/**
 * A node with its comments and the lines that it leaves empty.
 * @param {ts.SourceFile} file
 * @param {ts.Node} node
 * @returns {Replacement}
 */
function lineOf(file, node) {
  const { text } = file;
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const first = comments.at(0)?.pos ?? node.getStart(file);
  const start = text.lastIndexOf('\n', first - 1) + 1;
  const isOwnLine = text.slice(start, first).trim() === '';
  const end = text.indexOf('\n', node.end);
  const isAlone = end !== -1 && text.slice(node.end, end).trim() === '';
  if (!isOwnLine || !isAlone) return { start: node.getStart(file), end: node.end, text: '' };
  return { start, end: end + 1, text: '' };
}

/**
 * @param {ts.SourceFile} file
 * @param {string} text
 */
function quoted(file, text) {
  return /from "/.test(file.text) ? `"${text}"` : `'${text}'`;
}

/** @param {ts.SourceFile} file */
function semicolon(file) {
  return /;\n/.test(file.text) ? ';' : '';
}

/**
 * @param {ts.SourceFile} file
 * @param {number} at
 */
function indentBefore(file, at) {
  return file.text.slice(file.text.lastIndexOf('\n', at - 1) + 1, at);
}

/**
 * @param {ts.SourceFile} file
 * @param {number} at
 */
function pastSpace(file, at) {
  return at + (/^\s*/.exec(file.text.slice(at))?.[0].length ?? 0);
}

/** @param {string} path */
function lastOf(path) {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[jt]sx?$/, '');
}
