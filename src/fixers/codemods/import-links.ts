import { posix } from 'node:path';
import type { ts } from 'ts-morph';
import { compiler, nodesIn, parseFile } from './syntax-tree.ts';

/** How one file names another. */
export interface ModuleLink {
  readonly specifier: string;
  /**
   * `names`: the names alone; `star`: passes all on; `whole`: holds the module as a value; `mention`: a string that may be
   * a name of one; `prefix`: a name that is made at run time and begins like this; `effect`: runs it and takes nothing.
   */
  readonly kind: 'names' | 'star' | 'whole' | 'mention' | 'prefix' | 'effect';
  /** As the module itself calls them. */
  readonly names: readonly string[];
}

const CODE = /\.[cm]?[jt]sx?$/;
/** Names of modules that are made at run time, patterns of them, and folders that are loaded whole. */
const MADE = /`\.\.?\/|['"]\.\.?\/[^'"\n]*['"]\s*\+|['"]\.\.?\/[^'"\n]*\*|['"]\.\.?\/(?:[^'"\n]*\/)?['"]/;
const IN_COMMENT = /\*[^'"\n]*(?:import\(\s*|@import\b[^'"\n]*)['"]([^'"\n]+)['"]/g;
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.json'];

export function isCode(path: string): boolean {
  return CODE.test(path);
}

/** Whether a text may load modules that it does not name. */
export function makesNames(text: string): boolean {
  return MADE.test(text);
}

/** Every way in which a file names another one, also in strings that only look like it. */
export function linksIn(path: string, text: string): ModuleLink[] {
  const ts = compiler();
  const links: ModuleLink[] = [];
  for (const node of nodesIn(parseFile(path, text))) {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      links.push({ specifier: node.moduleSpecifier.text, ...importedBy(node.importClause) });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      if (ts.isStringLiteral(node.moduleSpecifier)) {
        links.push({ specifier: node.moduleSpecifier.text, ...passedBy(node.exportClause) });
      }
    } else if (ts.isStringLiteralLike(node) && !isSpecifier(node)) {
      links.push(linkOfText(node));
    } else if (ts.isTemplateHead(node)) {
      if (isPrefix(node, node.text)) links.push({ specifier: node.text, kind: 'prefix', names: [] });
    }
  }
  // Comments of JavaScript that stand for types.
  for (const [, specifier = ''] of text.matchAll(IN_COMMENT)) links.push({ specifier, kind: 'whole', names: [] });
  return links;
}

function isSpecifier({ parent }: ts.Node): boolean {
  const ts = compiler();
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
}

function linkOfText(node: ts.StringLiteralLike): ModuleLink {
  const ts = compiler();
  const { text, parent } = node;
  const isBegun = ts.isBinaryExpression(parent) && parent.left === node;
  const [before = ''] = text.split('*');
  const mayBegin = isBegun || before !== text ? isPrefix(node, before) : text.endsWith('/') && loadsFolders(node);
  if (text.startsWith('.') && mayBegin) return { specifier: before, kind: 'prefix', names: [] };
  return { specifier: text, kind: isLoaded(node) ? 'whole' : 'mention', names: [] };
}

/** Something that loads, or finds, modules by names that are made. */
const LOADER = /\b(?:import|require|mock|doMock|importActual|\w*[gG]lob\w*|context|load\w*)$/;
/** These make paths, mostly of files that are read: further out than the own folder they could lead everywhere. */
const LOCATOR = /\b(?:URL|Worker|resolve)$/;

/** A folder by its name, or what is loaded: else anything that begins with dots would lead everywhere. */
function isPrefix(node: ts.Node, text: string): boolean {
  const hasName = text
    .split('/')
    .slice(0, -1)
    .some((part) => part !== '.' && part !== '..');
  const callee = calleeOf(node);
  return hasName || LOADER.test(callee) || (!text.startsWith('../') && LOCATOR.test(callee));
}

function loadsFolders(node: ts.Node): boolean {
  return /\b(?:context|\w*[gG]lob\w*)$/.test(calleeOf(node));
}

/** The function that a text is given to, with what is made of it on the way. */
function calleeOf(node: ts.Node): string {
  const ts = compiler();
  let { parent } = node;
  while (ts.isBinaryExpression(parent) || ts.isTemplateExpression(parent) || ts.isArrayLiteralExpression(parent)) {
    parent = parent.parent;
  }
  return ts.isCallExpression(parent) || ts.isNewExpression(parent) ? parent.expression.getText() : '';
}

/** By `import()`, `require()`, or `typeof import()`. */
function isLoaded({ parent }: ts.Node): boolean {
  const ts = compiler();
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent);
  if (!ts.isCallExpression(parent)) return false;
  const { expression } = parent;
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require')
  );
}

function importedBy(clause: ts.ImportClause | undefined): Omit<ModuleLink, 'specifier'> {
  const ts = compiler();
  if (clause === undefined) return { kind: 'effect', names: [] };
  const { name, namedBindings } = clause;
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) return { kind: 'whole', names: [] };
  const names = (namedBindings?.elements ?? []).map((one) => (one.propertyName ?? one.name).text);
  return { kind: 'names', names: name === undefined ? names : ['default', ...names] };
}

function passedBy(clause: ts.NamedExportBindings | undefined): Omit<ModuleLink, 'specifier'> {
  const ts = compiler();
  if (clause === undefined) return { kind: 'star', names: [] };
  if (ts.isNamespaceExport(clause)) return { kind: 'whole', names: [] };
  return { kind: 'names', names: clause.elements.map((one) => (one.propertyName ?? one.name).text) };
}

/** The file that a relative name leads to, as compilers and bundlers look for it; undefined for any other name. */
export function resolveRelative(
  from: string,
  specifier: string,
  paths: { has(path: string): boolean },
): string | undefined {
  if (!/^\.\.?(?:\/|$)/.test(specifier)) return undefined;
  const base = posix.normalize(posix.join(posix.dirname(from), specifier.replace(/[?#].*$/, ''))).replace(/\/$/, '');
  const bare = base.replace(/\.([cm]?)jsx?$/, '');
  const written = EXTENSIONS.map((extension) => `${bare}${extension}`);
  const added = EXTENSIONS.map((extension) => `${base}${extension}`);
  const index = EXTENSIONS.map((extension) => (base === '.' ? `index${extension}` : `${base}/index${extension}`));
  return [base, ...(bare === base ? [] : written), ...added, ...index].find((path) => paths.has(path));
}

/** What a name of the module ends with: its file without an ending, or for an index, its folder. */
export function stemOf(path: string): string {
  const stem = posix.basename(path).replace(/(?:\.d)?\.[^.]+$/, '');
  return stem === 'index' ? posix.basename(posix.dirname(path)) : stem;
}
