const SMALLEST = 1_000;
const LARGEST = 10_000;
/** Shorter ones pay more for their commit than for their rows. */
const SHORT_MS = 50;
/** Longer ones make a cancel wait, and more to do again after a crash. */
const LONG_MS = 250;

/** How many operations go into one transaction: adapts so that a batch takes 50 to 250 ms. */
export class BatchSize {
  #size = SMALLEST;

  current(): number {
    return this.#size;
  }

  /** Takes the time of a batch of the current size. */
  note(elapsedMs: number): void {
    if (elapsedMs < SHORT_MS) this.#size = Math.min(LARGEST, this.#size * 2);
    else if (elapsedMs > LONG_MS) this.#size = Math.max(SMALLEST, Math.floor(this.#size / 2));
  }
}
