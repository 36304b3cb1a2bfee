import { isRequireBinding } from '../flat/flat-common-js.ts';
import { KIND } from '../flat/flat-kinds.ts';
import { KINDS } from '../flat/flat-rows.ts';
import { INITIALIZER_SLOT, NAME_SLOT, SLOT } from '../flat/flat-slots.ts';
import type { FlatTree } from '../flat/flat-tree.ts';

/** What a name can mean; a declaration can mean several things at once. */
export const MEANING = { value: 1, type: 2, namespace: 4, any: 7 } as const;

/** A name that a file gives to something: a declaration of its own, or what an import leads to. */
export interface Binding {
  /** The row that declares it. */
  readonly node: number;
  readonly meaning: number;
  /** The import that it stands for: a module, and the name there (`*` for all of it). */
  readonly link?: { readonly specifier: string; readonly name: string };
}

export type Scope = ReadonlyMap<string, readonly Binding[]>;

const { value: VALUE, type: TYPE, namespace: NAMESPACE, any: ANY } = MEANING;

const FUNCTION_SCOPE = 2;
/** 1 where names inside are not those outside; 2 where a `var` inside belongs to. */
const SCOPED = new Uint8Array(KINDS);
for (const kind of [
  KIND.FunctionDeclaration,
  KIND.FunctionExpression,
  KIND.ArrowFunction,
  KIND.MethodDeclaration,
  KIND.Constructor,
  KIND.GetAccessor,
  KIND.SetAccessor,
  KIND.ClassStaticBlockDeclaration,
  KIND.ModuleDeclaration,
]) {
  SCOPED[kind] = FUNCTION_SCOPE;
}
for (const kind of [
  KIND.MethodSignature,
  KIND.CallSignature,
  KIND.ConstructSignature,
  KIND.IndexSignature,
  KIND.FunctionType,
  KIND.ConstructorType,
  KIND.ClassDeclaration,
  KIND.ClassExpression,
  KIND.InterfaceDeclaration,
  KIND.TypeAliasDeclaration,
  KIND.EnumDeclaration,
  KIND.MappedType,
  KIND.ConditionalType,
  KIND.Block,
  KIND.ForStatement,
  KIND.ForInStatement,
  KIND.ForOfStatement,
  KIND.SwitchStatement,
  KIND.CatchClause,
]) {
  SCOPED[kind] = 1;
}

/** Declarations whose name belongs to the scope around them. */
const OUTER_MEANINGS = new Uint8Array(KINDS);
for (const [kind, meaning] of [
  [KIND.FunctionDeclaration, VALUE],
  [KIND.ClassDeclaration, VALUE | TYPE],
  [KIND.InterfaceDeclaration, TYPE],
  [KIND.TypeAliasDeclaration, TYPE],
  [KIND.EnumDeclaration, VALUE | TYPE | NAMESPACE],
  [KIND.ModuleDeclaration, VALUE | NAMESPACE],
  [KIND.TypeParameter, TYPE],
  [KIND.EnumMember, VALUE],
  [KIND.ImportSpecifier, ANY],
  [KIND.NamespaceImport, ANY],
  [KIND.ImportClause, ANY],
  [KIND.ImportEqualsDeclaration, ANY],
] as const) {
  OUTER_MEANINGS[kind] = meaning;
}

const BLOCK_SCOPED_FLAGS = 7;
const NO_SCOPE = -1;

/** Which names a file gives where, by the rules of the language. */
export class NameScopes {
  readonly #tree: FlatTree;
  readonly #names: Map<string, Binding[]>[] = [new Map<string, Binding[]>()];
  readonly #parents: number[] = [NO_SCOPE];
  readonly #isForVar: boolean[] = [true];
  /** Scope of what is inside each row. */
  readonly #inner: Int32Array;
  /** Declarations of one namespace share their names. */
  readonly #namespaces = new Map<string, number>();

  constructor(tree: FlatTree) {
    this.#tree = tree;
    this.#inner = new Int32Array(tree.count);
    for (let node = 2; node < tree.count; node += 1) this.#enter(node);
  }

  /** Names of the file itself. */
  get top(): Scope {
    return this.#names[0] ?? new Map();
  }

  /** The declarations that a name at a place leads to; undefined when the file gives no such name there. */
  find(name: string, place: number, meaning: number): readonly Binding[] | undefined {
    let scope = this.#inner[this.#tree.parent(place)] ?? 0;
    while (scope !== NO_SCOPE) {
      const bindings = this.#names[scope]?.get(name);
      if (bindings?.some((each) => (each.meaning & meaning) !== 0) === true) return bindings;
      scope = this.#parents[scope] ?? NO_SCOPE;
    }
    return undefined;
  }

  /** Whether bindings are those of the file itself, as opposed to those inside of something. */
  isTop(bindings: readonly Binding[]): boolean {
    const [first] = bindings;
    return first !== undefined && this.#outerOf(first.node) === 0;
  }

  #outerOf(node: number): number {
    return this.#inner[this.#tree.parent(node)] ?? 0;
  }

  #enter(node: number): void {
    const tree = this.#tree;
    const kind = tree.kind(node);
    const outer = this.#outerOf(node);
    const scoped = SCOPED[kind] ?? 0;
    const meaning = OUTER_MEANINGS[kind] ?? 0;
    if (meaning !== 0) this.#declare(outer, this.#nameOf(node, kind), { node, meaning, ...this.#linkOf(node, kind) });
    else if (kind === KIND.VariableDeclaration || kind === KIND.BindingElement || kind === KIND.Parameter) {
      this.#declareVariable(node, kind, outer);
    }
    this.#inner[node] = scoped === 0 ? outer : this.#scopeOf(node, kind, outer);
    if (kind === KIND.FunctionExpression || kind === KIND.ClassExpression) {
      this.#declare(this.#inner[node] ?? 0, this.#nameOf(node, kind), { node, meaning: VALUE | TYPE });
    }
  }

  #scopeOf(node: number, kind: number, outer: number): number {
    const name = kind === KIND.ModuleDeclaration ? this.#nameOf(node, kind) : '';
    const key = `${outer} ${name}`;
    const known = name === '' ? undefined : this.#namespaces.get(key);
    if (known !== undefined) return known;
    const scope = this.#names.length;
    this.#names.push(new Map());
    this.#parents.push(outer);
    this.#isForVar.push(SCOPED[kind] === FUNCTION_SCOPE);
    if (name !== '') this.#namespaces.set(key, scope);
    return scope;
  }

  #declare(scope: number, name: string, binding: Binding): void {
    if (name === '') return;
    const names = this.#names[scope];
    const known = names?.get(name);
    if (known === undefined) names?.set(name, [binding]);
    else known.push(binding);
  }

  #declareVariable(node: number, kind: number, outer: number): void {
    const tree = this.#tree;
    const name = this.#nameOf(node, kind);
    if (name === '') return;
    const list = this.#listOf(node);
    const isVar = list !== 0 && (tree.flags(list) & BLOCK_SCOPED_FLAGS) === 0;
    this.#declare(isVar ? this.#varScope(outer) : outer, name, {
      node,
      meaning: VALUE,
      ...this.#requireLink(node, kind),
    });
  }

  /** The list of variables that a name stands in, be it in a pattern; 0 for a parameter or what is caught. */
  #listOf(node: number): number {
    const tree = this.#tree;
    let current = node;
    while (tree.kind(current) === KIND.BindingElement) current = tree.parent(tree.parent(current));
    if (tree.kind(current) !== KIND.VariableDeclaration) return 0;
    const parent = tree.parent(current);
    return tree.kind(parent) === KIND.VariableDeclarationList ? parent : 0;
  }

  #varScope(scope: number): number {
    let current = scope;
    while (current > 0 && this.#isForVar[current] !== true) current = this.#parents[current] ?? 0;
    return current;
  }

  /** The plain name of a declaration; empty when it has none. */
  #nameOf(node: number, kind: number): string {
    const name = this.#tree.child(node, NAME_SLOT[kind] ?? -1);
    return this.#tree.kind(name) === KIND.Identifier ? this.#tree.value(name) : '';
  }

  #linkOf(node: number, kind: number): Pick<Binding, 'link'> {
    const tree = this.#tree;
    switch (kind) {
      case KIND.ImportSpecifier: {
        const declaration = tree.parent(tree.parent(tree.parent(node)));
        const taken = tree.child(node, SLOT.propertyName);
        const name = taken === 0 ? this.#nameOf(node, kind) : tree.value(taken);
        return linkTo(tree, tree.child(declaration, SLOT.specifier), name);
      }
      case KIND.ImportClause:
        return linkTo(tree, tree.child(tree.parent(node), SLOT.specifier), 'default');
      case KIND.NamespaceImport:
        return linkTo(tree, tree.child(tree.parent(tree.parent(node)), SLOT.specifier), '*');
      case KIND.ImportEqualsDeclaration: {
        const reference = tree.child(node, SLOT.specifier);
        if (tree.kind(reference) !== KIND.ExternalModuleReference) return {};
        return linkTo(tree, tree.child(reference, SLOT.expression), '*');
      }
      default:
        return {};
    }
  }

  /** `const x = require('…')` and `const { x } = require('…')` of a script. */
  #requireLink(node: number, kind: number): Pick<Binding, 'link'> {
    const tree = this.#tree;
    if (!tree.isScript || kind === KIND.Parameter || !isRequireBinding(tree, node)) return {};
    const isElement = kind === KIND.BindingElement;
    const variable = isElement ? tree.parent(tree.parent(node)) : node;
    const call = tree.child(variable, INITIALIZER_SLOT[KIND.VariableDeclaration] ?? -1);
    const taken = isElement ? tree.child(node, SLOT.boundProperty) : 0;
    const name = taken === 0 ? this.#nameOf(node, kind) : tree.value(taken);
    return linkTo(tree, tree.first(tree.child(call, SLOT.callArguments)), isElement ? name : '*');
  }
}

function linkTo(tree: FlatTree, specifier: number, name: string): Pick<Binding, 'link'> {
  return specifier === 0 ? {} : { link: { specifier: tree.value(specifier), name } };
}
