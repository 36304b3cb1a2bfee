/**
 * The suffixes of a text of numbers from 0 to `upper` in their order, in linear time: induced sorting after G. Nong,
 * S. Zhang, W. H. Chan, "Two Efficient Algorithms for Linear Time Suffix Array Construction" (2011).
 */
export function suffixArrayOf(text: Int32Array, upper: number): Int32Array {
  if (text.length < 2) return new Int32Array(text.length);
  return new InducedSorting(text, upper).run();
}

class InducedSorting {
  readonly #text: Int32Array;
  readonly #upper: number;
  readonly #sorted: Int32Array;
  /** 1 where the suffix is smaller than the next one. */
  readonly #isSmaller: Uint8Array;
  /** Where the larger and the smaller suffixes of each first number begin. */
  readonly #larger: Int32Array;
  readonly #smaller: Int32Array;

  constructor(text: Int32Array, upper: number) {
    const { length } = text;
    this.#text = text;
    this.#upper = upper;
    this.#sorted = new Int32Array(length);
    this.#isSmaller = new Uint8Array(length);
    this.#larger = new Int32Array(upper + 2);
    this.#smaller = new Int32Array(upper + 2);
    for (let at = length - 2; at >= 0; at -= 1) {
      const own = valueAt(text, at);
      const next = valueAt(text, at + 1);
      this.#isSmaller[at] = own === next ? valueAt(this.#isSmaller, at + 1) : Number(own < next);
    }
    this.#count();
  }

  run(): Int32Array {
    const marks = this.#leftmostSmaller();
    this.#induce(marks);
    if (marks.length > 0) this.#induce(this.#sortMarks(marks));
    return this.#sorted;
  }

  #count(): void {
    for (let at = 0; at < this.#text.length; at += 1) {
      const own = valueAt(this.#text, at);
      if (valueAt(this.#isSmaller, at) === 1) this.#larger[own + 1] = valueAt(this.#larger, own + 1) + 1;
      else this.#smaller[own] = valueAt(this.#smaller, own) + 1;
    }
    for (let value = 0; value <= this.#upper; value += 1) {
      this.#smaller[value] = valueAt(this.#smaller, value) + valueAt(this.#larger, value);
      this.#larger[value + 1] = valueAt(this.#larger, value + 1) + valueAt(this.#smaller, value);
    }
  }

  /** Smaller suffixes behind larger ones: the order of all others follows from theirs. */
  #leftmostSmaller(): Int32Array {
    const marks: number[] = [];
    for (let at = 1; at < this.#text.length; at += 1) if (this.#isMark(at)) marks.push(at);
    return Int32Array.from(marks);
  }

  #isMark(at: number): boolean {
    return at > 0 && valueAt(this.#isSmaller, at - 1) === 0 && valueAt(this.#isSmaller, at) === 1;
  }

  #induce(marks: Int32Array): void {
    const text = this.#text;
    const sorted = this.#sorted.fill(-1);
    const { length } = text;
    let next = this.#smaller.slice();
    const put = (at: number): void => {
      const value = valueAt(text, at);
      const place = valueAt(next, value);
      next[value] = place + 1;
      sorted[place] = at;
    };
    for (const mark of marks) put(mark);
    next = this.#larger.slice();
    put(length - 1);
    for (let place = 0; place < length; place += 1) {
      const before = valueAt(sorted, place) - 1;
      if (before >= 0 && valueAt(this.#isSmaller, before) === 0) put(before);
    }
    next = this.#larger.slice();
    for (let place = length - 1; place >= 0; place -= 1) {
      const before = valueAt(sorted, place) - 1;
      if (before < 0 || valueAt(this.#isSmaller, before) === 0) continue;
      const value = valueAt(text, before) + 1;
      next[value] = valueAt(next, value) - 1;
      sorted[valueAt(next, value)] = before;
    }
  }

  /** The marks in their order: by the order of what lies between them, each piece named by a number. */
  #sortMarks(marks: Int32Array): Int32Array {
    const indexes = new Map<number, number>();
    for (const [index, mark] of marks.entries()) indexes.set(mark, index);
    const ordered = this.#sorted.filter((at) => this.#isMark(at));
    const names = new Int32Array(marks.length);
    let name = 0;
    for (let place = 1; place < ordered.length; place += 1) {
      const own = indexes.get(valueAt(ordered, place)) ?? 0;
      if (!this.#isSamePiece(marks, indexes.get(valueAt(ordered, place - 1)) ?? 0, own)) name += 1;
      names[own] = name;
    }
    return suffixArrayOf(names, name).map((index) => valueAt(marks, index));
  }

  #isSamePiece(marks: Int32Array, one: number, two: number): boolean {
    const { length } = this.#text;
    const [from, to] = [valueAt(marks, one), one + 1 < marks.length ? valueAt(marks, one + 1) : length];
    const [other, otherTo] = [valueAt(marks, two), two + 1 < marks.length ? valueAt(marks, two + 1) : length];
    if (to - from !== otherTo - other || to === length || otherTo === length) return false;
    for (let step = 0; step <= to - from; step += 1) {
      if (valueAt(this.#text, from + step) !== valueAt(this.#text, other + step)) return false;
    }
    return true;
  }
}

/** How many numbers each suffix shares with the one before it: T. Kasai and others (2001). */
export function sharedPrefixesOf(text: Int32Array, sorted: Int32Array): Int32Array {
  const { length } = text;
  const rank = new Int32Array(length);
  for (let place = 0; place < length; place += 1) rank[valueAt(sorted, place)] = place;
  const shared = new Int32Array(length);
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    const place = valueAt(rank, at);
    if (place === 0) {
      count = 0;
      continue;
    }
    const other = valueAt(sorted, place - 1);
    while (at + count < length && other + count < length && text[at + count] === text[other + count]) count += 1;
    shared[place] = count;
    count = Math.max(0, count - 1);
  }
  return shared;
}

function valueAt(numbers: Int32Array | Uint8Array, index: number): number {
  return numbers[index] ?? 0;
}
