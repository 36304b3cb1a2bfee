import { Project, ts } from 'ts-morph';
import { NODE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { GraphColumns, NodeKind } from '../../../src/graph/graph-schema.ts';
import type { ProjectModel, WorkspaceModel } from '../../../src/graph/type-source.ts';

/** What can stand in the place of a callee. */
const CALLABLE: ReadonlySet<NodeKind> = new Set<NodeKind>([
  'function',
  'method',
  'constructor',
  'accessor',
  'class',
  'component',
  'variable',
  'property',
]);
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

interface Question {
  readonly fileName: string;
  readonly position: number;
  /** For a name that the service takes for another thing, as `x` in `const { x } = require('…')`. */
  readonly isOtherName: boolean;
}

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
      if (!CALLABLE.has(kindOf(this.#columns, row)) || this.#program.getSourceFile(fileName) === undefined) continue;
      for (const place of this.#callsOf(row, fileName)) yield `${place} -> ${this.#canonical(row, fileName)}`;
    }
  }

  *#callsOf(row: number, fileName: string): Iterable<string> {
    const asked: Question[] = [{ fileName, position: this.#askAt(row, fileName), isOtherName: false }];
    // The list grows while it is walked.
    for (const question of asked) {
      for (const { reference, isOwn } of this.#referencesTo(row, question)) {
        const file = this.#program.getSourceFile(reference.fileName);
        const token = file === undefined ? undefined : tokenAt(file, reference.textSpan.start);
        if (file === undefined || token === undefined) continue;
        const other = isOwn ? this.#otherNameAt(token) : undefined;
        const next = { fileName: file.fileName, position: other?.getStart(file) ?? -1, isOtherName: true };
        const isNew = !asked.some((each) => each.fileName === next.fileName && each.position === next.position);
        if (next.position >= 0 && isNew) asked.push(next);
        if (!this.#owned.has(file.fileName) || !isCalled(token)) continue;
        const isMeant = question.isOtherName ? isOwn : this.#definitionsAt(reference, token).has(row);
        if (!isMeant) continue;
        const { line, character } = file.getLineAndCharacterOfPosition(token.getStart(file));
        yield `${file.fileName.slice(this.#root.length + 1)}:${line + 1}:${character + 1}`;
      }
    }
  }

  /** References come in groups, one a related declaration: `isOwn` are those of the one that was asked about. */
  *#referencesTo(row: number, question: Question): Iterable<{ reference: Definition; isOwn: boolean }> {
    for (const { definition, references } of this.#service.findReferences(question.fileName, question.position) ?? []) {
      const { textSpan, fileName } = definition;
      const isHere = fileName === question.fileName && textSpan.start === question.position;
      const isOwn = question.isOtherName ? isHere : this.#rowDeclaredAt(definition) === row;
      for (const reference of references) yield { reference, isOwn };
    }
  }

  /** The service ends its search at names that destructuring and CommonJS exports give to what a module exports. */
  #otherNameAt(token: ts.Node): ts.Node | undefined {
    const { parent } = token;
    if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
      const { symbol } = this.#program.getTypeChecker().getTypeAtLocation(parent.parent);
      const isModule =
        parent.parent.parent.getText().includes('} = require(') ||
        (symbol !== undefined && (symbol.flags & ts.SymbolFlags.ValueModule) !== 0);
      return isModule && parent.dotDotDotToken === undefined ? parent.name : undefined;
    }
    if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left)) {
      return /^(?:module\.)?exports\.\w+ = /.test(parent.getText()) ? parent.left.name : undefined;
    }
    const isListed =
      ts.isObjectLiteralElement(parent) && parent.parent.parent.getText().startsWith('module.exports = ');
    if (!isListed || (ts.isPropertyAssignment(parent) && parent.initializer !== token)) return undefined;
    return parent.name;
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
    // `module.exports = class Model {}`
    const assigned = /^module\.exports = (?:class|function) (?=\w)/.exec(file.text.slice(named));
    if (assigned !== null) return named + assigned[0].length;
    const at = file.text.indexOf(word, named);
    return at >= 0 && at < (nodes.end[row] ?? 0) ? at : named;
  }

  /** Rows that "go to definition" leads to; for a member of a union it shows one of several. */
  #definitionsAt({ fileName, textSpan }: Definition, token: ts.Node): Set<number> {
    const checker = this.#program.getTypeChecker();
    const symbol = checker.getSymbolAtLocation(token);
    const roots = symbol === undefined ? [] : checker.getRootSymbols(symbol);
    const ofUnion = roots.length > 1 ? roots.flatMap((root) => root.declarations ?? []) : [];
    const definitions = [
      ...(this.#service.getDefinitionAtPosition(fileName, textSpan.start) ?? []),
      ...ofUnion.map((declaration) => nameSpanOf(declaration)).filter((span) => span !== undefined),
    ];
    return new Set(definitions.map((each) => this.#rowDeclaredAt(each)).filter((row) => row !== undefined));
  }

  /** Any overload or accessor of a pair leads to the one node of them all. */
  #rowDeclaredAt({ fileName, textSpan }: Definition): number | undefined {
    const { nodes, files } = this.#columns;
    const file = this.#program.getSourceFile(fileName);
    if (file === undefined || !fileName.startsWith(this.#root)) return undefined;
    const path = fileName.slice(this.#root.length + 1);
    const text = file.text.slice(textSpan.start, textSpan.start + textSpan.length).replaceAll(/['"`]/g, '');
    const index = files.findIndex((each) => each.path === path);
    let best: number | undefined;
    for (const row of this.#rowsIn(index)) {
      const start = nodes.start[row] ?? 0;
      if (![text, 'constructor', 'default'].includes(nodes.name[row] ?? '')) continue;
      if (start > textSpan.start || (nodes.end[row] ?? 0) < textSpan.start + textSpan.length) continue;
      if (best === undefined || start >= (nodes.start[best] ?? 0)) best = row;
    }
    return best;
  }

  *#rowsIn(file: number): Iterable<number> {
    const { nodes } = this.#columns;
    for (let row = 0; row < nodes.count; row += 1) {
      if (nodes.file[row] === file && kindOf(this.#columns, row) !== 'file') yield row;
    }
  }

  /** Of the declarations that are merged into one symbol, the one that stands for all. */
  #canonical(row: number, fileName: string): number {
    const symbol = this.#symbolOf(this.#askAt(row, fileName), fileName);
    const spans = (symbol?.declarations ?? []).map((declaration) => nameSpanOf(declaration));
    const rows = spans.map((span) => (span === undefined ? undefined : this.#rowDeclaredAt(span)));
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

function kindOf(columns: GraphColumns, row: number): NodeKind {
  return NODE_KINDS[columns.nodes.kind[row] ?? 0] ?? 'file';
}

function nameSpanOf(declaration: ts.Declaration): Definition | undefined {
  const name = ts.getNameOfDeclaration(declaration);
  const file = declaration.getSourceFile();
  if (name === undefined) return undefined;
  return { fileName: file.fileName, textSpan: { start: name.getStart(file), length: name.getWidth(file) } };
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
function isCalled(token: ts.Node): boolean {
  let node = token;
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
