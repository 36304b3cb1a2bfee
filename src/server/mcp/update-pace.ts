/** Four times a second is more than anybody reads; what changes faster is said once for several changes. */
export const UPDATE_INTERVAL_MS = 250;

/** Passes a first change on at once, and those that follow soon after it together, at the end of the interval. */
export class UpdatePace {
  readonly #emit: () => void;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #isEnded = false;

  constructor(emit: () => void, intervalMs = UPDATE_INTERVAL_MS) {
    this.#emit = emit;
    this.#intervalMs = intervalMs;
  }

  change(): void {
    if (this.#isEnded) return;
    if (this.#timer !== undefined) {
      this.#isDue = true;
      return;
    }
    this.#timer = setTimeout(() => this.#next(), this.#intervalMs);
    this.#emit();
  }

  /** What has not been passed on by then is not any more. */
  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  #next(): void {
    this.#timer = undefined;
    if (!this.#isDue) return;
    this.#isDue = false;
    this.change();
  }
}
