import {
  isClassDeclaration,
  isClassStaticBlockDeclaration,
  isConstructorDeclaration,
  isEnumDeclaration,
  isEnumMember,
  isExportAssignment,
  isExportDeclaration,
  isFunctionLikeDeclaration,
  isGetAccessorDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportEqualsDeclaration,
  isInterfaceDeclaration,
  isMethodDeclaration,
  isMethodSignatureDeclaration,
  isModuleDeclaration,
  isPrivateIdentifier,
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  isSetAccessorDeclaration,
  isStringLiteral,
  isTypeAliasDeclaration,
  isTypeLiteralNode,
} from 'typescript/unstable/ast';
import type { Node, SourceFile, Statement } from 'typescript/unstable/ast';
import type { FileSurface, FunctionBody, PartKind, SurfacePart, SurfacePiece } from '../file-surface.ts';

/** Of the modules that a script can be without any `import`. */
const COMMON_JS = /\b(?:require\s*\(|exports\b)/;
const SCRIPT = /\.[cm]?jsx?$/;
/** In a script, assignments to it declare what others see. */
const THIS = /\bthis\b/;

/** The statements of a file as other files see them, by the native compiler's tree. */
export function surfaceOf(file: SourceFile): FileSurface {
  const isScript = SCRIPT.test(file.fileName);
  const isModule = file.externalModuleIndicator !== undefined || (isScript && COMMON_JS.test(file.text));
  const parts = file.statements.map((statement) => partOf(statement, { file, isScript, isModule }));
  return { parts, lineStarts: file.getLineStarts() };
}

interface Around {
  readonly file: SourceFile;
  readonly isScript: boolean;
  readonly isModule: boolean;
}

function partOf(statement: Statement, around: Around): SurfacePart {
  const nodes = membersOf(statement);
  const kind = kindOf(statement, around);
  if (nodes === undefined) return { ...pieceOf(statement, around, undefined), kind, members: [] };
  const members = nodes.map((member) => ({
    ...pieceOf(member, around, undefined),
    members: [],
    isNamed: isNamed(member),
  }));
  // With what stands before each: comments between members are nobody's matter.
  const cuts = nodes.map((member) => ({ start: member.pos, end: member.end }));
  return { ...pieceOf(statement, around, cuts), kind, members };
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

function pieceOf(node: Node, around: Around, members: readonly Cut[] | undefined): Omit<SurfacePiece, 'members'> {
  const { file } = around;
  const all: FunctionBody[] = [];
  collectBodies(node, around, all);
  const bodies = all.filter(
    ({ start }) => members?.some((member) => start >= member.start && start < member.end) !== true,
  );
  // Comments tell the types of a script.
  const start = node.getStart(file, around.isScript);
  const kept: string[] = [];
  let from = start;
  for (const cut of [...(members ?? []), ...bodies].toSorted((one, two) => one.start - two.start)) {
    kept.push(file.text.slice(from, cut.start));
    from = cut.end;
  }
  kept.push(file.text.slice(from, node.end));
  // What stands between members says nothing: one member more is no other frame.
  const text = members === undefined ? kept.join('') : kept.join('').replaceAll(/[\s,;]+/g, '');
  return { start, end: node.end, text, bodies };
}

/** Undefined for what has none. */
function membersOf(statement: Statement): readonly Node[] | undefined {
  if (isClassDeclaration(statement) || isInterfaceDeclaration(statement)) return statement.members;
  if (isEnumDeclaration(statement)) return statement.members;
  if (isTypeAliasDeclaration(statement) && isTypeLiteralNode(statement.type)) return statement.type.members;
  return undefined;
}

function isNamed(member: Node): boolean {
  return (
    hasName(member) && (isIdentifier(member.name) || isPrivateIdentifier(member.name) || isStringLiteral(member.name))
  );
}

function hasName(member: Node): member is Node & { readonly name: Node } {
  return (
    isPropertyDeclaration(member) ||
    isMethodDeclaration(member) ||
    isGetAccessorDeclaration(member) ||
    isSetAccessorDeclaration(member) ||
    isPropertySignatureDeclaration(member) ||
    isMethodSignatureDeclaration(member) ||
    isEnumMember(member)
  );
}

function kindOf(statement: Statement, { isModule }: Around): PartKind {
  if (isImportDeclaration(statement) || isImportEqualsDeclaration(statement)) return 'import';
  if (isExportDeclaration(statement) || isExportAssignment(statement)) return 'export';
  if (!isModule) return 'global';
  // `declare module 'name'` and `declare global`.
  const isAmbient =
    isModuleDeclaration(statement) && (isStringLiteral(statement.name) || statement.name.text === 'global');
  return isAmbient ? 'global' : 'declaration';
}

/** The outermost bodies, in order. */
function collectBodies(node: Node, around: Around, bodies: FunctionBody[]): void {
  const body = bodyOf(node);
  if (body === undefined || (around.isScript && THIS.test(body.getText(around.file)))) {
    node.forEachChild((child) => collectBodies(child, around, bodies));
    return;
  }
  node.forEachChild((child) => {
    if (child !== body) collectBodies(child, around, bodies);
  });
  const start = body.getStart(around.file);
  bodies.push({
    functionStart: node.getStart(around.file),
    start,
    end: body.end,
    text: around.file.text.slice(start, body.end),
    isInferred: isInferred(node),
  });
}

function bodyOf(node: Node): Node | undefined {
  return isFunctionLikeDeclaration(node) || isClassStaticBlockDeclaration(node) ? node.body : undefined;
}

function isInferred(node: Node): boolean {
  if (!isFunctionLikeDeclaration(node)) return false;
  if (isConstructorDeclaration(node) || isSetAccessorDeclaration(node)) return false;
  return node.type === undefined;
}
