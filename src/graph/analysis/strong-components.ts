/** Targets by node; nodes are 0 … length - 1. */
export type Successors = readonly (readonly number[])[];

interface Frame {
  readonly node: number;
  next: number;
}

/**
 * Strongly connected components of two nodes or more, each in ascending order (Tarjan, "Depth-first search and linear
 * graph algorithms", SIAM Journal on Computing 1(2), 1972). Iterative: chains of imports are longer than the machine's
 * stack bears.
 */
export function strongComponents(successors: Successors): number[][] {
  const walk = new TarjanWalk(successors);
  for (let node = 0; node < successors.length; node += 1) walk.from(node);
  return walk.found.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

class TarjanWalk {
  readonly found: number[][] = [];
  readonly #successors: Successors;
  /** When a node was met, from 1; 0 before. */
  readonly #met: Int32Array;
  /** The earliest node on the stack that it leads back to. */
  readonly #low: Int32Array;
  readonly #isOpen: Uint8Array;
  readonly #open: number[] = [];
  readonly #frames: Frame[] = [];
  #clock = 0;

  constructor(successors: Successors) {
    this.#successors = successors;
    this.#met = new Int32Array(successors.length);
    this.#low = new Int32Array(successors.length);
    this.#isOpen = new Uint8Array(successors.length);
  }

  from(root: number): void {
    if (this.#met[root] !== 0) return;
    this.#enter(root);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const target = this.#successors[frame.node]?.[frame.next];
      frame.next += 1;
      if (target === undefined) this.#leave(frame.node);
      else if (this.#met[target] === 0) this.#enter(target);
      else if (this.#isOpen[target] === 1) this.#lower(frame.node, this.#met[target] ?? 0);
    }
  }

  #enter(node: number): void {
    this.#clock += 1;
    this.#met[node] = this.#clock;
    this.#low[node] = this.#clock;
    this.#isOpen[node] = 1;
    this.#open.push(node);
    this.#frames.push({ node, next: 0 });
  }

  #leave(node: number): void {
    this.#frames.pop();
    const above = this.#frames.at(-1);
    if (above !== undefined) this.#lower(above.node, this.#low[node] ?? 0);
    if (this.#low[node] !== this.#met[node]) return;
    const members = this.#open.splice(this.#open.lastIndexOf(node));
    for (const member of members) this.#isOpen[member] = 0;
    if (members.length > 1) this.found.push(members.toSorted((a, b) => a - b));
  }

  #lower(node: number, to: number): void {
    if (to < (this.#low[node] ?? 0)) this.#low[node] = to;
  }
}
