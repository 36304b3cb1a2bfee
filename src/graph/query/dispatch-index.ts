import { NODE_FLAGS, NODE_KINDS } from '../graph-schema.ts';
import type { GraphColumns, NodeKind } from '../graph-schema.ts';
import { degreeOf, kindMask, neighboursOf } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { ALIASES, INHERITANCE } from './edge-groups.ts';
import { eachEdge } from './edge-walk.ts';

/** A component may be a class. */
const CLASSES = kindsOf(['class', 'component']);
/** Their members are declared and run nowhere. */
const DECLARING = kindsOf(['interface', 'type']);
const CONSTRUCTOR = NODE_KINDS.indexOf('constructor');
const EXTENDS = kindMask(['extends']);
const WRITES = kindMask(['writes']);
const DECORATES = kindMask(['decorates']);
/** Makes an object of a class, or hands the class to what may. */
const MAKES = kindMask(['constructs', 'renders', 'passes', 'value-alias']);

/**
 * The weight of an implementation whose class nothing in the workspace makes an object of, beside 1 of others: a library
 * or another program may make one, but a call that has the choice seldom meets it.
 */
const UNMADE_WEIGHT = 0.1;

/** What a node is an end of, as bits. */
const END = { standIn: 1, base: 2, name: 4, value: 8 } as const;

const NONE: readonly number[] = [];

/** What of a graph is looked at. */
export interface DispatchedGraph {
  readonly columns: GraphColumns;
  readonly forward: Adjacency;
  readonly reverse: Adjacency;
  /** The enclosing node, or -1. */
  containerOf(row: number): number;
}

/**
 * Where calls of one generation may go that are decided at run time, and how likely: kept from one question to the next,
 * since most ask for the same few hierarchies. The set of classes that are made is that of Rapid Type Analysis (Bacon and
 * Sweeney, 1996), here as a weight and not as a filter, because a library may make what the workspace does not.
 */
export class DispatchIndex {
  readonly #view: DispatchedGraph;
  readonly #bases = new Map<number, readonly number[]>();
  readonly #standIns = new Map<number, readonly number[]>();
  readonly #names = new Map<number, readonly number[]>();
  readonly #values = new Map<number, readonly number[]>();
  readonly #totals = new Map<number, number>();
  #constructors: ReadonlyMap<number, readonly number[]> | undefined;
  #made: Uint8Array | undefined;
  #ends: Uint8Array | undefined;

  constructor(view: DispatchedGraph) {
    this.#view = view;
  }

  /** Whether a node has edges of some kinds at all: most have not, and this is looked up for every node on the way. */
  #has(row: number, end: number): boolean {
    this.#ends ??= endsOf(this.#view);
    return ((this.#ends[row] ?? 0) & end) !== 0;
  }

  constructorsOf(row: number): readonly number[] {
    this.#constructors ??= constructorsByClass(this.#view);
    return this.#constructors.get(row) ?? NONE;
  }

  /** Members in base types that this one stands for. */
  basesOf(member: number): readonly number[] {
    if (!this.#has(member, END.standIn)) return NONE;
    return closure(this.#view.forward, member, { mask: INHERITANCE, known: this.#bases });
  }

  /** Members that override or implement this one. */
  standInsOf(member: number): readonly number[] {
    if (!this.#has(member, END.base)) return NONE;
    return closure(this.#view.reverse, member, { mask: INHERITANCE, known: this.#standIns });
  }

  /** Names that a value is given whole, and names of these. */
  namesOf(row: number): readonly number[] {
    if (!this.#has(row, END.value)) return NONE;
    return closure(this.#view.reverse, row, { mask: ALIASES, known: this.#names });
  }

  /** What a name stands for. */
  valuesOf(row: number): readonly number[] {
    if (!this.#has(row, END.name)) return NONE;
    return closure(this.#view.forward, row, { mask: ALIASES, known: this.#values });
  }

  /**
   * How likely a call of `base` runs `member`, of 1: its weight among all implementations of `base` in the workspace, its
   * own included if it has one. What is only declared has the weight of what implements it.
   */
  shareOf(base: number, member: number): number {
    const total = this.#totalOf(base);
    if (total === 0) return 1 / Math.max(1, this.standInsOf(base).length);
    const own = this.#weightOf(member);
    return Math.min(1, (own > 0 ? own : this.#weightOfAll(this.standInsOf(member))) / total);
  }

  /** How likely a field or a variable holds the value that it was first given, of 1: one of those that are written to it. */
  shareOfName(name: number): number {
    return 1 / (1 + degreeOf(this.#view.reverse, name, WRITES));
  }

  #totalOf(base: number): number {
    const known = this.#totals.get(base);
    if (known !== undefined) return known;
    const total = this.#weightOf(base) + this.#weightOfAll(this.standInsOf(base));
    this.#totals.set(base, total);
    return total;
  }

  #weightOfAll(members: readonly number[]): number {
    return members.reduce((sum, member) => sum + this.#weightOf(member), 0);
  }

  #weightOf(member: number): number {
    const { kind, flags } = this.#view.columns.nodes;
    const container = this.#view.containerOf(member);
    if (DECLARING.has(kind[container] ?? 0) || ((flags[member] ?? 0) & NODE_FLAGS.abstract) !== 0) return 0;
    // An object that is written down exists.
    if (!CLASSES.has(kind[container] ?? 0)) return 1;
    this.#made ??= madeClasses(this.#view);
    return this.#made[container] === 1 ? 1 : UNMADE_WEIGHT;
  }
}

/** All that is reached over edges of some kinds. */
function closure(
  adjacency: Adjacency,
  row: number,
  { mask, known }: { readonly mask: number; readonly known: Map<number, readonly number[]> },
): readonly number[] {
  const cached = known.get(row);
  if (cached !== undefined) return cached;
  const found = new Set([row]);
  // The set grows while it is walked.
  for (const node of found) eachEdge({ adjacency, node, mask }, (other) => found.add(other));
  found.delete(row);
  const rows = [...found];
  known.set(row, rows);
  return rows;
}

function endsOf({ columns: { nodes, edges } }: DispatchedGraph): Uint8Array {
  const ends = new Uint8Array(nodes.count);
  const add = (row: number, end: number): void => {
    ends[row] = (ends[row] ?? 0) | end;
  };
  for (let edge = 0; edge < edges.count; edge += 1) {
    const bit = 1 << (edges.kind[edge] ?? 0);
    if (((INHERITANCE | ALIASES) & bit) === 0) continue;
    const isInheritance = (INHERITANCE & bit) !== 0;
    add(edges.source[edge] ?? 0, isInheritance ? END.standIn : END.name);
    add(edges.target[edge] ?? 0, isInheritance ? END.base : END.value);
  }
  return ends;
}

function constructorsByClass({ columns: { nodes } }: DispatchedGraph): Map<number, number[]> {
  const byClass = new Map<number, number[]>();
  for (let row = 0; row < nodes.count; row += 1) {
    if (nodes.kind[row] !== CONSTRUCTOR) continue;
    const container = nodes.container[row] ?? -1;
    const known = byClass.get(container);
    if (known === undefined) byClass.set(container, [row]);
    else known.push(row);
  }
  return byClass;
}

/** 1 for each class that an object is made of, by itself or as a base of another; a decorated one is its framework's to make. */
function madeClasses(view: DispatchedGraph): Uint8Array {
  const { nodes, edges } = view.columns;
  const made = new Uint8Array(nodes.count);
  const open: number[] = [];
  const mark = (row: number): void => {
    if (!CLASSES.has(nodes.kind[row] ?? 0) || made[row] === 1) return;
    made[row] = 1;
    open.push(row);
  };
  for (let edge = 0; edge < edges.count; edge += 1) {
    const bit = 1 << (edges.kind[edge] ?? 0);
    if ((MAKES & bit) !== 0) mark(edges.target[edge] ?? 0);
    else if ((DECORATES & bit) !== 0) mark(edges.source[edge] ?? 0);
  }
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    for (const base of neighboursOf(view.forward, row, EXTENDS)) mark(base);
  }
  return made;
}

function kindsOf(kinds: readonly NodeKind[]): ReadonlySet<number> {
  return new Set(kinds.map((kind) => NODE_KINDS.indexOf(kind)));
}
