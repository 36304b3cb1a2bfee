import { isJsxAttributes, isObjectLiteralExpression } from 'typescript/unstable/ast';
import type { Checker, Symbol as NativeSymbol, Type, UnionType } from 'typescript/unstable/sync';
import type { NativeNodes } from './native-nodes.ts';
import type { NativePlaces } from './native-places.ts';
import type { NativeProperties } from './native-properties.ts';
import type { Span } from './span.ts';
import type { Target } from './symbol-resolver.ts';

export interface LiteralSources {
  readonly places: NativePlaces;
  readonly nodes: NativeNodes;
  readonly properties: NativeProperties;
}

/** What the keys of object literals and of elements' attributes set, by the type that is wanted where they stand. */
export class NativeLiterals {
  readonly #checker: Checker;
  readonly #places: NativePlaces;
  readonly #nodes: NativeNodes;
  /** The constituents of the type that is wanted where a literal stands. */
  readonly #wanted = new Map<string, readonly Type[]>();
  /** The types of unions, by the union's number: a type with `undefined` is wanted in many places. */
  readonly #unions = new Map<number, readonly Type[]>();
  readonly #properties: NativeProperties;

  constructor(checker: Checker, about: LiteralSources) {
    this.#checker = checker;
    this.#places = about.places;
    this.#nodes = about.nodes;
    this.#properties = about.properties;
  }

  /** The declared places of a key; `declared` says them of a property. */
  targetsOf(
    place: { readonly path: string; readonly literal: Span },
    key: string,
    declared: (property: NativeSymbol) => readonly Target[],
  ): readonly Target[] {
    const set = this.#wantedTypes(place.path, place.literal).flatMap((type) => {
      const property = this.#properties.of(type, key);
      return property === undefined ? [] : declared(property);
    });
    return set.filter(({ file }, index) => file >= 0 && isFirst(set, index));
  }

  #wantedTypes(path: string, literal: Span): readonly Type[] {
    const place = this.#places.nodeOf(path, literal);
    if (place === undefined) return [];
    const known = this.#wanted.get(place.handle);
    if (known !== undefined) return known;
    const node = this.#nodes.of(place);
    const isLiteral = isObjectLiteralExpression(node) || isJsxAttributes(node);
    const type = isLiteral ? this.#checker.getContextualType(node) : undefined;
    const types = type === undefined ? [] : type.isUnionType() ? this.#typesOf(type) : [type];
    this.#wanted.set(place.handle, types);
    return types;
  }

  #typesOf(union: UnionType): readonly Type[] {
    const known = this.#unions.get(union.id);
    if (known !== undefined) return known;
    const types = union.getTypes();
    this.#unions.set(union.id, types);
    return types;
  }
}

function isFirst(targets: readonly Target[], index: number): boolean {
  const { file, position } = targets[index] ?? { file: -1, position: -1 };
  return targets.findIndex((other) => other.file === file && other.position === position) === index;
}
