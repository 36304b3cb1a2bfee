import {
  isClassStaticBlockDeclaration,
  isConstructorDeclaration,
  isExportAssignment,
  isExportDeclaration,
  isFunctionLikeDeclaration,
  isImportDeclaration,
  isImportEqualsDeclaration,
  isModuleDeclaration,
  isSetAccessorDeclaration,
  isStringLiteral,
} from 'typescript/unstable/ast';
import type { Node, SourceFile, Statement } from 'typescript/unstable/ast';
import type { FileSurface, FunctionBody, PartKind, SurfacePart } from '../live-source.ts';

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
  const { file } = around;
  const bodies: FunctionBody[] = [];
  collectBodies(statement, around, bodies);
  const start = statement.getStart(file);
  let text = '';
  let from = start;
  for (const body of bodies) {
    text += file.text.slice(from, body.start);
    from = body.end;
  }
  text += file.text.slice(from, statement.end);
  return { kind: kindOf(statement, around), start, end: statement.end, text, bodies };
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
