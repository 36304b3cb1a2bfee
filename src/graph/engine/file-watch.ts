import { AppError } from '../../core/errors.ts';
import { FileMark } from './file-mark.ts';

/** A file that takes longer is told of. */
const LOOK_MS = 100;

/**
 * Looks now and then which file a thread is at, and notices when it stays with one for too long: the checker can't be
 * interrupted, only its thread ended.
 */
export class FileWatch {
  /** Written by the thread. */
  readonly mark = new FileMark();
  readonly #stalled = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;
  readonly #onSlow: (file: string, done: number) => void;
  #turn = 0;
  #sinceMs = performance.now();
  #isTold = false;

  /** `onSlow` hears, once, of each file that takes some time, and how many came before it. */
  constructor(timeoutMs: number, onSlow: (file: string, done: number) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onSlow = onSlow;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Aborted, with the reason as an AppError, when a file takes too long. */
  get signal(): AbortSignal {
    return this.#stalled.signal;
  }

  /** The file that is being resolved. */
  get file(): string | undefined {
    return this.mark.path;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { turn, path, done } = this.mark;
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#sinceMs = performance.now();
      this.#isTold = false;
      return;
    }
    if (path === undefined) return;
    if (!this.#isTold) this.#onSlow(path, done);
    this.#isTold = true;
    if (performance.now() - this.#sinceMs < this.#timeoutMs) return;
    const text = `the type checker did not get through it in ${this.#timeoutMs / 1000} s`;
    this.#stalled.abort(new AppError('timed_out', text));
  }
}
