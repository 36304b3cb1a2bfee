import { SyntaxKind } from 'typescript/unstable/ast';
import type { SourceFile } from 'typescript/unstable/ast';
import type { NodeHandle, Project } from 'typescript/unstable/sync';
import { AppError } from '../../core/errors.ts';
import { TARGET } from '../type-source.ts';
import type { FileFacts, Link, OtherName } from './fact-forms.ts';
import { spanKey } from './span.ts';
import type { Span } from './span.ts';
import type { Target } from './symbol-resolver.ts';

/** The files of the workspace, as the compiler's handles name them. */
export interface NativeFiles {
  indexOf(path: string): number | undefined;
  factsOf(file: number): FileFacts | undefined;
}

/** What the nodes of one file are, by their number in the compiler's own table. */
export interface FileTable {
  readonly anchors: ReadonlyMap<number, number>;
  readonly held: ReadonlyMap<number, number>;
  readonly links: ReadonlyMap<number, Link>;
  readonly otherNames: ReadonlyMap<number, OtherName>;
  /** Handle of each node that may be asked about, by {@link spanKey}. */
  readonly handles: ReadonlyMap<number, string>;
}

/** Layout of the table, as `typescript/dist/api/node/protocol.js` of the pinned version has it. */
const PROTOCOL_VERSION = 5;
const NODES_OFFSET_AT = 40;
const RECORD_BYTES = 28;

const ASKED = new Set<number>([
  SyntaxKind.ShorthandPropertyAssignment,
  SyntaxKind.ObjectBindingPattern,
  SyntaxKind.ExpressionWithTypeArguments,
]);
const EXPRESSIONS = new Set<number>([SyntaxKind.ClassExpression, SyntaxKind.FunctionExpression]);
/** What can be the declaration of a symbol that matters here. */
const DECLARATIONS = kindTable([
  SyntaxKind.ClassExpression,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.InterfaceDeclaration,
  SyntaxKind.TypeAliasDeclaration,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.EnumMember,
  SyntaxKind.ModuleDeclaration,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.Constructor,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.PropertySignature,
  SyntaxKind.PropertyAssignment,
  SyntaxKind.ShorthandPropertyAssignment,
  SyntaxKind.Parameter,
  SyntaxKind.VariableDeclaration,
  SyntaxKind.BindingElement,
  SyntaxKind.ExportAssignment,
  SyntaxKind.BinaryExpression,
  SyntaxKind.ImportSpecifier,
  SyntaxKind.ExportSpecifier,
  SyntaxKind.ImportClause,
  SyntaxKind.NamespaceImport,
  SyntaxKind.ObjectBindingPattern,
  SyntaxKind.ExpressionWithTypeArguments,
]);

/** Leads from the native compiler's nodes to the places that the scan found, through the spans that both agree on. */
export class NativePlaces {
  readonly #project: Project;
  readonly #files: NativeFiles;
  readonly #tables = new Map<string, FileTable>();

  constructor(project: Project, files: NativeFiles) {
    this.#project = project;
    this.#files = files;
  }

  /** Where a declaration is a node; undefined for what the graph does not keep, and for libraries. */
  targetOf({ path, index, kind }: NodeHandle): Target | undefined {
    const file = this.#files.indexOf(path);
    if (file === undefined) return undefined;
    if (kind === SyntaxKind.SourceFile) return { file, position: -1 };
    const table = this.tableOf(path);
    const position = table?.anchors.get(index) ?? table?.held.get(index);
    return position === undefined ? undefined : { file, position };
  }

  /** Undefined for a file that is none of the workspace's. */
  tableOf(path: string): FileTable | undefined {
    const known = this.#tables.get(path);
    if (known !== undefined) return known;
    const file = this.#files.indexOf(path);
    const facts = file === undefined ? undefined : this.#files.factsOf(file);
    if (facts === undefined) return undefined;
    const source = this.#project.program.getSourceFile(path);
    if (source === undefined) return undefined;
    const table = readTable(source, facts);
    this.#tables.set(path, table);
    return table;
  }

  handleOf(path: string, span: Span): string | undefined {
    return this.tableOf(path)?.handles.get(spanKey(span));
  }

  /** Constructor of the class at a place, when it is written there. */
  constructorAt({ file, position }: Target): Target | undefined {
    const constructor = file < 0 ? undefined : this.#files.factsOf(file)?.constructors.get(position);
    return constructor === undefined ? undefined : { file, position: constructor };
  }
}

export const NO_TARGETS: readonly Target[] = [{ file: TARGET.external, position: 0 }];

interface OpenTable {
  readonly anchors: Map<number, number>;
  readonly held: Map<number, number>;
  readonly links: Map<number, Link>;
  readonly otherNames: Map<number, OtherName>;
  readonly handles: Map<number, string>;
}

function readTable(source: SourceFile, facts: FileFacts): FileTable {
  const view = viewOf(source);
  const start = view.getUint32(NODES_OFFSET_AT, true);
  const count = (view.byteLength - start) / RECORD_BYTES;
  const table: OpenTable = {
    anchors: new Map(),
    held: new Map(),
    links: new Map(),
    otherNames: new Map(),
    handles: new Map(),
  };
  for (let index = 1; index < count; index += 1) {
    const at = start + index * RECORD_BYTES;
    const kind = view.getUint32(at, true);
    if (kind >= DECLARATIONS.length || DECLARATIONS[kind] === 0) continue;
    const key = spanKey({ pos: view.getInt32(at + 4, true), end: view.getInt32(at + 8, true) });
    enter(table, { index, kind, key, path: source.path }, facts);
  }
  return table;
}

interface Row {
  readonly index: number;
  readonly kind: number;
  readonly key: number;
  readonly path: string;
}

function enter(table: OpenTable, { index, kind, key, path }: Row, facts: FileFacts): void {
  if (ASKED.has(kind)) table.handles.set(key, `${index}.${kind}.${path}`);
  copy(facts.links, key, { into: table.links, index });
  copy(facts.otherNames, key, { into: table.otherNames, index });
  if (EXPRESSIONS.has(kind)) copy(facts.held, key, { into: table.held, index });
  copy(facts.declared, key, { into: table.anchors, index });
}

function copy<T>(
  from: ReadonlyMap<number, T>,
  key: number,
  { into, index }: { into: Map<number, T>; index: number },
): void {
  const value = from.get(key);
  if (value !== undefined) into.set(index, value);
}

/** The bytes that a source file of the API is read from; they are not part of its types. */
function viewOf(source: SourceFile): DataView {
  const view: unknown = Reflect.get(source, 'view');
  if (!(view instanceof DataView) || view.getUint32(0, true) >>> 24 !== PROTOCOL_VERSION) {
    throw new AppError('unsupported', 'The TypeScript 7 compiler sends syntax trees of an unknown form.', {
      hint: 'Reinstall with `npm ci`, or index with the engine ts-morph.',
    });
  }
  return view;
}

function kindTable(kinds: readonly number[]): Uint8Array {
  const table = new Uint8Array(1 + Math.max(...kinds));
  for (const kind of kinds) table[kind] = 1;
  return table;
}
