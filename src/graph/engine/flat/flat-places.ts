import type { Link, OtherName } from '../fact-forms.ts';
import { spanKey } from '../span.ts';
import { KINDS } from './flat-rows.ts';
import type { FlatTree } from './flat-tree.ts';

/** What the nodes of one file are, by their number in the compiler's own table. */
export interface FileTable {
  /** The file, as the compiler names it. */
  readonly path: string;
  /** Anchors of declarations. */
  readonly anchors: ReadonlyMap<number, number>;
  /** Anchors of what holds class and function expressions. */
  readonly held: ReadonlyMap<number, number>;
  readonly links: ReadonlyMap<number, Link>;
  readonly otherNames: ReadonlyMap<number, OtherName>;
  /** Anchors of what the file exports, by name: declarations at its top that are the only ones with their name there. */
  readonly exports: ReadonlyMap<string, number>;
  /** Number and kind of each use in one, in the order of the candidates, or another use; see {@link useIn} and {@link sharedIn}. */
  readonly uses: Float64Array;
  /** The same of each other node that may be asked about, by {@link spanKey}; see {@link nodeIn}. */
  readonly asked: ReadonlyMap<number, number>;
  /** By rows of uses, the row of another that means the same member of `this` unless a predicate of the workspace says more. */
  readonly members: ReadonlyMap<number, number>;
  readonly hasThisPredicate: boolean;
  /** By rows of uses, what names stand for that an import binds, and nothing else in the file. */
  readonly imported: ReadonlyMap<number, Link>;
  /** Modules that the file adds declarations to, as it names them. */
  readonly augments: readonly string[];
}

/** What the text of a file says without the compiler. */
type TextKnowledge = 'exports' | 'members' | 'hasThisPredicate' | 'imported' | 'augments';

const NOT_ASKED = 0;

/** What spares questions. */
export interface PlainKnowledge extends Pick<FileTable, TextKnowledge> {
  /** Rows of uses that lead to no node. */
  readonly locals: readonly number[];
  /** By rows of uses, the row of another that means the same. */
  readonly shared: ReadonlyMap<number, number>;
}

/** A node, as the compiler is asked about it. */
export interface TableNode {
  readonly handle: string;
  readonly kind: number;
}

/** The node of a use; undefined for one that need not be asked about. */
export function useIn({ path, uses }: FileTable, row: number): TableNode | undefined {
  return unpacked(path, uses[row]);
}

/** The row of the use that a use has its meaning from; undefined for one that has its own. */
export function sharedIn({ uses }: FileTable, row: number): number | undefined {
  const packed = uses[row] ?? NOT_ASKED;
  return packed < 0 ? -packed - 1 : undefined;
}

/** Another node that may be asked about. */
export function nodeIn({ path, asked }: FileTable, key: number): TableNode | undefined {
  return unpacked(path, asked.get(key));
}

function unpacked(path: string, packed: number | undefined): TableNode | undefined {
  if (packed === undefined || packed <= NOT_ASKED) return undefined;
  const kind = packed % KINDS;
  return { handle: `${(packed - kind) / KINDS}.${kind}.${path}`, kind };
}

/** A {@link FileTable} under construction. */
export class FlatPlaces {
  readonly anchors = new Map<number, number>();
  readonly held = new Map<number, number>();
  readonly links = new Map<number, Link>();
  readonly otherNames = new Map<number, OtherName>();
  readonly #uses: number[] = [];
  readonly #asked = new Map<number, number>();
  readonly #tree: FlatTree;

  constructor(tree: FlatTree) {
    this.#tree = tree;
  }

  addUse(node: number): void {
    this.#uses.push(this.#packed(node));
  }

  mayBeAsked(node: number): void {
    const tree = this.#tree;
    this.#asked.set(spanKey({ pos: tree.pos(node), end: tree.end(node) }), this.#packed(node));
  }

  build({ locals, shared, ...known }: PlainKnowledge): FileTable {
    const { anchors, held, links, otherNames } = this;
    const uses = Float64Array.from(this.#uses);
    for (const [row, first] of shared) uses[row] = -first - 1;
    for (const row of locals) uses[row] = NOT_ASKED;
    return { ...known, path: this.#tree.path(), anchors, held, links, otherNames, uses, asked: this.#asked };
  }

  #packed(node: number): number {
    return node * KINDS + this.#tree.kind(node);
  }
}
