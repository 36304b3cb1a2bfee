import type { ExportPatterns } from './export-patterns.ts';
import { KIND } from './flat-kinds.ts';
import type { Link } from '../fact-forms.ts';
import { linkOf } from './flat-links.ts';
import { isParameterProperty } from './flat-modifiers.ts';
import { BODY_SLOT, NAME_SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { meaningOf } from './name-meaning.ts';
import type { Meaning } from './name-meaning.ts';

interface Scope {
  readonly from: number;
  readonly to: number;
}

/** Of the parameters of a type, or of a signature. */
const NOWHERE: Scope = { from: 0, to: 0 };

const LOOPS: ReadonlySet<number> = new Set([KIND.ForOfStatement, KIND.ForInStatement, KIND.ForStatement]);

/** Names that bind nothing where they stand: of members, of labels, and what an import or an export is called elsewhere. */
const BINDS_NOTHING: ReadonlySet<number> = new Set([
  KIND.PropertyDeclaration,
  KIND.PropertySignature,
  KIND.PropertyAssignment,
  KIND.MethodDeclaration,
  KIND.MethodSignature,
  KIND.GetAccessor,
  KIND.SetAccessor,
  KIND.ImportSpecifier,
  KIND.ExportSpecifier,
  KIND.NamespaceExport,
  KIND.LabeledStatement,
  KIND.BreakStatement,
  KIND.ContinueStatement,
  KIND.MetaProperty,
  KIND.NamedTupleMember,
  KIND.TypePredicate,
]);

/** What binds a name that is a use, too: of the property that it takes, or of the module. */
const BINDS_BESIDES: ReadonlySet<number> = new Set([KIND.BindingElement, KIND.VariableDeclaration]);

const DECLARATIONS: ReadonlySet<number> = new Set([
  KIND.FunctionDeclaration,
  KIND.ClassDeclaration,
  KIND.InterfaceDeclaration,
  KIND.TypeAliasDeclaration,
  KIND.EnumDeclaration,
]);

interface NameUse {
  readonly row: number;
  readonly name: string;
  readonly at: number;
  readonly meaning: Meaning;
}

/**
 * Uses that the compiler need not be asked about: those of local variables and parameters lead to no node, and those of a
 * name that is bound nowhere but at the top of the file mean what its first use means. Only what is sure counts; any other
 * use is left to the compiler.
 */
export class FlatScopes {
  readonly #tree: FlatTree;
  readonly #exportPatterns: ExportPatterns;
  readonly #scopes = new Map<string, Scope[]>();
  /** Names that are bound somewhere below the top of the file. */
  readonly #inner = new Set<string>();
  /** Names that are bound somewhere by anything but a plain variable or parameter. */
  readonly #others = new Set<string>();
  /** Names that declarations bind at the top of the file. */
  readonly #top = new Set<string>();
  readonly #imports: { readonly row: number; readonly name: string; readonly link: Link }[] = [];
  readonly #uses: NameUse[] = [];
  #hasEnums = false;

  constructor(tree: FlatTree, exportPatterns: ExportPatterns) {
    this.#tree = tree;
    this.#exportPatterns = exportPatterns;
  }

  /** An identifier that is no use. */
  addName(name: number): void {
    const kind = this.#tree.kind(this.#tree.parent(name));
    if (BINDS_NOTHING.has(kind)) return;
    if (kind === KIND.EnumDeclaration) this.#hasEnums = true;
    this.#bind(name);
  }

  #bind(name: number): void {
    const tree = this.#tree;
    const text = tree.value(name);
    (isAtTop(tree, tree.parent(name)) ? this.#top : this.#inner).add(text);
    const scope = this.#scopeOf(name);
    if (scope === undefined) {
      this.#others.add(text);
      return;
    }
    const known = this.#scopes.get(text);
    if (known === undefined) this.#scopes.set(text, [scope]);
    else known.push(scope);
  }

  addUse(row: number, use: number): void {
    const tree = this.#tree;
    const parent = tree.parent(use);
    const kind = tree.kind(parent);
    if (kind === KIND.ImportSpecifier) this.#addImport(row, use, parent);
    const meaning = meaningOf(tree, use, parent);
    if (meaning !== undefined) {
      if (this.#hasEnums && isInEnum(tree, use)) this.#inner.add(tree.value(use));
      this.#uses.push({ row, name: tree.value(use), at: tree.end(use), meaning });
    } else if (tree.child(parent, NAME_SLOT[kind] ?? -1) === use && BINDS_BESIDES.has(kind)) {
      this.#bind(use);
    }
  }

  #addImport(row: number, use: number, specifier: number): void {
    const found = linkOf(this.#tree, use);
    const name = this.#tree.value(this.#tree.child(specifier, NAME_SLOT[KIND.ImportSpecifier] ?? -1));
    if (found !== undefined) this.#imports.push({ row, name, link: found.link });
  }

  /** By rows of uses, the export that names stand for which an import binds, and nothing else in the file. */
  importedRows(): ReadonlyMap<number, Link> {
    const imports = this.#imports.filter(({ name }) => !this.#top.has(name));
    const rows = new Map(imports.map(({ row, link }) => [row, link]));
    if (imports.length === 0 || hasNamespaces(this.#tree)) return rows;
    const links = new Map(imports.map(({ name, link }) => [name, link]));
    for (const { row, name } of this.#uses) {
      const link = this.#inner.has(name) ? undefined : links.get(name);
      if (link !== undefined) rows.set(row, link);
    }
    return rows;
  }

  /** Rows of the uses that lead to no node. `isOther` says whether a name is that of a node which names can lead to. */
  localRows(isOther: (name: string) => boolean): readonly number[] {
    const isBound = (name: string): boolean => this.#others.has(name) || isOther(name);
    const isLocal = ({ name, at, meaning }: NameUse): boolean => {
      const scopes = meaning === 'type' ? undefined : this.#scopes.get(name);
      return scopes !== undefined && scopes.some(({ from, to }) => from < at && at <= to) && !isBound(name);
    };
    return this.#uses.filter(isLocal).map(({ row }) => row);
  }

  /**
   * By rows of uses, the row of the first that means the same, each meaning apart, as a name can have several. Namespaces
   * are left to the compiler: their names can come from other files.
   */
  sharedRows(): ReadonlyMap<number, number> {
    const shared = new Map<number, number>();
    if (hasNamespaces(this.#tree)) return shared;
    const firsts = {
      value: new Map<string, number>(),
      type: new Map<string, number>(),
      namespace: new Map<string, number>(),
    };
    const shorthands: NameUse[] = [];
    for (const use of this.#uses) {
      const { row, name, meaning } = use;
      if (this.#inner.has(name)) continue;
      if (meaning === 'shorthand') {
        shorthands.push(use);
        continue;
      }
      const known = firsts[meaning];
      const first = known.get(name);
      if (first === undefined) known.set(name, row);
      else shared.set(row, first);
    }
    // What is asked where one stands is the property.
    for (const { row, name } of shorthands) {
      const first = firsts.value.get(name);
      if (first !== undefined) shared.set(row, first);
    }
    return shared;
  }

  /** Of `{ x } = await import('…')` the name is no variable of its own. */
  #standsForExport(name: number): boolean {
    const tree = this.#tree;
    const element = tree.parent(name);
    return tree.kind(element) === KIND.BindingElement && this.#exportPatterns.mayTake(tree.parent(element));
  }

  #scopeOf(name: number): Scope | undefined {
    const tree = this.#tree;
    const declaration = declarationOf(tree, name);
    if (this.#standsForExport(name)) return undefined;
    const parent = tree.parent(declaration);
    switch (tree.kind(declaration)) {
      case KIND.Parameter: {
        if (isParameterProperty(tree, declaration)) return undefined;
        // What decorates parameters and gives them values is outside.
        const body = tree.child(parent, BODY_SLOT[tree.kind(parent)] ?? -1);
        return body === 0 ? NOWHERE : { from: tree.pos(body), to: tree.end(body) };
      }
      case KIND.VariableDeclaration: {
        if (tree.kind(parent) === KIND.CatchClause) return { from: tree.end(declaration), to: tree.end(parent) };
        const around = tree.parent(tree.kind(parent) === KIND.VariableDeclarationList ? parent : declaration);
        if (LOOPS.has(tree.kind(around))) return { from: tree.end(parent), to: tree.end(around) };
        const block = tree.parent(around);
        const isBlock = tree.kind(around) === KIND.VariableStatement && tree.kind(block) === KIND.Block;
        return isBlock ? { from: tree.pos(block), to: tree.end(block) } : undefined;
      }
      default:
        return undefined;
    }
  }
}

/** The parameter or variable that a name is bound by, be it in a pattern; 0 for any other name. */
function declarationOf(tree: FlatTree, name: number): number {
  let current = name;
  for (;;) {
    const parent = tree.parent(current);
    const kind = tree.kind(parent);
    if (kind === KIND.ObjectBindingPattern || kind === KIND.ArrayBindingPattern) {
      current = parent;
      continue;
    }
    if (tree.child(parent, NAME_SLOT[kind] ?? -1) !== current) return 0;
    if (kind === KIND.Parameter || kind === KIND.VariableDeclaration) return parent;
    if (kind !== KIND.BindingElement) return 0;
    current = parent;
  }
}

/** Whether a declaration binds its name for the whole file. */
function isAtTop(tree: FlatTree, declaration: number): boolean {
  const kind = tree.kind(declaration);
  const parent = tree.parent(declaration);
  if (DECLARATIONS.has(kind)) return tree.kind(parent) === KIND.SourceFile;
  if (kind !== KIND.VariableDeclaration || tree.kind(parent) !== KIND.VariableDeclarationList) return false;
  const statement = tree.parent(parent);
  return tree.kind(statement) === KIND.VariableStatement && tree.kind(tree.parent(statement)) === KIND.SourceFile;
}

/** There the members of an enumeration are names of their own, wherever else it is declared. */
function isInEnum(tree: FlatTree, use: number): boolean {
  let node = use;
  while (node > 1 && tree.kind(node) !== KIND.EnumDeclaration) node = tree.parent(node);
  return node > 1;
}

function hasNamespaces(tree: FlatTree): boolean {
  for (let node = 1; node < tree.count; node += 1) if (tree.kind(node) === KIND.ModuleDeclaration) return true;
  return false;
}
