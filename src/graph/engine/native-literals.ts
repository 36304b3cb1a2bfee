import { isJsxAttributes, isObjectLiteralExpression } from 'typescript/unstable/ast';
import type { JsxAttributes, Node, ObjectLiteralExpression } from 'typescript/unstable/ast';
import type { Checker, Symbol as NativeSymbol, Type, UnionType } from 'typescript/unstable/sync';
import type { NativeNodes } from './native-nodes.ts';
import type { NativePipeline } from './native-pipeline.ts';
import type { AskedFile, NativePlaces } from './native-places.ts';
import type { NativeProperties } from './native-properties.ts';
import type { Span } from './span.ts';
import type { Target } from './symbol-resolver.ts';

export interface LiteralSources {
  readonly places: NativePlaces;
  readonly pipeline: NativePipeline;
  readonly nodes: NativeNodes;
  readonly properties: NativeProperties;
}

/** What the keys of object literals and of elements' attributes set, by the type that is wanted where they stand. */
export class NativeLiterals {
  readonly #checker: Checker;
  readonly #places: NativePlaces;
  readonly #pipeline: NativePipeline;
  readonly #nodes: NativeNodes;
  /** The constituents of the type that is wanted where a literal stands. */
  readonly #wanted = new Map<string, readonly Type[]>();
  /** The types of unions, by the union's number: a type with `undefined` is wanted in many places. */
  readonly #unions = new Map<number, readonly Type[]>();
  readonly #properties: NativeProperties;

  constructor(checker: Checker, about: LiteralSources) {
    this.#checker = checker;
    this.#places = about.places;
    this.#pipeline = about.pipeline;
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

  /** Asks for the types that are wanted where literals stand whose keys may mean something, and returns them. */
  ask({ path, facts }: AskedFile): readonly Type[] {
    const nodes = new Map<string, ObjectLiteralExpression | JsxAttributes>();
    for (const [row, literal] of facts.literals) {
      if (!this.#places.isBorn(facts.texts[row] ?? '')) continue;
      const place = this.#places.nodeOf(path, literal);
      if (place === undefined || this.#wanted.has(place.handle)) continue;
      const node = this.#nodes.of(place);
      if (isLiteral(node)) nodes.set(place.handle, node);
    }
    const found = this.#pipeline.all([...nodes.values()].map((node) => () => this.#checker.getContextualType(node)));
    for (const [index, handle] of [...nodes.keys()].entries()) {
      const type = found[index];
      this.#wanted.set(handle, type === undefined ? [] : type.isUnionType() ? this.#typesOf(type) : [type]);
    }
    return [...nodes.keys()].flatMap((handle) => this.#wanted.get(handle) ?? []);
  }

  /** Of a literal that was asked about. */
  #wantedTypes(path: string, literal: Span): readonly Type[] {
    const place = this.#places.nodeOf(path, literal);
    return (place === undefined ? undefined : this.#wanted.get(place.handle)) ?? [];
  }

  #typesOf(union: UnionType): readonly Type[] {
    const known = this.#unions.get(union.id);
    if (known !== undefined) return known;
    const types = union.getTypes();
    this.#unions.set(union.id, types);
    return types;
  }
}

function isLiteral(node: Node): node is ObjectLiteralExpression | JsxAttributes {
  return isObjectLiteralExpression(node) || isJsxAttributes(node);
}

function isFirst(targets: readonly Target[], index: number): boolean {
  const { file, position } = targets[index] ?? { file: -1, position: -1 };
  return targets.findIndex((other) => other.file === file && other.position === position) === index;
}
