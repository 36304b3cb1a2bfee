import { KIND } from '../flat/flat-kinds.ts';
import { isConstructed, moduleSpecifierRole } from '../flat/flat-role.ts';
import { INITIALIZER_SLOT, NAME_SLOT, SLOT, TYPE_SLOT } from '../flat/flat-slots.ts';
import type { FlatTree } from '../flat/flat-tree.ts';
import { isImplements, isPartOfType } from '../flat/flat-type-position.ts';
import { MEANING } from './name-scopes.ts';
import type { NameScopes } from './name-scopes.ts';
import type { NamedUse, NameRef, Use } from './name-refs.ts';
import type { ValueRefs } from './value-refs.ts';

type Rule = 'imported' | 'exported' | 'any' | 'accessed' | 'qualified' | 'type' | 'bound' | 'variable' | 'tag' | 'key';

/** By the kind of what a name stands in; anywhere else it is looked up as it is. */
const RULES: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [KIND.ImportSpecifier, 'imported'],
  [KIND.ImportClause, 'imported'],
  [KIND.NamespaceImport, 'imported'],
  [KIND.ImportEqualsDeclaration, 'imported'],
  [KIND.ExportSpecifier, 'exported'],
  [KIND.ExportAssignment, 'any'],
  [KIND.PropertyAccessExpression, 'accessed'],
  [KIND.QualifiedName, 'qualified'],
  [KIND.ImportType, 'type'],
  [KIND.BindingElement, 'bound'],
  [KIND.VariableDeclaration, 'variable'],
  [KIND.JsxOpeningElement, 'tag'],
  [KIND.JsxSelfClosingElement, 'tag'],
  [KIND.JsxAttribute, 'key'],
  [KIND.PropertyAssignment, 'key'],
  [KIND.MethodDeclaration, 'key'],
  [KIND.GetAccessor, 'key'],
  [KIND.SetAccessor, 'key'],
]);

/** Reads what each use of a name in one file leads to. */
export class UseRefs {
  readonly #tree: FlatTree;
  readonly #scopes: NameScopes;
  readonly #values: ValueRefs;

  constructor(tree: FlatTree, scopes: NameScopes, values: ValueRefs) {
    this.#tree = tree;
    this.#scopes = scopes;
    this.#values = values;
  }

  of(node: number): NamedUse {
    const tree = this.#tree;
    const kind = tree.kind(node);
    if (kind === KIND.SuperKeyword || kind === KIND.ThisKeyword) {
      return { use: this.#classOf(node, kind), text: '', meaning: MEANING.value, calls: constructorOf(kind) };
    }
    const meaning = isPartOfType(tree, node) ? MEANING.type : MEANING.value;
    const calls = isConstructed(tree, node) ? 'constructor' : 'nothing';
    return { use: this.#read(node, kind), text: tree.value(node), meaning, calls };
  }

  /** `super(…)` and `new this()`. */
  #classOf(node: number, kind: number): Use {
    const around = this.#values.thisClass(node);
    const own = around === undefined ? undefined : this.#values.types.declared(around.holder);
    if (own === undefined || (kind === KIND.ThisKeyword && around?.isStatic !== true)) return 'unknown';
    return (kind === KIND.SuperKeyword ? this.#values.types.base(own) : own) ?? 'unknown';
  }

  #read(node: number, kind: number): Use {
    if (kind === KIND.StringLiteral || kind === KIND.NoSubstitutionTemplateLiteral) return this.#text(node);
    const parent = this.#tree.parent(node);
    const rule = RULES.get(this.#tree.kind(parent));
    if (rule !== undefined) return this.#byRule(rule, node, parent);
    return kind === KIND.PrivateIdentifier ? (this.#values.privateMember(node) ?? 'unknown') : this.#plain(node);
  }

  #byRule(rule: Rule, node: number, parent: number): Use {
    switch (rule) {
      case 'imported':
        return this.#imported(parent);
      case 'exported':
        return this.#exported(node, parent);
      case 'any':
        return this.#named(node, MEANING.any);
      case 'accessed':
        return this.#inAccess(node, parent);
      case 'qualified':
        return this.#qualified(node, parent);
      case 'type':
        return this.#values.types.of(parent) ?? 'unknown';
      case 'bound':
        return this.#bound(node, parent);
      case 'variable':
        return this.#variable(node, parent);
      case 'tag':
        // A tag that begins with a small letter is a name of the page's language, not of the file.
        return /^[a-z]/.test(this.#tree.value(node)) ? 'unknown' : this.#plain(node);
      case 'key':
        return this.#isNameOf(node, parent) ? 'unknown' : this.#plain(node);
    }
  }

  #isNameOf(node: number, parent: number): boolean {
    return this.#tree.child(parent, NAME_SLOT[this.#tree.kind(parent)] ?? -1) === node;
  }

  #inAccess(node: number, access: number): Use {
    if (this.#tree.child(access, SLOT.accessName) === node) return this.#accessed(access);
    return this.#named(node, this.#accessMeaning(access));
  }

  /** A string that names a module, a member or a key. */
  #text(node: number): Use {
    const tree = this.#tree;
    if (moduleSpecifierRole(tree, node) !== undefined) return this.#values.types.link(tree.value(node), '*');
    const parent = tree.parent(node);
    if (tree.kind(parent) === KIND.ElementAccessExpression) return this.#accessed(parent);
    const access = tree.parent(parent);
    if (tree.kind(access) !== KIND.IndexedAccessType) return 'unknown';
    const of = this.#values.types.instanceOf(tree.child(access, 0));
    return of === undefined ? 'unknown' : this.#values.types.member(of, tree.value(node));
  }

  #accessed(access: number): Use {
    const tree = this.#tree;
    // A base type is written as an access, be it one of an interface.
    if (tree.kind(access) === KIND.PropertyAccessExpression && this.#accessMeaning(access) === MEANING.namespace) {
      const left = this.#values.types.named(tree.child(access, SLOT.expression), MEANING.namespace);
      return left === undefined
        ? 'unknown'
        : this.#values.types.member(left, tree.value(tree.child(access, SLOT.accessName)));
    }
    return this.#values.accessed(access) ?? 'unknown';
  }

  /** What the left of `a.b` means: a namespace where `b` is a type. */
  #accessMeaning(access: number): number {
    const parent = this.#tree.parent(access);
    if (this.#tree.kind(parent) !== KIND.ExpressionWithTypeArguments) return MEANING.value;
    return this.#isTypeOnly(parent) ? MEANING.namespace : MEANING.value;
  }

  #isTypeOnly(base: number): boolean {
    const tree = this.#tree;
    const clause = tree.parent(base);
    if (tree.kind(clause) !== KIND.HeritageClause) return false;
    return isImplements(tree, clause) || tree.kind(tree.parent(clause)) === KIND.InterfaceDeclaration;
  }

  #imported(declaration: number): Use {
    const tree = this.#tree;
    const kind = tree.kind(declaration);
    const name = tree.child(declaration, NAME_SLOT[kind] ?? -1);
    const reference = kind === KIND.ImportEqualsDeclaration ? tree.child(declaration, SLOT.specifier) : 0;
    if (reference !== 0 && tree.kind(reference) !== KIND.ExternalModuleReference) {
      return this.#values.types.named(reference, MEANING.any) ?? 'unknown';
    }
    return this.#named(name, MEANING.any);
  }

  #exported(node: number, specifier: number): Use {
    const tree = this.#tree;
    const source = tree.child(tree.parent(tree.parent(specifier)), SLOT.specifier);
    if (source === 0) return this.#named(node, MEANING.any);
    return this.#values.types.link(tree.value(source), tree.value(node));
  }

  #qualified(node: number, parent: number): Use {
    const tree = this.#tree;
    let outer = parent;
    while (tree.kind(tree.parent(outer)) === KIND.QualifiedName) outer = tree.parent(outer);
    const around = tree.parent(outer);
    const meaning = tree.kind(around) === KIND.TypeQuery ? MEANING.value : MEANING.namespace;
    if (tree.kind(around) === KIND.ImportType) return 'unknown';
    if (tree.child(parent, SLOT.qualifiedRight) !== node) return this.#named(node, meaning);
    const left = tree.child(parent, 0);
    const of = meaning === MEANING.value ? this.#queried(left) : this.#values.types.named(left, meaning);
    return of === undefined ? 'unknown' : this.#values.types.member(of, tree.value(node));
  }

  /** `a.b` in `typeof a.b.c`: values, though written as names of types. */
  #queried(name: number): NameRef | undefined {
    const tree = this.#tree;
    if (tree.kind(name) !== KIND.QualifiedName) return this.#values.of(name);
    const of = this.#queried(tree.child(name, 0));
    return of === undefined
      ? undefined
      : this.#values.types.member(of, tree.value(tree.child(name, SLOT.qualifiedRight)));
  }

  /** The property that `{ a: b }` or `{ a }` takes out of a value. */
  #bound(node: number, element: number): Use {
    const tree = this.#tree;
    if (tree.child(element, INITIALIZER_SLOT[KIND.BindingElement] ?? -1) === node) return this.#plain(node);
    const [binding] = this.#scopes.find(this.#nameOf(element), element, MEANING.value) ?? [];
    if (binding?.link !== undefined) return this.#values.types.link(binding.link.specifier, binding.link.name);
    const holder = tree.parent(tree.parent(element));
    const of = this.#heldBy(holder);
    return of === undefined ? 'unknown' : this.#values.types.member(of, tree.value(node));
  }

  /** The value that a pattern takes apart. */
  #heldBy(holder: number): NameRef | undefined {
    const tree = this.#tree;
    const kind = tree.kind(holder);
    if (kind !== KIND.VariableDeclaration && kind !== KIND.Parameter) return undefined;
    const type = tree.child(holder, TYPE_SLOT[kind] ?? -1);
    if (type !== 0) return this.#values.types.instanceOf(type);
    const value = tree.child(holder, INITIALIZER_SLOT[kind] ?? -1);
    return kind === KIND.Parameter || value === 0 ? undefined : this.#values.of(value);
  }

  #nameOf(element: number): string {
    const name = this.#tree.child(element, NAME_SLOT[KIND.BindingElement] ?? -1);
    return this.#tree.kind(name) === KIND.Identifier ? this.#tree.value(name) : '';
  }

  #variable(node: number, declaration: number): Use {
    return this.#isNameOf(node, declaration) ? this.#named(node, MEANING.any) : this.#plain(node);
  }

  #plain(node: number): Use {
    const tree = this.#tree;
    const parent = tree.parent(node);
    if (tree.kind(parent) === KIND.TypeQuery) return this.#named(node, MEANING.value);
    return this.#named(node, isPartOfType(tree, node) ? MEANING.type : MEANING.value);
  }

  #named(node: number, meaning: number): Use {
    const bindings = this.#scopes.find(this.#tree.value(node), node, meaning);
    if (bindings === undefined) return 'unknown';
    return this.#values.types.bound(bindings) ?? 'local';
  }
}

function constructorOf(kind: number): NamedUse['calls'] {
  return kind === KIND.SuperKeyword ? 'own constructor' : 'constructor';
}
