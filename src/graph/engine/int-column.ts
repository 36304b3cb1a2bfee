/** A column of 32-bit integers that grows by doubling. */
export class IntColumn {
  #values: Int32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#values = new Int32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Writes to one of the places there are, or to the next. */
  set(index: number, value: number): void {
    if (index === this.length) this.push(value);
    else this.#values[index] = value;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** A copy of exactly the values pushed, on a buffer of its own that can be handed to another thread. */
  toInts(): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#values.subarray(0, this.#length));
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#values.subarray(0, this.#length));
  }
}
