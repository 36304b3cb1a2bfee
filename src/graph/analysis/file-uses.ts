import type { GraphView } from '../query/graph-view.ts';

/** Which symbols each file mentions by edges of some kinds, whoever in it does. */
export class FileUses {
  readonly #nodeCount: number;
  readonly #pairs = new Set<number>();

  constructor(view: GraphView, mask: number) {
    this.#nodeCount = view.nodeCount;
    const { count, file, kind, target } = view.columns.edges;
    for (let edge = 0; edge < count; edge += 1) {
      if (((mask >> (kind[edge] ?? 0)) & 1) === 1) this.#pairs.add(this.#pairOf(file[edge] ?? 0, target[edge] ?? 0));
    }
  }

  /** `file` is the index of a file, not the row of its node. */
  has(file: number, symbol: number): boolean {
    return this.#pairs.has(this.#pairOf(file, symbol));
  }

  #pairOf(file: number, symbol: number): number {
    return file * this.#nodeCount + symbol;
  }
}
