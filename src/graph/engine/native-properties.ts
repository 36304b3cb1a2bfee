import { TypeFlags } from 'typescript/unstable/sync';
import type { Checker, Symbol as NativeSymbol, Type } from 'typescript/unstable/sync';

/** Interfaces of which every object, or every function, has the members. */
const EVERYWHERE = ['Object', 'Function', 'CallableFunction', 'NewableFunction'];

/** Properties of types: those of one are asked for together, and once. */
export class NativeProperties {
  readonly #checker: Checker;
  readonly #isBorn: (name: string) => boolean;
  /** By the type's number. */
  readonly #all = new Map<number, ReadonlyMap<string, NativeSymbol>>();
  /** By the type's number and the name: of types with which that is not all. */
  readonly #single = new Map<string, NativeSymbol | undefined>();

  /** `isBorn` says whether something in the workspace bears a name. */
  constructor(checker: Checker, isBorn: (name: string) => boolean) {
    this.#checker = checker;
    this.#isBorn = isBorn;
  }

  /** The property of a type, as far as it can be one of the workspace's. */
  of(type: Type, name: string): NativeSymbol | undefined {
    // What may be anything declares nothing.
    if ((type.flags & TypeFlags.Any) !== 0) return undefined;
    // Of a union, to find all takes a search in each of its types for each of them.
    if (type.isUnionType()) return this.#singleOf(type, name);
    const found = this.allOf(type).get(name);
    // Libraries declare what is had by all, unless the workspace adds to that.
    return found === undefined && EVERYWHERE.some(this.#isBorn) ? this.#singleOf(type, name) : found;
  }

  /** By name, without what every object has. */
  allOf(type: Type): ReadonlyMap<string, NativeSymbol> {
    const known = this.#all.get(type.id);
    if (known !== undefined) return known;
    const all = new Map(this.#checker.getPropertiesOfType(type).map((property) => [property.name, property]));
    this.#all.set(type.id, all);
    return all;
  }

  #singleOf(type: Type, name: string): NativeSymbol | undefined {
    const key = `${type.id} ${name}`;
    if (!this.#single.has(key)) this.#single.set(key, this.#checker.getPropertyOfType(type, name));
    return this.#single.get(key);
  }
}
