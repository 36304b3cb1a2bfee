import { Buffer } from 'node:buffer';

/** Of a path; no system has longer ones. */
const MOST_BYTES = 16_384;
const NUMBERS = 3;
const TURN = 0;
const LENGTH = 1;
const DONE = 2;

/**
 * The file that a thread is at, in memory that another thread sees: a message for each file would wake the other one
 * thousands of times, and come late when the thread dies. Written by one thread.
 */
export class FileMark {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #bytes: Buffer;

  constructor(memory = new SharedArrayBuffer(NUMBERS * Int32Array.BYTES_PER_ELEMENT + MOST_BYTES)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, NUMBERS);
    this.#bytes = Buffer.from(memory, this.#numbers.byteLength);
  }

  /** Another one with each file. */
  get turn(): number {
    return Atomics.load(this.#numbers, TURN);
  }

  /** Undefined for none. Meant for a thread that stands still. */
  get path(): string | undefined {
    const length = Atomics.load(this.#numbers, LENGTH);
    return length === 0 ? undefined : this.#bytes.toString('utf8', 0, length);
  }

  /** How many files came before it. */
  get done(): number {
    return Atomics.load(this.#numbers, DONE);
  }

  set(path: string | undefined, done: number): void {
    Atomics.store(this.#numbers, LENGTH, path === undefined ? 0 : this.#bytes.write(path, 'utf8'));
    Atomics.store(this.#numbers, DONE, done);
    Atomics.add(this.#numbers, TURN, 1);
  }
}
