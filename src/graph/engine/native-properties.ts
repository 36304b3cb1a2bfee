import { TypeFlags } from 'typescript/unstable/sync';
import type { Checker, Symbol as NativeSymbol, Type } from 'typescript/unstable/sync';

/** Properties by name, those that a type lacks included. */
type Known = Map<string, NativeSymbol | undefined>;

/** Properties of types, each asked for once. Of a type that a second one is asked of, all are had at once. */
export class NativeProperties {
  readonly #checker: Checker;
  /** By the type's number. */
  readonly #known = new Map<number, Known>();

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  /** Undefined for one that the type does not declare. */
  of(type: Type, name: string): NativeSymbol | undefined {
    // What may be anything declares nothing.
    if ((type.flags & TypeFlags.Any) !== 0) return undefined;
    const known = this.#knownOf(type);
    if (known.has(name)) return known.get(name);
    if (known.size === 1) this.#addAll(type, known);
    if (!known.has(name)) known.set(name, this.#checker.getPropertyOfType(type, name));
    return known.get(name);
  }

  #knownOf({ id }: Type): Known {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const none: Known = new Map();
    this.#known.set(id, none);
    return none;
  }

  /** Some, such as those of every object, are not among them. */
  #addAll(type: Type, known: Known): void {
    for (const property of this.#checker.getPropertiesOfType(type)) {
      if (!known.has(property.name)) known.set(property.name, property);
    }
  }
}
