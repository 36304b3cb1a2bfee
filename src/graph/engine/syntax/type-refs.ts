import { KIND } from '../flat/flat-kinds.ts';
import { SLOT, TYPE_SLOT } from '../flat/flat-slots.ts';
import type { FlatTree } from '../flat/flat-tree.ts';
import { MEANING } from './name-scopes.ts';
import type { Binding, NameScopes } from './name-scopes.ts';
import type { NameRef, OwnPlace } from './name-refs.ts';

const IMPORT_QUALIFIER = 2;
const REFERENCE_NAME = 0;

/** Makes references, each way once, and reads those that written types name. */
export class TypeRefs {
  readonly #tree: FlatTree;
  readonly #scopes: NameScopes;
  /** Anchors of declarations, by row. */
  readonly #anchors: ReadonlyMap<number, number>;
  readonly #isModule: boolean;
  readonly #made = new Map<string, NameRef>();
  readonly #numbers = new Map<NameRef, number>();

  constructor(tree: FlatTree, scopes: NameScopes, own: { anchors: ReadonlyMap<number, number>; isModule: boolean }) {
    this.#tree = tree;
    this.#scopes = scopes;
    this.#anchors = own.anchors;
    this.#isModule = own.isModule;
  }

  link(specifier: string, name: string): NameRef {
    return this.#once(`link ${name} ${specifier}`, { form: 'link', specifier, name });
  }

  member(of: NameRef, name: string): NameRef {
    return this.#once(`member ${this.#numberOf(of)} ${name}`, { form: 'member', of, name });
  }

  instance(of: NameRef, meaning: number): NameRef {
    return this.#once(`instance ${this.#numberOf(of)} ${meaning}`, { form: 'instance', of, meaning });
  }

  result(of: NameRef): NameRef {
    return this.#once(`result ${this.#numberOf(of)}`, { form: 'result', of });
  }

  /** What the class that `own` names extends. */
  base(own: NameRef): NameRef | undefined {
    if (own.form !== 'own') return undefined;
    const anchor = own.places[0]?.anchor ?? -1;
    return this.#once(`base ${anchor}`, { form: 'base', anchor });
  }

  /** The node that a row declares; of a class or function expression what holds it. */
  declared(row: number): NameRef | undefined {
    const anchor = this.anchorOf(row);
    if (anchor === undefined) return undefined;
    return this.#once(`own ${anchor}`, { form: 'own', places: [{ anchor, meaning: MEANING.any }] });
  }

  anchorOf(row: number): number | undefined {
    const own = this.#anchors.get(row);
    if (own !== undefined) return own;
    const kind = this.#tree.kind(row);
    if (kind !== KIND.ClassExpression && kind !== KIND.FunctionExpression) return undefined;
    return this.#anchors.get(this.#tree.parent(row));
  }

  /** What a name of this file leads to; undefined for a local that is no node. */
  bound(bindings: readonly Binding[]): NameRef | undefined {
    const link = bindings.find((each) => each.link !== undefined)?.link;
    if (link !== undefined) return this.link(link.specifier, link.name);
    const places = bindings.flatMap(({ node, meaning }): OwnPlace[] => {
      const anchor = this.anchorOf(node);
      return anchor === undefined ? [] : [{ anchor, meaning: this.#isNamespace(node) ? MEANING.namespace : meaning }];
    });
    const [first] = places;
    if (first === undefined) return undefined;
    const key = `own ${places.map(({ anchor, meaning }) => `${anchor}/${meaning}`).join(' ')}`;
    const isGlobal = !this.#isModule && this.#scopes.isTop(bindings);
    const name = isGlobal ? { global: this.#nameAt(first.anchor) } : {};
    return this.#once(key, { form: 'own', places, ...name });
  }

  /** A value of a written type; undefined when it is not the type of one declaration. */
  instanceOf(type: number): NameRef | undefined {
    const named = this.of(type);
    return named === undefined ? undefined : this.instance(named, MEANING.type);
  }

  /** The declaration that a written type names. */
  of(type: number): NameRef | undefined {
    const tree = this.#tree;
    switch (tree.kind(type)) {
      case KIND.TypeReference:
        return this.named(tree.child(type, REFERENCE_NAME), MEANING.type);
      case KIND.ParenthesizedType:
        return this.of(tree.child(type, 0));
      case KIND.UnionType:
        return this.#onlyOf(tree.child(type, 0));
      case KIND.ImportType:
        return this.#imported(type);
      default:
        return undefined;
    }
  }

  /** What a name, or `a.b` of names, means as a type or as a namespace. */
  named(name: number, meaning: number): NameRef | undefined {
    const tree = this.#tree;
    if (tree.kind(name) === KIND.QualifiedName) {
      const left = this.named(tree.child(name, 0), MEANING.namespace);
      return left === undefined ? undefined : this.member(left, tree.value(tree.child(name, SLOT.qualifiedRight)));
    }
    if (tree.kind(name) !== KIND.Identifier) return undefined;
    const bindings = this.#scopes.find(tree.value(name), name, meaning);
    if (bindings === undefined) return undefined;
    return this.bound(bindings);
  }

  /**
   * A value of a written type where it is a variable or a parameter: there the value of a type parameter has the members
   * of what that extends. Elsewhere, as in what a function returns, something narrower may have taken its place.
   */
  localOf(type: number): NameRef | undefined {
    const tree = this.#tree;
    const name = tree.kind(type) === KIND.TypeReference ? tree.child(type, REFERENCE_NAME) : 0;
    if (tree.kind(name) !== KIND.Identifier) return this.instanceOf(type);
    const node = this.#scopes.find(tree.value(name), name, MEANING.type)?.[0]?.node ?? 0;
    if (tree.kind(node) !== KIND.TypeParameter) return this.instanceOf(type);
    const constraint = tree.child(node, TYPE_SLOT[KIND.TypeParameter] ?? -1);
    return constraint === 0 ? undefined : this.instanceOf(constraint);
  }

  /** `X` of `X | undefined`, in any order. */
  #onlyOf(types: number): NameRef | undefined {
    const tree = this.#tree;
    let only = 0;
    for (let type = tree.first(types); type !== 0; type = tree.next(type)) {
      const kind = tree.kind(type);
      if (kind === KIND.UndefinedKeyword || kind === KIND.NullKeyword) continue;
      if (only !== 0) return undefined;
      only = type;
    }
    return only === 0 ? undefined : this.of(only);
  }

  #imported(type: number): NameRef | undefined {
    const tree = this.#tree;
    const specifier = tree.first(tree.child(type, 0));
    const qualifier = tree.child(type, IMPORT_QUALIFIER);
    if (tree.kind(qualifier) !== KIND.Identifier) return undefined;
    return this.link(tree.value(specifier), tree.value(qualifier));
  }

  /** Of merged declarations a namespace is the last to make the value. */
  #isNamespace(node: number): boolean {
    return this.#tree.kind(node) === KIND.ModuleDeclaration;
  }

  #nameAt(anchor: number): string {
    return /^[\p{ID_Continue}$]+/u.exec(this.#tree.text.slice(anchor, anchor + 200))?.[0] ?? '';
  }

  #once(key: string, ref: NameRef): NameRef {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    this.#made.set(key, ref);
    return ref;
  }

  #numberOf(ref: NameRef): number {
    const known = this.#numbers.get(ref);
    if (known !== undefined) return known;
    this.#numbers.set(ref, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
