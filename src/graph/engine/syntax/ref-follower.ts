import { NODE_FLAGS } from '../../graph-schema.ts';
import type { NodeKind } from '../../graph-schema.ts';
import type { ScannedNode } from '../../type-source.ts';
import type { KnownFile } from './known-files.ts';
import { MEANING } from './name-scopes.ts';
import { SELF } from './name-refs.ts';
import type { HeirBase, NameRef } from './name-refs.ts';

/** What a reference leads to: a node of a file, or a whole file for row -1. */
export interface Thing {
  readonly file: number;
  readonly row: number;
  /** A value of the class or type that the node is, in place of the node. */
  readonly isInstance: boolean;
}

/** The files of a workspace as far as they are scanned. */
export interface KnownFiles {
  at(file: number): KnownFile | undefined;
  /** The file that a specifier in a file leads to. */
  moduleOf(file: number, specifier: string): number | undefined;
  /** Whether a global name is that of this one file alone. */
  isOwnGlobal(name: string): boolean;
}

interface Member {
  readonly name: string;
  readonly isStatic: boolean;
}

const HOLDERS: ReadonlySet<NodeKind> = new Set(['variable', 'property', 'accessor']);
const CLASSES: ReadonlySet<NodeKind> = new Set(['class', 'component']);
const TYPES: ReadonlySet<NodeKind> = new Set(['interface', 'type']);
const MAX_DEPTH = 64;
const HELD_CLASS = /^(?:const|let|var) |^[^{]*[^=!<>]=[^=>]/;

/** Follows references through modules, classes and written types; each once. */
export class RefFollower {
  readonly #files: KnownFiles;
  readonly #followed = [new Map<NameRef, Thing | undefined>(), new Map<NameRef, Thing | undefined>()] as const;
  #depth = 0;

  constructor(files: KnownFiles) {
    this.#files = files;
  }

  /** Undefined where syntax does not lead to one thing. */
  follow(file: number, ref: NameRef, meaning: number): Thing | undefined {
    const followed = this.#followed[meaning === MEANING.type ? 1 : 0];
    if (followed.has(ref)) return followed.get(ref);
    if (this.#depth > MAX_DEPTH) return undefined;
    // What leads to itself leads nowhere.
    followed.set(ref, undefined);
    this.#depth += 1;
    const thing = this.#read(file, ref, meaning);
    this.#depth -= 1;
    followed.set(ref, thing);
    return thing;
  }

  /** A member of an instance or of what a class itself has. */
  inherited({ file, row }: Thing, member: Member): Thing | undefined {
    return this.#memberOfHeir({ file, row }, member, 0);
  }

  /** The constructor that a class has or inherits. */
  constructorOf(thing: Thing): Thing | undefined {
    let current: Thing | undefined = thing;
    for (let step = 0; step < MAX_DEPTH && current !== undefined && !current.isInstance; step += 1) {
      const { file, row }: Thing = current;
      const known = this.#files.at(file);
      const node = known?.nodes[row];
      if (known === undefined || node === undefined || !CLASSES.has(node.kind) || isHeld(node)) return undefined;
      const own = known.members(row, 'constructor').find((each) => known.nodes[each]?.kind === 'constructor');
      if (own !== undefined) return { file, row: own, isInstance: false };
      current = this.#baseOf(file, node.nameStart);
    }
    return undefined;
  }

  #read(file: number, ref: NameRef, meaning: number): Thing | undefined {
    switch (ref.form) {
      case 'own':
        return this.#own(file, ref, meaning);
      case 'link':
        return this.#linked(file, ref, meaning);
      case 'member': {
        const of = this.follow(file, ref.of, MEANING.value);
        return of === undefined ? undefined : this.#memberOf(of, ref.name, meaning);
      }
      case 'instance':
        return this.#instance(file, ref);
      case 'result':
        return this.#result(file, ref.of);
      case 'base':
        return this.#baseOf(file, ref.anchor);
    }
  }

  #own(file: number, ref: NameRef & { readonly form: 'own' }, meaning: number): Thing | undefined {
    if (ref.global !== undefined && !this.#files.isOwnGlobal(ref.global)) return undefined;
    const place = ref.places.find((each) => (each.meaning & meaning) !== 0) ?? ref.places[0];
    const row = place === undefined ? undefined : this.#files.at(file)?.rows.get(place.anchor);
    return row === undefined ? undefined : { file, row, isInstance: false };
  }

  #linked(file: number, { specifier, name }: NameRef & { readonly form: 'link' }, meaning: number): Thing | undefined {
    const target = this.#files.moduleOf(file, specifier);
    if (target === undefined) return undefined;
    return name === '*' ? this.#whole(target, meaning) : this.#exported(target, name, { meaning, seen: new Set() });
  }

  #whole(file: number, meaning: number): Thing | undefined {
    const whole = this.#files.at(file)?.names.exports.names.get('=');
    return whole === undefined ? { file, row: -1, isInstance: false } : this.follow(file, whole, meaning);
  }

  #exported(
    file: number,
    name: string,
    search: { readonly meaning: number; readonly seen: Set<number> },
  ): Thing | undefined {
    if (search.seen.has(file)) return undefined;
    search.seen.add(file);
    const known = this.#files.at(file);
    if (known === undefined) return undefined;
    const { names, stars } = known.names.exports;
    const own = names.get(name);
    if (own !== undefined) return this.follow(file, own, search.meaning);
    if (name === 'default') return undefined;
    let found: Thing | undefined;
    for (const star of stars) {
      const target = this.#files.moduleOf(file, star);
      const thing = target === undefined ? undefined : this.#exported(target, name, search);
      // Two that offer different things under one name offer none.
      if (thing !== undefined && found !== undefined && !isSame(thing, found)) return undefined;
      found ??= thing;
    }
    return found;
  }

  #instance(file: number, { of, meaning }: NameRef & { readonly form: 'instance' }): Thing | undefined {
    const thing = this.follow(file, of, meaning);
    if (thing === undefined || thing.row < 0) return undefined;
    const kind = this.#nodeOf(thing)?.kind ?? 'variable';
    if (thing.isInstance || (!CLASSES.has(kind) && (meaning === MEANING.value || !TYPES.has(kind)))) return undefined;
    return { ...thing, isInstance: true };
  }

  #result(file: number, of: NameRef): Thing | undefined {
    const callee = this.follow(file, of, MEANING.value);
    const known = callee === undefined ? undefined : this.#files.at(callee.file);
    const node = callee === undefined ? undefined : known?.nodes[callee.row];
    if (callee === undefined || node === undefined) return undefined;
    const result = known?.names.results.get(node.nameStart);
    if (result === undefined) return undefined;
    if (result !== SELF) return this.follow(callee.file, result, MEANING.value);
    const receiver = of.form === 'member' ? this.follow(file, of.of, MEANING.value) : undefined;
    return receiver === undefined ? undefined : this.#valueOf(receiver);
  }

  /** Of a variable or a field what it holds; anything else is what it is. */
  #valueOf(thing: Thing): Thing | undefined {
    const node = this.#nodeOf(thing);
    if (node === undefined) return thing;
    const isAlias = thing.isInstance && node.kind === 'type';
    if (!isAlias && (thing.isInstance || !HOLDERS.has(node.kind))) return thing;
    const { values, literals } = this.#files.at(thing.file)?.names ?? {};
    if (literals?.has(node.nameStart) === true) return thing;
    const value = values?.get(node.nameStart);
    const held = value === undefined ? undefined : this.follow(thing.file, value, MEANING.value);
    return held === undefined ? undefined : this.#valueOf(held);
  }

  #memberOf(of: Thing, name: string, meaning: number): Thing | undefined {
    const holder = this.#valueOf(of);
    if (holder === undefined) return undefined;
    const { file, row } = holder;
    if (row < 0) return this.#exported(file, name, { meaning, seen: new Set() });
    const node = this.#nodeOf(holder);
    if (node === undefined) return undefined;
    if (holder.isInstance) return this.#memberOfHeir(holder, { name, isStatic: false }, 0);
    if (HOLDERS.has(node.kind) || node.kind === 'enum') return this.#memberIn(holder, name, meaning);
    const merged = this.#mergedMember(holder, node, { name, meaning });
    if (merged !== undefined) return merged;
    return CLASSES.has(node.kind) ? this.#memberOfHeir(holder, { name, isStatic: true }, 0) : undefined;
  }

  /** What the namespaces of the same name export. */
  #mergedMember(
    { file }: Thing,
    { container, name: own }: ScannedNode,
    { name, meaning }: { readonly name: string; readonly meaning: number },
  ): Thing | undefined {
    const known = this.#files.at(file);
    for (const row of known?.members(container, own) ?? []) {
      const kind = known?.nodes[row]?.kind;
      if (kind !== 'namespace' && kind !== 'module' && kind !== 'enum') continue;
      const found = this.#memberIn({ file, row }, name, meaning);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #memberIn({ file, row }: Pick<Thing, 'file' | 'row'>, name: string, meaning: number): Thing | undefined {
    const known = this.#files.at(file);
    const rows = known?.members(row, name) ?? [];
    const fitting = rows.find((each) => {
      const kind = known?.nodes[each]?.kind ?? 'variable';
      return meaning === MEANING.type ? TYPES.has(kind) || CLASSES.has(kind) || kind === 'enum' : !TYPES.has(kind);
    });
    const found = fitting ?? rows[0];
    return found === undefined ? undefined : { file, row: found, isInstance: false };
  }

  #memberOfHeir({ file, row }: Pick<Thing, 'file' | 'row'>, member: Member, depth: number): Thing | undefined {
    const known = this.#files.at(file);
    const node = known?.nodes[row];
    if (known === undefined || node === undefined || depth > MAX_DEPTH) return undefined;
    const merged = known.members(node.container, node.name).filter((each) => each === row || isTyped(known, each));
    for (const each of merged) {
      const own = ownMember(known, each, member);
      if (own !== undefined) return { file, row: own, isInstance: false };
    }
    const bases = merged.flatMap((each) => known.heirs.get(known.nodes[each]?.nameStart ?? -1)?.bases ?? []);
    for (const base of bases) {
      if (base.kind === 'implements' || (member.isStatic && !base.isOfClass)) continue;
      const target = this.#baseThing(file, base);
      // Beyond a base that is not known anything may be declared.
      if (target === undefined) return undefined;
      const found = this.#memberOfHeir(target, member, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #baseThing(file: number, { ref, isOfClass }: HeirBase): Thing | undefined {
    const type = ref && this.follow(file, ref, isOfClass ? MEANING.value : MEANING.type);
    return type === undefined ? undefined : this.#valueOf({ ...type, isInstance: !isOfClass });
  }

  #baseOf(file: number, anchor: number): Thing | undefined {
    const heir = this.#files.at(file)?.heirs.get(anchor);
    const base = heir?.bases.find((each) => each.isOfClass);
    return base?.ref === undefined ? undefined : this.follow(file, base.ref, MEANING.value);
  }

  #nodeOf({ file, row }: Thing): ScannedNode | undefined {
    return this.#files.at(file)?.nodes[row];
  }
}

function ownMember(known: KnownFile, container: number, { name, isStatic }: Member): number | undefined {
  return known.members(container, name).find((row) => {
    const { kind = 'variable', flags = 0 } = known.nodes[row] ?? {};
    const isMember = kind === 'property' || kind === 'method' || kind === 'accessor';
    return isMember && ((flags & NODE_FLAGS.static) !== 0) === isStatic;
  });
}

function isTyped(known: KnownFile, row: number): boolean {
  const kind = known.nodes[row]?.kind ?? 'variable';
  return kind === 'interface' || CLASSES.has(kind);
}

/** Of `const x = class {}` the compiler sees no constructor behind the name. */
function isHeld({ signature }: ScannedNode): boolean {
  return HELD_CLASS.test(signature);
}

function isSame(one: Thing, two: Thing): boolean {
  return one.file === two.file && one.row === two.row;
}
