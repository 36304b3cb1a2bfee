import type { Node } from 'typescript/unstable/ast';
import { NodeHandle, SymbolFlags } from 'typescript/unstable/sync';
import type { Checker, Project, Symbol as NativeSymbol } from 'typescript/unstable/sync';
import { TARGET } from '../type-source.ts';
import type { FileFacts, OtherName } from './fact-forms.ts';
import { FORM } from './fact-forms.ts';
import { canonicalTarget, nearestConstructor } from './native-declarations.ts';
import { plainImports } from './native-imports.ts';
import type { PlainImports } from './native-imports.ts';
import { isAlias, linksAmong } from './native-links.ts';
import { NativeLiterals } from './native-literals.ts';
import { NativeNodes } from './native-nodes.ts';
import type { NativePipeline } from './native-pipeline.ts';
import { NO_TARGETS } from './native-places.ts';
import type { AskedFile, NativePlaces } from './native-places.ts';
import { NativeProperties } from './native-properties.ts';
import { basesOf, NativeTypes } from './native-types.ts';
import type { Span } from './span.ts';
import type { Target } from './symbol-resolver.ts';

const UNRESOLVED: readonly Target[] = [{ file: TARGET.unresolved, position: 0 }];
/** No sane name has more aliases; a circular one does. */
const MAX_STEPS = 64;
/** Of a property that several types of a union or an intersection have: the compiler's CheckFlags.Synthetic. */
const SYNTHETIC = 2 | 4;

/**
 * Asks the native checker of one project what names mean. A question is a message to another process, so the names of a
 * file are asked for at once, and what has been answered is kept. The rules are those of `symbol-resolver.ts`.
 */
export class NativeResolver {
  readonly #project: Project;
  readonly #checker: Checker;
  readonly #places: NativePlaces;
  readonly #nodes: NativeNodes;
  readonly #literals: NativeLiterals;
  /** Also for what asks of base types. */
  readonly properties: NativeProperties;
  /** Of object patterns and base types. */
  readonly types: NativeTypes;
  readonly #values = new Map<number, readonly Target[]>();
  readonly #types = new Map<number, readonly Target[]>();
  readonly #origins = new Map<number, NativeSymbol>();
  /** What a module exports under a name: each file that imports it has an alias of its own for it. */
  readonly #exports = new Map<string, NativeSymbol>();
  readonly #constructors = new Map<number, readonly Target[]>();

  constructor(project: Project, places: NativePlaces, pipeline: NativePipeline) {
    this.#project = project;
    this.#checker = project.checker;
    this.#places = places;
    this.#nodes = new NativeNodes(project);
    this.types = new NativeTypes(this.#checker, places, this.#nodes);
    this.properties = new NativeProperties(this.#checker, pipeline, (name) => places.isBorn(name));
    this.#literals = new NativeLiterals(this.#checker, {
      places,
      pipeline,
      nodes: this.#nodes,
      properties: this.properties,
    });
  }

  /** Targets of each position. */
  targetsOf(asked: AskedFile): (readonly Target[])[] {
    const { facts, positions } = asked;
    const uses = this.#places.usesOf(asked.path);
    const plain = plainImports(this.#places, asked, uses);
    const symbols = new Map<number, NativeSymbol | undefined>();
    const rows: number[] = [];
    const nodes: Node[] = [];
    for (const row of positions.keys()) {
      const isKnown = plain.targets.has(row) || !this.#mayPointInside(facts, row);
      const use = isKnown ? undefined : uses.nodeOf(row);
      if (use === undefined) continue;
      rows.push(row);
      nodes.push(this.#nodes.of(use));
    }
    const found = this.#checker.getSymbolAtLocation(nodes);
    for (const [index, row] of rows.entries()) symbols.set(row, found[index]);
    this.#followLinks(asked, symbols, plain);
    for (const row of positions.keys()) {
      const first = uses.sharedOf(row);
      if (first !== undefined && symbols.has(first)) symbols.set(row, symbols.get(first));
    }
    const bases = basesOf(facts);
    this.types.ask(asked.path, [...bases, ...patternsOf(facts, symbols)]);
    this.properties.ask([...this.#literals.ask(asked), ...this.types.allAt(asked.path, bases)]);
    const targets: (readonly Target[])[] = Array.from(positions, () => NO_TARGETS);
    for (const [row, symbol] of symbols) targets[row] = this.#targetsAt(asked, row, symbol);
    for (const [row, known] of plain.targets) targets[row] = known;
    this.#addPropertiesSet(asked, targets);
    return targets;
  }

  /** A name that nothing in the workspace bears can't point into it. */
  #mayPointInside({ forms, texts }: FileFacts, row: number): boolean {
    const form = forms[row] ?? 0;
    if ((form & FORM.key) !== 0) return false;
    const text = texts[row] ?? '';
    return (form & FORM.module) !== 0 || text === '' || this.#places.isBorn(text);
  }

  /** A node to ask about, without its children. */
  nodeAt(path: string, span: Span): Node | undefined {
    const node = this.#places.nodeOf(path, span);
    return node === undefined ? undefined : this.#nodes.of(node);
  }

  /** A node with its children: the tree of its file is sent for it. */
  treeNodeAt(path: string, span: Span): Node | undefined {
    const node = this.#places.nodeOf(path, span);
    return node === undefined ? undefined : new NodeHandle(node.handle, this.#project).resolve();
  }

  #targetsAt({ path, facts }: AskedFile, row: number, found: NativeSymbol | undefined): readonly Target[] {
    const form = facts.forms[row] ?? 0;
    const around = facts.around.get(row);
    let symbol = found;
    if (
      (form & FORM.shorthand) !== 0 &&
      around !== undefined &&
      this.#places.usesOf(path).sharedOf(row) === undefined
    ) {
      symbol = this.#shorthandValue(path, around);
    }
    if (isBound(facts, row, symbol) && around !== undefined) {
      symbol = this.#boundProperty(path, around, facts.texts[row] ?? '');
    }
    if ((form & FORM.super) !== 0) return symbol === undefined ? [] : this.#constructorsOf(symbol);
    if (symbol === undefined || this.#checker.isUnknownSymbol(symbol)) return UNRESOLVED;
    const targets = this.#declared(symbol, (form & FORM.type) !== 0);
    return (form & FORM.constructs) === 0 ? targets : [...targets, ...this.#constructorsOf(symbol)];
  }

  /** The declared properties that keys of literals set, by the types that are wanted where the literals stand. */
  #addPropertiesSet({ path, facts }: AskedFile, targets: (readonly Target[])[]): void {
    for (const [row, literal] of facts.literals) {
      const key = facts.texts[row] ?? '';
      if (!this.#places.isBorn(key)) continue;
      const found = this.#literals.targetsOf({ path, literal }, key, (property) => this.#declared(property, false));
      const isKeyAlone = ((facts.forms[row] ?? 0) & FORM.key) !== 0;
      targets[row] = isKeyAlone ? (found.length === 0 ? NO_TARGETS : found) : [...(targets[row] ?? []), ...found];
    }
  }

  #declared(symbol: NativeSymbol, isType: boolean): readonly Target[] {
    const known = isType ? this.#types : this.#values;
    const cached = known.get(symbol.id);
    if (cached !== undefined) return cached;
    const targets = this.#rootsOf(this.#originOf(symbol), isType);
    known.set(symbol.id, targets);
    return targets;
  }

  #rootsOf(origin: NativeSymbol, isType: boolean): readonly Target[] {
    if (this.#checker.isUnknownSymbol(origin)) return UNRESOLVED;
    if (!isOfSeveral(origin)) {
      const target = canonicalTarget(this.#places, origin, isType);
      return target === undefined ? NO_TARGETS : [target];
    }
    const targets = new Map<string, Target>();
    for (const declaration of origin.declarations) {
      const target = this.#places.targetOf(declaration);
      if (target !== undefined) targets.set(`${target.file} ${target.position}`, target);
    }
    return targets.size === 0 ? NO_TARGETS : [...targets.values()];
  }

  /** Through all that only gives another name to something. */
  #originOf(symbol: NativeSymbol): NativeSymbol {
    const known = this.#origins.get(symbol.id);
    if (known !== undefined) return known;
    let origin = symbol;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const next = isAlias(origin) ? this.#checker.getAliasedSymbol(origin) : this.#otherName(origin);
      if (next === undefined || next.id === origin.id) break;
      origin = next;
    }
    this.#origins.set(symbol.id, origin);
    return origin;
  }

  /** Imports of one name from one module, in whatever file, are followed once, and where the text says it not at all. */
  #followLinks(asked: AskedFile, symbols: ReadonlyMap<number, NativeSymbol | undefined>, plain: PlainImports): void {
    for (const { symbol, module, name } of linksAmong(this.#places, asked, { symbols, plain })) {
      if (this.#origins.has(symbol.id) || this.#values.has(symbol.id)) continue;
      const target = this.#places.exportOf(module?.file, name);
      if (module === undefined || target !== undefined) {
        const targets = target === undefined ? UNRESOLVED : [target];
        this.#values.set(symbol.id, targets);
        this.#types.set(symbol.id, targets);
        continue;
      }
      const key = `${module.key} ${name}`;
      const origin = this.#exports.get(key) ?? this.#originOf(symbol);
      this.#exports.set(key, origin);
      this.#origins.set(symbol.id, origin);
    }
  }

  #otherName({ valueDeclaration }: NativeSymbol): NativeSymbol | undefined {
    if (valueDeclaration === undefined) return undefined;
    const { path, index } = valueDeclaration;
    const other = this.#places.tableOf(path)?.otherNames.get(index);
    return other === undefined ? undefined : this.#named(path, other, valueDeclaration);
  }

  #named(path: string, other: OtherName, declaration: NodeHandle): NativeSymbol | undefined {
    switch (other.as) {
      case 'value':
        return this.#checker.getSymbolAtPosition(path, other.position);
      case 'shorthand':
        return this.#shorthandValue(path, other.node);
      case 'bound': {
        if (this.#places.targetOf(declaration) !== undefined) return undefined;
        const type = this.types.at(path, other.pattern);
        const isModule = ((type?.getSymbol()?.flags ?? 0) & SymbolFlags.ValueModule) !== 0;
        return isModule ? this.#boundProperty(path, other.pattern, other.key) : undefined;
      }
    }
  }

  #shorthandValue(path: string, assignment: Span): NativeSymbol | undefined {
    const node = this.nodeAt(path, assignment);
    return node === undefined ? undefined : this.#checker.getShorthandAssignmentValueSymbol(node);
  }

  /** The property that a name of an object pattern takes out. */
  #boundProperty(path: string, pattern: Span, key: string): NativeSymbol | undefined {
    const type = this.types.at(path, pattern);
    return type === undefined ? undefined : this.properties.of(type, key);
  }

  /** The constructor that `new` or `super()` runs: the class's own, else the nearest one it inherits. */
  #constructorsOf(symbol: NativeSymbol): readonly Target[] {
    const [link] = isAlias(symbol) ? (this.#types.get(symbol.id) ?? []) : [];
    if (link?.file === TARGET.unresolved) return [];
    const own = link === undefined ? undefined : this.#places.constructorAt(link);
    if (own !== undefined) return [own];
    const origin = this.#originOf(symbol);
    const known = this.#constructors.get(origin.id);
    if (known !== undefined) return known;
    const found = nearestConstructor(this.#checker, this.#places, origin);
    this.#constructors.set(origin.id, found);
    return found;
  }
}

/** Of `{ x }` as a pattern: `x` is the property, unless it stands for an import. */
function isBound({ forms }: FileFacts, row: number, symbol: NativeSymbol | undefined): symbol is NativeSymbol {
  return ((forms[row] ?? 0) & FORM.bound) !== 0 && symbol !== undefined && !isAlias(symbol);
}

/** The object patterns that properties are taken out of. */
function patternsOf(facts: FileFacts, symbols: ReadonlyMap<number, NativeSymbol | undefined>): Span[] {
  const bound = [...symbols].filter(([row, symbol]) => isBound(facts, row, symbol));
  return bound.flatMap(([row]) => facts.around.get(row) ?? []);
}

/** A property of several types at once: of a union, of an intersection, or of spread objects. */
function isOfSeveral({ flags, checkFlags }: NativeSymbol): boolean {
  if ((checkFlags & SYNTHETIC) !== 0) return true;
  return (flags & SymbolFlags.Transient) !== 0 && (flags & SymbolFlags.Property) !== 0 && checkFlags === 0;
}
