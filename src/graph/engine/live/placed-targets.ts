import { EDGE_KINDS } from '../../graph-schema.ts';
import type { GraphEdges } from '../../graph-schema.ts';

const CONTAINS = EDGE_KINDS.indexOf('contains');

export interface PlacedTarget {
  /** Node that a name leads to. */
  readonly row: number;
  /** Where the name stands. */
  readonly offset: number;
}

/** Where the names of one file lead, in the order of their places. */
export class PlacedTargets {
  readonly #targets: readonly PlacedTarget[];

  /** `edges` are those that are written in the file; `lineStarts` the offsets at which its lines begin. */
  constructor(edges: GraphEdges, lineStarts: readonly number[]) {
    const targets: PlacedTarget[] = [];
    for (let at = 0; at < edges.count; at += 1) {
      if (edges.kind[at] === CONTAINS) continue;
      const offset = (lineStarts[(edges.line[at] ?? 1) - 1] ?? 0) + (edges.column[at] ?? 1) - 1;
      targets.push({ row: edges.target[at] ?? -1, offset });
    }
    this.#targets = targets.toSorted((one, two) => one.offset - two.offset || one.row - two.row);
  }

  within({ start, end }: { readonly start: number; readonly end: number }): readonly PlacedTarget[] {
    return this.#targets.slice(this.#firstFrom(start), this.#firstFrom(end));
  }

  #firstFrom(offset: number): number {
    let low = 0;
    let high = this.#targets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#targets[middle]?.offset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
