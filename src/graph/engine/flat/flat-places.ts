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
  /** Number and kind of each node that may be asked about, by {@link spanKey}; see {@link handleIn}. */
  readonly asked: ReadonlyMap<number, number>;
}

/** Handle of a node that may be asked about. */
export function handleIn({ path, asked }: FileTable, key: number): string | undefined {
  const packed = asked.get(key);
  return packed === undefined ? undefined : `${Math.floor(packed / KINDS)}.${packed % KINDS}.${path}`;
}

/** A {@link FileTable} under construction. */
export class FlatPlaces {
  readonly anchors = new Map<number, number>();
  readonly held = new Map<number, number>();
  readonly links = new Map<number, Link>();
  readonly otherNames = new Map<number, OtherName>();
  readonly #asked = new Map<number, number>();
  readonly #tree: FlatTree;

  constructor(tree: FlatTree) {
    this.#tree = tree;
  }

  mayBeAsked(node: number): void {
    const tree = this.#tree;
    const key = spanKey({ pos: tree.pos(node), end: tree.end(node) });
    this.#asked.set(key, node * KINDS + tree.kind(node));
  }

  build(): FileTable {
    const { anchors, held, links, otherNames } = this;
    return { path: this.#tree.path(), anchors, held, links, otherNames, asked: this.#asked };
  }
}
