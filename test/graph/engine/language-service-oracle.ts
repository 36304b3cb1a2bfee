import { readFileSync } from 'node:fs';
import { Project, ts } from 'ts-morph';
import { NODE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { GraphColumns, NodeKind } from '../../../src/graph/graph-schema.ts';
import type { ProjectModel, WorkspaceModel } from '../../../src/graph/type-source.ts';

/** What can stand in the place of a callee. */
const CALLABLE: readonly NodeKind[] = [
  'function',
  'method',
  'constructor',
  'accessor',
  'class',
  'component',
  'variable',
  'property',
];
/** Of several declarations of one symbol, the kind that stands for all. */
const PRECEDENCE: readonly NodeKind[] = [
  'class',
  'component',
  'function',
  'variable',
  'enum',
  'interface',
  'type',
  'namespace',
];

interface Definition {
  readonly fileName: string;
  readonly textSpan: ts.TextSpan;
}

/**
 * Calls as the editor's "find all references" and "go to definition" see them, found by asking about every declaration:
 * `path:line:column -> node row`. Slow, and shares nothing with the engine but the compiler and the list of declarations.
 */
export function callsByLanguageService(workspace: WorkspaceModel, columns: GraphColumns): Set<string> {
  const calls = new Set<string>();
  for (const model of workspace.projects) {
    for (const call of new ProjectOracle(workspace.root, model, columns).calls()) calls.add(call);
  }
  return calls;
}

class ProjectOracle {
  readonly #root: string;
  readonly #owned: ReadonlySet<string>;
  readonly #columns: GraphColumns;
  readonly #service: ts.LanguageService;
  readonly #program: ts.Program;

  constructor(root: string, model: ProjectModel, columns: GraphColumns) {
    this.#root = root;
    this.#owned = new Set(model.files);
    this.#columns = columns;
    const { options } = ts.convertCompilerOptionsFromJson(model.compilerOptions, model.basePath);
    const project = new Project({
      compilerOptions: { ...options, allowJs: true, checkJs: false },
      skipAddingFilesFromTsConfig: true,
    });
    project.addSourceFilesAtPaths([...model.files]);
    this.#service = project.getLanguageService().compilerObject;
    const program = this.#service.getProgram();
    if (program === undefined) throw new Error(`${model.name} has no program.`);
    this.#program = program;
  }

  *calls(): Iterable<string> {
    const { nodes, files } = this.#columns;
    for (let row = 0; row < nodes.count; row += 1) {
      const fileName = `${this.#root}/${files[nodes.file[row] ?? 0]?.path}`;
      if (!CALLABLE.includes(kindOf(this.#columns, row)) || this.#program.getSourceFile(fileName) === undefined)
        continue;
      for (const reference of this.#referencesTo(row, fileName)) {
        const file = this.#program.getSourceFile(reference.fileName);
        if (file === undefined || !this.#owned.has(reference.fileName)) continue;
        if (!isCalled(file, reference.textSpan.start)) continue;
        if (!this.#definitionsAt(reference).has(row)) continue;
        const { line, character } = file.getLineAndCharacterOfPosition(reference.textSpan.start);
        const path = reference.fileName.slice(this.#root.length + 1);
        yield `${path}:${line + 1}:${character + 1} -> ${this.#canonical(row, fileName)}`;
      }
    }
  }

  #referencesTo(row: number, fileName: string): Definition[] {
    const found = this.#service.findReferences(fileName, this.#askAt(row, fileName)) ?? [];
    return found.flatMap((group) => group.references).map((reference) => withoutQuotes(reference));
  }

  /** Where the editor's cursor has to stand to mean this declaration. */
  #askAt(row: number, fileName: string): number {
    const { nodes } = this.#columns;
    const file = this.#program.getSourceFile(fileName);
    if (file === undefined) return 0;
    const named = file.getPositionOfLineAndCharacter((nodes.line[row] ?? 1) - 1, (nodes.column[row] ?? 1) - 1);
    const name = nodes.name[row] ?? '';
    const word = name === 'constructor' || name === 'default' ? name : undefined;
    if (word === undefined) return named;
    const at = file.text.indexOf(word, named);
    return at >= 0 && at < (nodes.end[row] ?? 0) ? at : named;
  }

  /** Rows that "go to definition" leads to. */
  #definitionsAt({ fileName, textSpan }: Definition): Set<number> {
    const rows = new Set<number>();
    for (const definition of this.#service.getDefinitionAtPosition(fileName, textSpan.start) ?? []) {
      const row = this.#rowDeclaredAt(definition);
      if (row !== undefined) rows.add(row);
    }
    return rows;
  }

  /** Any overload or accessor of a pair leads to the one node of them all. */
  #rowDeclaredAt({ fileName, textSpan }: Definition): number | undefined {
    const { nodes, files } = this.#columns;
    const file = this.#program.getSourceFile(fileName);
    if (file === undefined || !fileName.startsWith(this.#root)) return undefined;
    const path = fileName.slice(this.#root.length + 1);
    const text = file.text.slice(textSpan.start, textSpan.start + textSpan.length).replaceAll(/['"`]/g, '');
    let best: number | undefined;
    for (let row = 0; row < nodes.count; row += 1) {
      if (files[nodes.file[row] ?? 0]?.path !== path || (nodes.container[row] ?? -1) < 0) continue;
      const name = nodes.name[row] ?? '';
      if (name !== text && name !== 'constructor' && name !== 'default') continue;
      const start = nodes.start[row] ?? 0;
      if (start > textSpan.start || (nodes.end[row] ?? 0) < textSpan.start + textSpan.length) continue;
      if (best === undefined || start >= (nodes.start[best] ?? 0)) best = row;
    }
    return best;
  }

  /** Of the declarations that are merged into one symbol, the one that stands for all. */
  #canonical(row: number, fileName: string): number {
    const symbol = this.#symbolOf(this.#askAt(row, fileName), fileName);
    const rows = (symbol?.declarations ?? []).map((declaration) => {
      const name = ts.getNameOfDeclaration(declaration);
      const source = declaration.getSourceFile();
      if (name === undefined) return undefined;
      const textSpan = { start: name.getStart(source), length: name.getWidth(source) };
      return this.#rowDeclaredAt({ fileName: source.fileName, textSpan });
    });
    const known = [...new Set([row, ...rows])].filter((each) => each !== undefined);
    const rank = (each: number): number => PRECEDENCE.indexOf(kindOf(this.#columns, each));
    return known.toSorted((one, two) => rank(one) - rank(two) || one - two)[0] ?? row;
  }

  #symbolOf(position: number, fileName: string): ts.Symbol | undefined {
    const file = this.#program.getSourceFile(fileName);
    const token = file === undefined ? undefined : tokenAt(file, position);
    return token === undefined ? undefined : this.#program.getTypeChecker().getSymbolAtLocation(token);
  }
}

/** A line for a failure to show: `path:line:column -> kind name path`. */
export function describeCall(call: string, columns: GraphColumns): string {
  const [place, row] = call.split(' -> ');
  const { nodes, files } = columns;
  const index = Number(row);
  const container = nodes.container[index] ?? -1;
  const owner = container < 0 ? '' : `${nodes.name[container]}.`;
  const target = `${kindOf(columns, index)} ${owner}${nodes.name[index]} ${files[nodes.file[index] ?? 0]?.path}:${nodes.line[index]}`;
  return `${place} -> ${target}`;
}

export function readLine(root: string, place: string): string {
  const [path = '', line] = place.split(':');
  return readFileSync(`${root}/${path}`, 'utf8').split('\n')[Number(line) - 1]?.trim() ?? '';
}

function kindOf(columns: GraphColumns, row: number): NodeKind {
  return NODE_KINDS[columns.nodes.kind[row] ?? 0] ?? 'file';
}

/** Names in brackets are reported with or without their quotes. */
function withoutQuotes<T extends Definition>(reference: T): T {
  return reference;
}

function tokenAt(file: ts.SourceFile, position: number): ts.Node | undefined {
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (position < node.getStart(file) || position >= node.getEnd()) return undefined;
    const inner = node
      .getChildren(file)
      .map(visit)
      .find((each) => each !== undefined);
    return inner ?? node;
  };
  return visit(file);
}

/** True when the name at this place is what a call, `new`, a JSX tag, a tagged template or a decorator applies. */
function isCalled(file: ts.SourceFile, position: number): boolean {
  let node = tokenAt(file, position);
  if (node === undefined) return false;
  const isLast =
    (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
    (ts.isElementAccessExpression(node.parent) && node.parent.argumentExpression === node);
  if (isLast) node = node.parent;
  while (isTransparent(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression === node;
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag === node;
  if (ts.isJsxOpeningElement(parent) || ts.isJsxSelfClosingElement(parent)) return parent.tagName === node;
  return ts.isDecorator(parent);
}

function isTransparent(node: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node)
  );
}
