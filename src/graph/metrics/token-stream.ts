import { ts } from 'ts-morph';
import { isFunctionWithBody } from './function-units.ts';
import { lineAt, parseForMetrics } from './parsed-file.ts';

/** What all names look like. */
export const NAME_SHAPE: number = ts.SyntaxKind.Identifier;

/** Gives each text a number; the same one in all files. */
export class TokenNames {
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** The tokens of a file without comments and imports, as columns. */
export interface TokenStream {
  /** What it is; all names are one, all literals of a kind too. */
  readonly shape: number[];
  /** What it is, with names and literals told apart. */
  readonly text: number[];
  readonly line: number[];
  /** Offset of its first character. */
  readonly start: number[];
  /** Behind the last token of the statement, member or element that begins here; 0 where none does. */
  readonly pieceEnd: number[];
  /** First token, and behind the last one, of each function. */
  readonly functions: { readonly from: number; readonly to: number }[];
}

export function tokenStreamOf(path: string, text: string, names: TokenNames): TokenStream {
  const walk = new TokenWalk(parseForMetrics(path, text), names);
  walk.visit(walk.file);
  return walk.stream;
}

class TokenWalk {
  readonly file: ts.SourceFile;
  readonly stream: TokenStream = { shape: [], text: [], line: [], start: [], pieceEnd: [], functions: [] };
  readonly #names: TokenNames;
  readonly #scanner: ts.Scanner;
  /** The piece that ended last. */
  #latest = { from: 0, to: -1 };

  constructor(file: ts.SourceFile, names: TokenNames) {
    this.file = file;
    this.#names = names;
    this.#scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, file.languageVariant, file.text);
  }

  /** The tree keeps names and literals; the tokens between them are scanned again. */
  visit(node: ts.Node): void {
    if (isLinkage(node)) return;
    const from = this.stream.shape.length;
    if (isLeaf(node))
      this.#add(node.getStart(this.file), node.kind, this.file.text.slice(node.getStart(this.file), node.end));
    else this.#visitInside(node);
    const to = this.stream.shape.length;
    if (to === from) return;
    if (isPiece(node)) {
      this.stream.pieceEnd[from] = to;
      this.#latest = { from, to };
    }
    if (isFunctionWithBody(node)) this.stream.functions.push({ from, to });
  }

  #visitInside(node: ts.Node): void {
    let at = node.pos;
    ts.forEachChild(node, (child) => {
      // The halves of `import()` and the like are out of order nowhere, but missing nodes have no width.
      if (child.pos >= at) this.#scan(at, child.pos);
      this.visit(child);
      at = Math.max(at, child.end);
    });
    this.#scan(at, node.end);
  }

  #scan(from: number, to: number): void {
    if (from >= to) return;
    this.#scanner.resetTokenState(from);
    for (;;) {
      const kind = this.#scanner.scan();
      if (kind === ts.SyntaxKind.EndOfFileToken || this.#scanner.getTokenStart() >= to) return;
      this.#add(this.#scanner.getTokenStart(), kind, this.#scanner.getTokenText());
    }
  }

  #add(start: number, kind: ts.SyntaxKind, text: string): void {
    if (text === '') return;
    const { stream } = this;
    // A comma goes with the member before it, so that members follow one another.
    if (kind === ts.SyntaxKind.CommaToken && this.#latest.to === stream.shape.length) {
      stream.pieceEnd[this.#latest.from] = this.#latest.to + 1;
    }
    const isNamed = isName(kind) || isLiteral(kind);
    stream.shape.push(isName(kind) ? NAME_SHAPE : kind);
    stream.text.push(isNamed ? this.#names.numberOf(`${kind} ${text}`) : -kind - 1);
    stream.line.push(lineAt(this.file, start));
    stream.start.push(start);
    stream.pieceEnd.push(0);
  }
}

/** Every file names what it imports: that is repeated of necessity. */
function isLinkage(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) return true;
  return ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined;
}

function isLeaf(node: ts.Node): boolean {
  return ts.isToken(node) || isName(node.kind) || isLiteral(node.kind);
}

function isName(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.Identifier || kind === ts.SyntaxKind.PrivateIdentifier;
}

function isLiteral(kind: ts.SyntaxKind): boolean {
  if (kind >= ts.SyntaxKind.FirstLiteralToken && kind <= ts.SyntaxKind.LastLiteralToken) return true;
  if (kind === ts.SyntaxKind.JsxText || kind === ts.SyntaxKind.JsxTextAllWhiteSpaces) return true;
  return kind >= ts.SyntaxKind.FirstTemplateToken && kind <= ts.SyntaxKind.LastTemplateToken;
}

/** What can be taken out as a whole. */
function isPiece(node: ts.Node): boolean {
  if (ts.isBlock(node) || ts.isSourceFile(node)) return false;
  return (
    ts.isStatement(node) ||
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isObjectLiteralElement(node) ||
    ts.isCaseOrDefaultClause(node) ||
    ts.isEnumMember(node) ||
    ts.isJsxElement(node) ||
    ts.isJsxSelfClosingElement(node)
  );
}
