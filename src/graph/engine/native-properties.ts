import { TypeFlags } from 'typescript/unstable/sync';
import type { Checker, Symbol as NativeSymbol, Type } from 'typescript/unstable/sync';
import type { NativePipeline } from './native-pipeline.ts';

/** Interfaces of which every object, or every function, has the members. */
const EVERYWHERE = ['Object', 'Function', 'CallableFunction', 'NewableFunction'];

/** Properties of types: those of one are asked for together, and once. */
export class NativeProperties {
  readonly #checker: Checker;
  readonly #pipeline: NativePipeline;
  readonly #isBorn: (name: string) => boolean;
  /** By the type's number. */
  readonly #all = new Map<number, ReadonlyMap<string, NativeSymbol>>();
  /** By the type's number and the name: of types with which that is not all. */
  readonly #single = new Map<string, NativeSymbol | undefined>();

  /** `isBorn` says whether something in the workspace bears a name. */
  constructor(checker: Checker, pipeline: NativePipeline, isBorn: (name: string) => boolean) {
    this.#checker = checker;
    this.#pipeline = pipeline;
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
    return this.#all.get(type.id) ?? this.#keep(type, this.#checker.getPropertiesOfType(type));
  }

  /** Asks for all properties of types at once, those of which {@link of} is going to need them. */
  ask(types: readonly Type[]): void {
    const isNeeded = (type: Type): boolean =>
      (type.flags & TypeFlags.Any) === 0 && !type.isUnionType() && !this.#all.has(type.id);
    const needed = [...new Map(types.filter(isNeeded).map((type) => [type.id, type])).values()];
    const found = this.#pipeline.all(needed.map((type) => () => this.#checker.getPropertiesOfType(type)));
    for (const [index, type] of needed.entries()) this.#keep(type, found[index] ?? []);
  }

  #keep(type: Type, properties: readonly NativeSymbol[]): ReadonlyMap<string, NativeSymbol> {
    const all = new Map(properties.map((property) => [property.name, property]));
    this.#all.set(type.id, all);
    return all;
  }

  #singleOf(type: Type, name: string): NativeSymbol | undefined {
    const key = `${type.id} ${name}`;
    if (!this.#single.has(key)) this.#single.set(key, this.#checker.getPropertyOfType(type, name));
    return this.#single.get(key);
  }
}
