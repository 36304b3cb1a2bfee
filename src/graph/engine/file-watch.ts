import { AppError } from '../../core/errors.ts';

const LOOKS_IN_A_TIMEOUT = 20;

/** Notices when the thread stays with one file for too long: the checker can't be interrupted, only its thread ended. */
export class FileWatch {
  readonly #stalled = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #file: string | undefined;
  readonly #timeoutMs: number;
  #sinceMs = performance.now();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#timer = setInterval(() => this.#look(), Math.ceil(timeoutMs / LOOKS_IN_A_TIMEOUT));
    this.#timer.unref();
  }

  /** Aborted, with the reason as an AppError, when a file takes too long. */
  get signal(): AbortSignal {
    return this.#stalled.signal;
  }

  /** The file that is being resolved. */
  get file(): string | undefined {
    return this.#file;
  }

  note(file: string | undefined): void {
    this.#file = file;
    this.#sinceMs = performance.now();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#file === undefined || performance.now() - this.#sinceMs < this.#timeoutMs) return;
    const text = `the type checker did not get through it in ${this.#timeoutMs / 1000} s`;
    this.#stalled.abort(new AppError('timed_out', text));
  }
}
