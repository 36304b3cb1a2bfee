import { isRequire } from '../flat/flat-common-js.ts';
import { KIND } from '../flat/flat-kinds.ts';
import { isStatic } from '../flat/flat-modifiers.ts';
import { INITIALIZER_SLOT, MEMBERS_SLOT, NAME_SLOT, SLOT, TYPE_SLOT } from '../flat/flat-slots.ts';
import type { FlatTree } from '../flat/flat-tree.ts';
import { MEANING } from './name-scopes.ts';
import type { Binding, NameScopes } from './name-scopes.ts';
import type { NameRef } from './name-refs.ts';
import type { TypeRefs } from './type-refs.ts';
import { narrowedNames } from './narrowed-names.ts';

/** Deeper chains of constants that stand for constants do not occur. */
const MAX_STEPS = 16;
const WRAPPED = new Set([KIND.ParenthesizedExpression, KIND.NonNullExpression, KIND.SatisfiesExpression]);

/** Where the values of expressions come from, by what their file says of names, classes and written types. */
export class ValueRefs {
  readonly types: TypeRefs;
  readonly #tree: FlatTree;
  readonly #scopes: NameScopes;
  /** Names of values whose type the code itself looks at: it may be another than the one that is written. */
  readonly #narrowed: ReadonlySet<string>;
  readonly #known = new Map<number, NameRef | undefined>();
  #steps = 0;

  constructor(tree: FlatTree, scopes: NameScopes, types: TypeRefs) {
    this.#tree = tree;
    this.#scopes = scopes;
    this.types = types;
    this.#narrowed = narrowedNames(tree);
  }

  /** What an expression's value is; undefined when syntax does not say. */
  of(node: number): NameRef | undefined {
    if (this.#known.has(node)) return this.#known.get(node);
    if (this.#steps > MAX_STEPS) return undefined;
    this.#steps += 1;
    const ref = this.#read(node);
    this.#steps -= 1;
    this.#known.set(node, ref);
    return ref;
  }

  /** A member of a value, unless the value's type may be narrower than what is written. */
  memberOf(receiver: number, name: string): NameRef | undefined {
    if (this.#narrowed.size > 0 && this.#narrowed.has(this.#lastNameOf(receiver))) return undefined;
    const of = this.of(receiver);
    return of === undefined ? undefined : this.types.member(of, name);
  }

  /** The member that a private name stands for: of the innermost class around it that has one. */
  privateMember(name: number): NameRef | undefined {
    const tree = this.#tree;
    const text = tree.value(name);
    for (let node = tree.parent(name); node > 1; node = tree.parent(node)) {
      const members = tree.child(node, MEMBERS_SLOT[tree.kind(node)] ?? -1);
      for (let member = tree.first(members); member !== 0; member = tree.next(member)) {
        const own = tree.child(member, NAME_SLOT[tree.kind(member)] ?? -1);
        if (tree.kind(own) === KIND.PrivateIdentifier && tree.value(own) === text) return this.types.declared(member);
      }
    }
    return undefined;
  }

  /** What a variable or parameter that is no node holds. */
  ofLocal({ node }: Binding): NameRef | undefined {
    const tree = this.#tree;
    const kind = tree.kind(node);
    const type = tree.child(node, kind === KIND.BindingElement ? -1 : (TYPE_SLOT[kind] ?? -1));
    if (type !== 0) return this.types.localOf(type);
    if (kind !== KIND.VariableDeclaration) return undefined;
    const value = tree.child(node, INITIALIZER_SLOT[kind] ?? -1);
    return value === 0 ? undefined : this.of(value);
  }

  /** The class that `this` and `super` belong to; undefined where they mean something else. */
  thisClass(node: number): { readonly holder: number; readonly isStatic: boolean } | undefined {
    const tree = this.#tree;
    for (let parent = tree.parent(node); parent > 1; parent = tree.parent(parent)) {
      switch (tree.kind(parent)) {
        case KIND.FunctionDeclaration:
        case KIND.FunctionExpression:
        case KIND.ModuleDeclaration:
        case KIND.ComputedPropertyName:
        case KIND.Decorator:
          return undefined;
        case KIND.MethodDeclaration:
        case KIND.GetAccessor:
        case KIND.SetAccessor:
        case KIND.Constructor:
        case KIND.PropertyDeclaration:
          return this.#classAround(parent, isStatic(tree, parent));
        case KIND.ClassStaticBlockDeclaration:
          return this.#classAround(parent, true);
        default:
      }
    }
    return undefined;
  }

  #classAround(
    member: number,
    isOfClass: boolean,
  ): { readonly holder: number; readonly isStatic: boolean } | undefined {
    const holder = this.#tree.parent(member);
    const kind = this.#tree.kind(holder);
    const isClass = kind === KIND.ClassDeclaration || kind === KIND.ClassExpression;
    return isClass ? { holder, isStatic: isOfClass } : undefined;
  }

  #read(node: number): NameRef | undefined {
    const tree = this.#tree;
    const kind = tree.kind(node);
    if (WRAPPED.has(kind)) return this.of(tree.child(node, SLOT.expression));
    switch (kind) {
      case KIND.Identifier:
        return this.#named(node);
      case KIND.ThisKeyword:
      case KIND.SuperKeyword:
        return this.#own(node, kind === KIND.SuperKeyword);
      case KIND.PropertyAccessExpression:
      case KIND.ElementAccessExpression:
        return this.accessed(node);
      case KIND.AsExpression:
        return this.#cast(node, 1);
      case KIND.TypeAssertionExpression:
        return this.types.instanceOf(tree.child(node, 0));
      case KIND.NewExpression: {
        const of = this.of(tree.child(node, SLOT.expression));
        return of === undefined ? undefined : this.types.instance(of, MEANING.value);
      }
      case KIND.CallExpression:
        return this.#called(node);
      case KIND.AwaitExpression:
        return this.#imported(tree.child(node, SLOT.expression));
      default:
        return undefined;
    }
  }

  /** `a.b` and `a['b']`. */
  accessed(access: number): NameRef | undefined {
    const tree = this.#tree;
    const name = tree.child(access, SLOT.accessName);
    const receiver = tree.child(access, SLOT.expression);
    switch (tree.kind(name)) {
      case KIND.PrivateIdentifier:
        return this.privateMember(name);
      case KIND.Identifier:
        return tree.kind(access) === KIND.PropertyAccessExpression
          ? this.memberOf(receiver, tree.value(name))
          : undefined;
      case KIND.StringLiteral:
      case KIND.NoSubstitutionTemplateLiteral:
        return this.memberOf(receiver, tree.value(name));
      default:
        return undefined;
    }
  }

  #named(node: number): NameRef | undefined {
    const bindings = this.#scopes.find(this.#tree.value(node), node, MEANING.value);
    const [first] = bindings ?? [];
    if (bindings === undefined || first === undefined) return undefined;
    return this.types.bound(bindings) ?? this.ofLocal(first);
  }

  #own(node: number, isSuper: boolean): NameRef | undefined {
    const around = this.thisClass(node);
    if (around === undefined) return undefined;
    const own = this.types.declared(around.holder);
    if (own === undefined) return undefined;
    const side = isSuper ? this.types.base(own) : own;
    return around.isStatic || side === undefined ? side : this.types.instance(side, MEANING.value);
  }

  #cast(node: number, slot: number): NameRef | undefined {
    const tree = this.#tree;
    const type = tree.child(node, slot);
    const isConst = tree.kind(type) === KIND.TypeReference && tree.source(type) === 'const';
    return isConst ? this.of(tree.child(node, SLOT.expression)) : this.types.instanceOf(type);
  }

  #called(node: number): NameRef | undefined {
    const tree = this.#tree;
    if (tree.isScript && isRequire(tree, node)) {
      return this.types.link(tree.value(tree.first(tree.child(node, SLOT.callArguments))), '*');
    }
    const of = this.of(tree.child(node, SLOT.expression));
    return of === undefined ? undefined : this.types.result(of);
  }

  /** The module of `import('…')`. */
  #imported(call: number): NameRef | undefined {
    const tree = this.#tree;
    if (tree.kind(tree.child(call, SLOT.expression)) !== KIND.ImportKeyword) return undefined;
    const specifier = tree.first(tree.child(call, SLOT.callArguments));
    return tree.kind(specifier) === KIND.StringLiteral ? this.types.link(tree.value(specifier), '*') : undefined;
  }

  #lastNameOf(node: number): string {
    const tree = this.#tree;
    let current = node;
    while (WRAPPED.has(tree.kind(current))) current = tree.child(current, SLOT.expression);
    switch (tree.kind(current)) {
      case KIND.Identifier:
        return tree.value(current);
      case KIND.ThisKeyword:
        return 'this';
      case KIND.PropertyAccessExpression:
        return tree.value(tree.child(current, SLOT.accessName));
      default:
        return '';
    }
  }
}
